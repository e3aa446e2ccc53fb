// SPDX-License-Identifier: MIT
// Names and widths of expressions.
#include "isa-analyzer/language/check.h"

#include <string.h>

const char *const op_texts[OPS] = {
    "+",  "-", "*",  "/", "%",  "/_s", "%_s",  "&",   "|",    "^",   "<<", ">>", ">>_s", "++",  "=",
    "!=", "<", "<=", ">", ">=", "<_s", "<=_s", ">_s", ">=_s", "and", "or", "~",  "-",    "not",
};

static void error_width(struct checker *c, const struct expr *e, unsigned expected)
{
    const char *mend =
        e->width < expected
            ? arena_format(c->arena, "zext(e, %u) or sext(e, %u) extends it", expected, expected)
            : arena_format(c->arena, "e[%u:0] cuts it", expected - 1);
    report_error(c->diagnostics, e->where, "this has %u bit%s; expected %u (%s)", e->width,
                 e->width == 1 ? "" : "s", expected, mend);
}

// Has no width of its own: takes that of its surroundings.
static bool is_flexible(const struct expr *e)
{
    switch (e->kind) {
    case EXPR_NUMBER: return true;
    case EXPR_UNARY: return e->op != OP_BOOL_NOT && is_flexible(e->a);
    case EXPR_BINARY: return e->op < OP_SHL && is_flexible(e->a) && is_flexible(e->b);
    case EXPR_IF: return is_flexible(e->b) && is_flexible(e->c);
    default: return false;
    }
}

bool check_constant(struct checker *c, struct expr *e, const char *what, bits *value)
{
    *value = 0;
    if (e->kind == EXPR_NAME) {
        struct selector_value *v = find_selector_value(c->m, e->name, NULL);
        if (v) {
            *value = v->value;
            return true;
        }
    }
    if (e->kind != EXPR_NUMBER) {
        report_error(c->diagnostics, e->where, "expected %s", what);
        return false;
    }
    *value = e->number;
    return true;
}

static void check_number(struct checker *c, struct expr *e, unsigned expected)
{
    e->width = expected ? expected : e->digits_width;
    if (e->width == 0) {
        report_error(c->diagnostics, e->where,
                     "the width of this number is open here; write it in hexadecimal or binary "
                     "digits, or zext(0b1, 32)");
        e->width = bits_width(e->number);
    } else if (bits_width(e->number) > e->width) {
        report_error(c->diagnostics, e->where, "this number does not fit in %u bit%s", e->width,
                     e->width == 1 ? "" : "s");
    }
}

// ---------------------------------------------------------------- names

static struct local *find_local(const struct checker *c, const char *name)
{
    struct local *l;
    LIST_EACH(l, c->scope) if (strcmp(l->name, name) == 0) return l;
    return NULL;
}

static struct config *find_config(const struct description *m, const char *name)
{
    struct config *x;
    LIST_EACH(x, m->configs) if (strcmp(x->name, name) == 0) return x;
    return NULL;
}

static struct translation *find_translation(const struct checker *c, const char *name)
{
    struct translation *t;
    LIST_EACH(t, c->m->translations)
    {
        if (t_i >= c->translations) return NULL;
        if (strcmp(t->name, name) == 0) return t;
    }
    return NULL;
}

static void use_component(struct checker *c, const struct component *x)
{
    if (x->kind != COMPONENT_GENERAL && x->kind != COMPONENT_COUNTER && x->kind != COMPONENT_MEMORY)
        c->effects |= EFFECT_RESOURCE;
}

static void unknown_name(struct checker *c, const struct expr *e)
{
    struct component *x = find_component(c->m, e->name);
    if (c->fields_only && (x || find_local(c, e->name))) {
        report_error(c->diagnostics, e->where,
                     "only fields, numbers and parameters of configuration can stand here");
        return;
    }
    report_error(c->diagnostics, e->where,
                 "there is no '%s' here; expected a component, %sa "
                 "parameter or a let",
                 e->name, c->format ? "a field or operand, " : "");
}

// Fields and operands of the instruction at hand.
static bool resolve_operand(struct checker *c, struct expr *e)
{
    if (!c->format) return false;
    struct field *f = find_field(c->format, e->name);
    struct operand *o = find_operand(c->format, e->name);
    if (f) {
        e->kind = EXPR_FIELD;
        e->field = f;
        e->width = f->width;
        if (c->used_fields) list_add(c->arena, c->used_fields, f);
        return true;
    }
    if (o && o->value->width) {
        e->kind = EXPR_OPERAND;
        e->operand = o;
        e->width = o->value->width;
        if (c->used_fields) list_add(c->arena, c->used_fields, o);
        return true;
    }
    return false;
}

static bool resolve_special(struct checker *c, struct expr *e)
{
    bool const supervisor = strcmp(e->name, "supervisor") == 0;
    if ((supervisor || strcmp(e->name, "user") == 0) && c->m->mode && !c->fields_only) {
        e->kind = EXPR_CLASS;
        e->number = supervisor;
        e->width = 1;
        c->effects |= EFFECT_RESOURCE;
        return true;
    }
    if (strcmp(e->name, "word") == 0 && c->word_width) {
        e->kind = EXPR_WORD;
        e->width = c->word_width;
        return true;
    }
    if (strcmp(e->name, "next") == 0) {
        if (!c->instruction)
            report_error(c->diagnostics, e->where, "'next' has a meaning in instructions only");
        e->kind = EXPR_NEXT;
        e->width = c->m->counter ? c->m->counter->width : 1;
        return true;
    }
    return false;
}

static void check_name(struct checker *c, struct expr *e)
{
    e->width = 1;
    struct local *l = find_local(c, e->name);
    if (l && !c->fields_only) {
        e->kind = EXPR_LOCAL;
        e->slot = l->slot;
        e->width = l->width;
        return;
    }
    if (resolve_operand(c, e) || resolve_special(c, e)) return;
    struct config *config = find_config(c->m, e->name);
    if (config) {
        e->kind = EXPR_CONFIG;
        e->config = config;
        e->width = config->width;
        return;
    }
    struct component *x = find_component(c->m, e->name);
    if (x && !c->fields_only) {
        e->width = x->width;
        if (x->array) {
            report_error(c->diagnostics, e->where, "'%s' has many elements; expected %s[...]",
                         x->name, x->name);
            e->kind = EXPR_NUMBER;
            return;
        }
        e->kind = EXPR_COMPONENT;
        e->component = x;
        use_component(c, x);
        return;
    }
    struct selector_value *v = find_selector_value(c->m, e->name, NULL);
    if (v) {
        struct selector *s;
        LIST_EACH(s, c->m->selectors)
        if (find_selector_value(c->m, e->name, s)) e->width = s->width;
        e->kind = EXPR_NUMBER;
        e->number = v->value;
        return;
    }
    unknown_name(c, e);
    e->kind = EXPR_NUMBER;
}

static void check_member(struct checker *c, struct expr *e)
{
    struct component *x = e->a->kind == EXPR_NAME ? find_component(c->m, e->a->name) : NULL;
    e->kind = EXPR_NUMBER;
    e->width = x ? x->width : 1;
    if (!x || x->kind != COMPONENT_MODE) {
        report_error(c->diagnostics, e->where, "'.%s' can only stand behind the mode", e->name);
        return;
    }
    struct mode_value *v;
    LIST_EACH(v, x->modes) if (strcmp(v->name, e->name) == 0)
    {
        e->number = v->value;
        return;
    }
    report_error(c->diagnostics, e->where, "there is no mode '%s'", e->name);
    report_note(c->diagnostics, x->where, "the modes are declared here");
}

// ---------------------------------------------------------------- selections

static void check_cells(struct checker *c, struct expr *e, struct translation *t,
                        struct component *x)
{
    bits n = 1;
    if (e->kind == EXPR_SPAN && check_constant(c, e->c, "a number of cells", &n)) {
        if (n == 0 || n * x->width > WIDTH_MAX) {
            report_error(c->diagnostics, e->c->where, "expected 1 to %u cells of %u bits",
                         WIDTH_MAX / x->width, x->width);
            n = 1;
        }
    }
    unsigned address_width = 0;
    if (t && t->routine.parameters.n > 0)
        address_width = ((struct parameter *)t->routine.parameters.items[0])->width;
    e->kind = EXPR_CELLS;
    e->a = e->b;
    e->b = e->c = NULL;
    e->cells = (unsigned)n;
    e->component = x;
    e->translation = t;
    e->width = (unsigned)n * x->width;
    check_expr(c, e->a, address_width ? address_width : is_flexible(e->a) ? 64 : 0);
    if (e->a->width > 64)
        report_error(c->diagnostics, e->a->where, "an address of %u bits; at most 64", e->a->width);
    c->effects |= EFFECT_LOAD | (t ? EFFECT_TRAP : 0);
    if (t && c->no_trap)
        report_error(c->diagnostics, e->where,
                     "'%s' can trap, and nothing may trap here; expected %s", t->name, x->name);
}

static void check_element(struct checker *c, struct expr *e, struct component *x)
{
    e->kind = EXPR_COMPONENT;
    e->a = e->b;
    e->b = NULL;
    e->component = x;
    e->width = x->width;
    use_component(c, x);
    check_expr(c, e->a, is_flexible(e->a) ? 64 : 0);
    bool const inside = e->a->kind == EXPR_NUMBER
                            ? e->a->number < x->count
                            : e->a->width < 64 && bits_ones(e->a->width) < x->count;
    if (!inside)
        report_error(c->diagnostics, e->a->where,
                     "'%s' has the elements 0 to %llu; this can be more", x->name,
                     (unsigned long long)x->count - 1);
}

static void check_bits(struct checker *c, struct expr *e)
{
    bits high = 0, low = 0;
    check_expr(c, e->a, 0);
    if (!check_constant(c, e->b, "the number of a bit", e->kind == EXPR_SPAN ? &low : &high)) {
        e->kind = EXPR_BITS;
        e->width = 1;
        return;
    }
    if (e->kind == EXPR_RANGE) check_constant(c, e->c, "the number of the lowest bit", &low);
    if (e->kind == EXPR_SELECT) low = high;
    if (e->kind == EXPR_SPAN) {
        bits n;
        check_constant(c, e->c, "a number of bits", &n);
        high = low + n - 1;
    }
    e->kind = EXPR_BITS;
    e->width = 1;
    if (high >= e->a->width || low > high) {
        report_error(c->diagnostics, e->where, "expected bits from %u to 0, the higher one first",
                     e->a->width - 1);
        return;
    }
    e->low = (unsigned)low;
    e->width = (unsigned)(high - low + 1);
}

static void check_select(struct checker *c, struct expr *e)
{
    if (e->a->kind == EXPR_NAME && !find_local(c, e->a->name) && !c->fields_only) {
        struct translation *t = find_translation(c, e->a->name);
        struct component *x = t ? t->memory : find_component(c->m, e->a->name);
        if (t && !x) { // its memory was not found: said where it is declared
            e->kind = EXPR_NUMBER;
            e->width = 1;
            return;
        }
        if (x && x->kind == COMPONENT_MEMORY) {
            if (e->kind == EXPR_RANGE)
                report_error(c->diagnostics, e->where, "expected %s[address +: number of cells]",
                             e->a->name);
            check_cells(c, e, t, x);
            return;
        }
        if (x && x->array) {
            if (e->kind != EXPR_SELECT)
                report_error(c->diagnostics, e->where, "expected one element of '%s'", x->name);
            check_element(c, e, x);
            return;
        }
    }
    check_bits(c, e);
}

// ---------------------------------------------------------------- calls

static void expect_arguments(struct checker *c, struct expr *e, unsigned n)
{
    struct expr *filler = ARENA_NEW(c->arena, struct expr);
    filler->kind = EXPR_NUMBER;
    filler->where = e->where;
    filler->width = 1;
    if (e->args.n != n)
        report_error(c->diagnostics, e->where, "'%s' takes %u argument%s; found %u", e->name, n,
                     n == 1 ? "" : "s", e->args.n);
    while (e->args.n < n) list_add(c->arena, &e->args, filler);
}

static void check_extension(struct checker *c, struct expr *e, bool sign)
{
    expect_arguments(c, e, 2);
    bits width;
    check_constant(c, e->args.items[1], "a width in bits", &width);
    e->kind = sign ? EXPR_SEXT : EXPR_ZEXT;
    e->a = e->args.items[0];
    check_expr(c, e->a, 0);
    e->width = width >= 1 && width <= WIDTH_MAX ? (unsigned)width : 1;
    if (width < e->a->width || width > WIDTH_MAX)
        report_error(c->diagnostics, e->where,
                     "%s to %u bits, of %u bits: expected a width from %u to %u", e->name, e->width,
                     e->a->width, e->a->width, WIDTH_MAX);
}

static void new_choice(struct checker *c, unsigned *number)
{
    c->effects |= EFFECT_CHOICE;
    *number = c->routine ? c->routine->choices++ : 0;
}

static void check_choose(struct checker *c, struct expr *e, unsigned expected)
{
    struct expr *x;
    e->kind = EXPR_CHOOSE;
    e->width = expected;
    if (e->args.n < 2)
        report_error(c->diagnostics, e->where, "choose(...) needs two values or more");
    LIST_EACH(x, e->args)
    {
        check_expr(c, x, e->width);
        e->width = x->width;
    }
    if (e->width == 0) e->width = 1;
    new_choice(c, &e->choice);
}

static void check_call(struct checker *c, struct expr *e, unsigned expected)
{
    e->width = expected ? expected : 1;
    if (c->fields_only && strcmp(e->name, "zext") && strcmp(e->name, "sext") &&
        strcmp(e->name, "wide")) {
        report_error(c->diagnostics, e->where, "no call can stand here but zext, sext and wide");
        e->kind = EXPR_NUMBER;
        return;
    }
    if (strcmp(e->name, "zext") == 0) return check_extension(c, e, false);
    if (strcmp(e->name, "sext") == 0) return check_extension(c, e, true);
    if (strcmp(e->name, "choose") == 0) return check_choose(c, e, expected);
    if (strcmp(e->name, "wide") == 0) {
        expect_arguments(c, e, 1);
        e->kind = EXPR_ZEXT;
        e->a = e->args.items[0];
        check_expr(c, e->a, 0);
        e->width = 64;
        if (e->a->width > 64)
            report_error(c->diagnostics, e->where, "wide(e) has 64 bits, and e has %u",
                         e->a->width);
        return;
    }
    if (strcmp(e->name, "arbitrary") == 0) {
        bits width = 1;
        expect_arguments(c, e, 1);
        check_constant(c, e->args.items[0], "a width in bits", &width);
        e->kind = EXPR_ARBITRARY;
        e->width = width >= 1 && width <= WIDTH_MAX ? (unsigned)width : 1;
        if (width < 1 || width > WIDTH_MAX)
            report_error(c->diagnostics, e->where, "expected a width from 1 to %u", WIDTH_MAX);
        new_choice(c, &e->choice);
        return;
    }
    struct function *f;
    LIST_EACH(f, c->m->functions)
    {
        if (f_i >= c->functions || strcmp(f->name, e->name) != 0) continue;
        expect_arguments(c, e, f->routine.parameters.n);
        struct expr *x;
        LIST_EACH(x, e->args)
        {
            if (x_i >= f->routine.parameters.n) break;
            check_expr(c, x, ((struct parameter *)f->routine.parameters.items[x_i])->width);
        }
        e->function = f;
        e->width = f->routine.result_width;
        c->effects |= f->routine.effects;
        if (c->no_trap && (f->routine.effects & EFFECT_TRAP))
            report_error(c->diagnostics, e->where, "'%s' can trap, and nothing may trap here",
                         e->name);
        return;
    }
    report_error(
        c->diagnostics, e->where,
        "there is no function '%s' before this; expected one of the description's, or zext, "
        "sext, wide, choose, arbitrary",
        e->name);
    e->kind = EXPR_NUMBER;
}

// ---------------------------------------------------------------- operators

static void check_pair(struct checker *c, struct expr *e, unsigned expected)
{
    if (is_flexible(e->a) && !is_flexible(e->b)) {
        check_expr(c, e->b, expected);
        check_expr(c, e->a, e->b->width);
    } else {
        check_expr(c, e->a, expected);
        check_expr(c, e->b, e->a->width);
    }
}

static void check_binary(struct checker *c, struct expr *e, unsigned expected)
{
    if (e->op == OP_BOOL_AND || e->op == OP_BOOL_OR) {
        check_condition(c, e->a);
        check_condition(c, e->b);
        e->width = 1;
    } else if (e->op >= OP_EQ && e->op <= OP_SGE) {
        check_pair(c, e, 0);
        e->width = 1;
    } else if (e->op == OP_CONCAT) {
        check_expr(c, e->a, 0);
        check_expr(c, e->b, 0);
        e->width = e->a->width + e->b->width;
        if (e->width > WIDTH_MAX) {
            report_error(c->diagnostics, e->where, "%u bits; at most %u", e->width, WIDTH_MAX);
            e->width = WIDTH_MAX;
        }
    } else if (e->op == OP_SHL || e->op == OP_SHR || e->op == OP_SAR) {
        check_expr(c, e->a, expected);
        check_expr(c, e->b, is_flexible(e->b) ? 8 : 0);
        e->width = e->a->width;
    } else {
        check_pair(c, e, expected);
        e->width = e->a->width;
        if (c->fields_only && e->op >= OP_UDIV && e->op <= OP_SREM)
            report_error(c->diagnostics, e->where, "no division can stand here");
    }
}

static void check_device_index(struct checker *c, struct expr *e)
{
    report_error(c->diagnostics, e->where,
                 "reading a device has effects: it can only be all of the right side, as in "
                 "x[rd] := %s[...]",
                 e->component->name);
}

static void check_any(struct checker *c, struct expr *e, unsigned expected)
{
    switch (e->kind) {
    case EXPR_NUMBER: check_number(c, e, expected); break;
    case EXPR_NAME: check_name(c, e); break;
    case EXPR_MEMBER: check_member(c, e); break;
    case EXPR_SELECT:
    case EXPR_RANGE:
    case EXPR_SPAN: check_select(c, e); break;
    case EXPR_CALL: check_call(c, e, expected); break;
    case EXPR_BINARY: check_binary(c, e, expected); break;
    case EXPR_UNARY:
        if (e->op == OP_BOOL_NOT)
            check_condition(c, e->a);
        else
            check_expr(c, e->a, expected);
        e->width = e->a->width;
        break;
    case EXPR_IF:
        check_condition(c, e->a);
        if (is_flexible(e->b) && !is_flexible(e->c)) {
            check_expr(c, e->c, expected);
            check_expr(c, e->b, e->c->width);
        } else {
            check_expr(c, e->b, expected);
            check_expr(c, e->c, e->b->width);
        }
        e->width = e->b->width;
        break;
    default: break; // checked before
    }
}

void check_device_read(struct checker *c, struct expr *e, unsigned expected)
{
    check_any(c, e, expected);
    if (expected && e->width != expected) error_width(c, e, expected);
}

void check_expr(struct checker *c, struct expr *e, unsigned expected)
{
    check_any(c, e, expected);
    if (e->kind == EXPR_COMPONENT && e->component->kind == COMPONENT_DEVICE)
        check_device_index(c, e);
    if (expected && e->width != expected) {
        error_width(c, e, expected);
        e->width = expected;
    }
}

void check_condition(struct checker *c, struct expr *e)
{
    check_any(c, e, 1);
    if (e->kind == EXPR_COMPONENT && e->component->kind == COMPONENT_DEVICE)
        check_device_index(c, e);
    if (e->width != 1)
        report_error(c->diagnostics, e->where,
                     "this has %u bits; expected a condition, of 1 bit (a comparison, say)",
                     e->width);
    e->width = 1;
}
