// SPDX-License-Identifier: MIT
// `emit c`: the decoder, a tree of switches over the bits that tell instructions apart, and the
// disassembler.
#include "isa-analyzer/emit/c.h"
#include "isa-analyzer/language/check.h"

#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------- what an instruction mentions

// Counts mentions of x in e: as an index of what is assigned, and otherwise.
struct mentions {
    const void *x;
    unsigned as_target, otherwise;
    const struct component *registers;
};

static void in_expression(struct mentions *u, const struct expr *e)
{
    if (!e) return;
    if ((e->kind == EXPR_FIELD && e->field == u->x) ||
        (e->kind == EXPR_OPERAND && e->operand == u->x))
        u->otherwise++;
    in_expression(u, e->a);
    in_expression(u, e->b);
    in_expression(u, e->c);
    for (unsigned i = 0; i < e->args.n; i++) in_expression(u, e->args.items[i]);
}

static void in_statements(struct mentions *u, const struct list *body)
{
    struct statement *s;
    struct case_arm *arm;
    struct expr *x;
    LIST_EACH(s, *body)
    {
        const struct expr *t = s->target;
        if (t && t->kind == EXPR_COMPONENT && t->a && t->a->kind == EXPR_FIELD &&
            t->a->field == u->x) {
            if (u->as_target++ && u->registers != t->component) u->otherwise++;
            u->registers = t->component;
        } else {
            in_expression(u, t);
        }
        in_expression(u, s->value);
        in_statements(u, &s->body);
        in_statements(u, &s->other);
        LIST_EACH(x, s->args) in_expression(u, x);
        LIST_EACH(arm, s->arms) in_statements(u, &arm->body);
    }
}

bool c_mentions(const struct instruction *i, const void *field_or_operand)
{
    struct mentions u = {.x = field_or_operand};
    in_statements(&u, &i->routine.body);
    return u.as_target + u.otherwise > 0;
}

bool c_is_sink(const struct instruction *i, const struct field *f)
{
    struct mentions u = {.x = f};
    if (!i) return false;
    in_statements(&u, &i->routine.body);
    return u.as_target && !u.otherwise && u.registers->fixed.n == 1;
}

// ---------------------------------------------------------------- the decoder

struct decoder {
    const struct description *m;
    struct arena *arena;
    const char *prefix;
    FILE *out;
    const char *word_type;
};

static const char *field_text(struct decoder *d, const struct field *f)
{
    return arena_format(d->arena, "(word >> %u & 0x%llxu)", f->low,
                        (unsigned long long)bits_ones(f->width));
}

// The C text of an expression of fields of `word`. It needs no statements of its own, since the
// language allows neither traps nor divisions there.
static const char *value_of_word(struct decoder *d, const struct expr *e)
{
    struct c_body b = {.m = d->m, .arena = d->arena, .prefix = d->prefix, .fields_of_word = true};
    return c_expression(&b, e);
}

static void write_members(struct decoder *d, const struct instruction *i, const char *indent)
{
    struct field *f;
    struct operand *o;
    fprintf(d->out, "%si->op = %s_%s;\n", indent, c_upper(d->arena, d->prefix), i->name);
    LIST_EACH(f, i->format->fields)
    {
        if (!c_mentions(i, f)) continue;
        const char *value = field_text(d, f);
        const char *type = c_member_type(f->width);
        if (c_is_sink(i, f)) {
            struct mentions u = {.x = f};
            in_statements(&u, &i->routine.body);
            struct fixed_element *fixed = u.registers->fixed.items[0];
            fprintf(d->out, "%si->%s = (%s)(%s == %llu ? %llu : %s);\n", indent, f->name, type,
                    value, (unsigned long long)fixed->index, (unsigned long long)u.registers->count,
                    value);
        } else {
            fprintf(d->out, "%si->%s = (%s)%s;\n", indent, f->name, type, value);
        }
    }
    LIST_EACH(o, i->format->operands)
    {
        if (c_mentions(i, o))
            fprintf(d->out, "%si->%s = (%s)%s;\n", indent, o->name, c_type(o->value->width),
                    value_of_word(d, o->value));
    }
}

static void write_leaf(struct decoder *d, const struct instruction *i, uint64_t tested, int depth)
{
    char indent[64];
    snprintf(indent, sizeof indent, "%*s", 4 * (depth < 12 ? depth : 12), "");
    struct constraint *x;
    const char *test = NULL;
    uint64_t const rest = i->mask & ~tested;
    if (rest)
        test = arena_format(d->arena, "(word & 0x%llxu) == 0x%llxu", (unsigned long long)rest,
                            (unsigned long long)(i->match & rest));
    LIST_EACH(x, i->constraints)
    {
        if (x->kind != CONSTRAINT_DIFFER) continue;
        test = arena_format(d->arena, "%s%s%s != %s", test ? test : "", test ? " && " : "",
                            field_text(d, x->field),
                            c_constant(d->arena, x->value->number, x->field->width));
    }
    if (i->guard)
        test = arena_format(d->arena, "%s%s%s", test ? test : "", test ? " && " : "",
                            value_of_word(d, i->guard));
    if (!test) {
        write_members(d, i, indent);
        return;
    }
    fprintf(d->out, "%sif (%s) {\n", indent, test);
    write_members(d, i, arena_format(d->arena, "%s    ", indent));
    fprintf(d->out, "%s    return;\n%s}\n", indent, indent);
}

static int compare_words(const void *a, const void *b)
{
    uint64_t const x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

// Tells the candidates apart by the bits that all of them fix, one level of switch at a time. Only
// neighbouring bits make a level, so that its values read as a field's.
static void write_level(struct decoder *d, const struct list *candidates, uint64_t tested,
                        int depth)
{
    struct instruction *i;
    uint64_t common = ~tested;
    LIST_EACH(i, *candidates) common &= i->mask;
    if (candidates->n == 1 || common == 0) {
        LIST_EACH(i, *candidates) write_leaf(d, i, tested, depth);
        return;
    }
    unsigned low = 0, width = 1;
    while (!(common >> low & 1)) low++;
    while (low + width < 64 && common >> (low + width) & 1) width++;
    uint64_t const field = (uint64_t)bits_ones(width);
    uint64_t *values = arena_alloc(d->arena, candidates->n * sizeof *values);
    LIST_EACH(i, *candidates) values[i_i] = i->match >> low & field;
    qsort(values, candidates->n, sizeof *values, compare_words);
    fprintf(d->out, "%*sswitch (word >> %u & 0x%llxu) {\n", 4 * depth, "", low,
            (unsigned long long)field);
    for (unsigned v = 0; v < candidates->n; v++) {
        if (v > 0 && values[v] == values[v - 1]) continue;
        struct list inside = {0};
        LIST_EACH(i, *candidates)
        if ((i->match >> low & field) == values[v]) list_add(d->arena, &inside, i);
        fprintf(d->out, "%*scase 0x%llx:\n", 4 * depth, "", (unsigned long long)values[v]);
        write_level(d, &inside, tested | field << low, depth + 1);
        fprintf(d->out, "%*sbreak;\n", 4 * (depth + 1), "");
    }
    fprintf(d->out, "%*sdefault: break;\n%*s}\n", 4 * depth, "", 4 * depth, "");
}

void c_write_decoder(const struct description *m, struct arena *a, const char *prefix, FILE *out)
{
    struct decoder d = {
        .m = m, .arena = a, .prefix = prefix, .out = out, .word_type = c_type(m->unit_width)};
    fprintf(out,
            "// Finds the instruction that a word is, and its operands.\n"
            "static inline void %s_decode(%s word, struct %s_insn *i)\n{\n"
            "    i->word = word;\n    i->op = %s_undefined;\n",
            prefix, d.word_type, prefix, c_upper(a, prefix));
    write_level(&d, &m->instructions, 0, 1);
    fputs("}\n\n", out);
}

// ---------------------------------------------------------------- the disassembler

static const char *part_value(struct decoder *d, const struct syntax_part *p)
{
    return p->field ? field_text(d, p->field) : value_of_word(d, p->operand->value);
}

static void write_part(struct decoder *d, const struct syntax_part *p)
{
    const char *const prefix = d->prefix;
    const struct component *registers = p->field ? p->field->registers : NULL;
    const struct selector *selector = p->field ? p->field->selector : NULL;
    struct selector_value *v;
    if (p->style == SYNTAX_TEXT) {
        fprintf(d->out, "        t = %s_put_text(t, end, \"%s\");\n", prefix, p->text);
        return;
    }
    const char *value = part_value(d, p);
    if (p->style == SYNTAX_ADDRESS) {
        fprintf(d->out, "        t = %s_put_hex(t, end, (%s)(P + %s));\n", prefix,
                c_type(d->m->counter->width), value);
    } else if (p->style == SYNTAX_HEX) {
        fprintf(d->out, "        t = %s_put_hex(t, end, %s);\n", prefix, value);
    } else if (registers && registers->names.n) {
        fprintf(d->out, "        t = %s_put_text(t, end, %s_%s_names[%s]);\n", prefix, prefix,
                registers->name, value);
    } else if (registers) {
        fprintf(d->out, "        t = %s_put_number(%s_put_text(t, end, \"%s\"), end, %s);\n",
                prefix, prefix, registers->name, value);
    } else if (selector) {
        fprintf(d->out, "        switch (%s) {\n", value);
        LIST_EACH(v, selector->values)
        fprintf(d->out, "        case 0x%llx: t = %s_put_text(t, end, \"%s\"); break;\n",
                (unsigned long long)v->value, prefix, v->name);
        fprintf(d->out, "        default: t = %s_put_hex(t, end, %s); break;\n        }\n", prefix,
                value);
    } else if (p->operand && p->operand->value->kind == EXPR_SEXT) {
        fprintf(d->out, "        t = %s_put_signed(t, end, (%s)%s);\n", prefix,
                p->operand->value->width <= 32 ? "int32_t" : "int64_t", value);
    } else {
        fprintf(d->out, "        t = %s_put_number(t, end, %s);\n", prefix, value);
    }
}

static const char put_functions[] =
    "static inline char *PREFIX_put_text(char *t, char *end, const char *text)\n{\n"
    "    while (*text && t < end) *t++ = *text++;\n    return t;\n}\n\n"
    "static inline char *PREFIX_put_number(char *t, char *end, uint64_t n)\n{\n"
    "    char digits[20];\n    int many = 0;\n"
    "    do digits[many++] = (char)('0' + n % 10); while (n /= 10);\n"
    "    while (many && t < end) *t++ = digits[--many];\n    return t;\n}\n\n"
    "static inline char *PREFIX_put_signed(char *t, char *end, int64_t n)\n{\n"
    "    if (n < 0) t = PREFIX_put_text(t, end, \"-\");\n"
    "    return PREFIX_put_number(t, end, n < 0 ? 0u - (uint64_t)n : (uint64_t)n);\n}\n\n"
    "static inline char *PREFIX_put_hex(char *t, char *end, uint64_t n)\n{\n"
    "    int shift = 60;\n"
    "    while (shift > 0 && !(n >> shift)) shift -= 4;\n"
    "    t = PREFIX_put_text(t, end, \"0x\");\n"
    "    for (; shift >= 0 && t < end; shift -= 4) *t++ = \"0123456789abcdef\"[n >> shift & 15];\n"
    "    return t;\n}\n\n";

static void put_with_prefix(const char *text, const char *prefix, FILE *out)
{
    for (const char *next; (next = strstr(text, "PREFIX")); text = next + 6) {
        fwrite(text, 1, (size_t)(next - text), out);
        fputs(prefix, out);
    }
    fputs(text, out);
}

void c_write_disassembler(const struct description *m, struct arena *a, const char *prefix,
                          FILE *out)
{
    struct decoder d = {
        .m = m, .arena = a, .prefix = prefix, .out = out, .word_type = c_type(m->unit_width)};
    struct instruction *i;
    struct syntax_part *p;
    put_with_prefix(put_functions, prefix, out);
    fprintf(
        out,
        "// Writes the instruction at address P as text, cut to size - 1 characters, and a zero.\n"
        "// Returns the length of the text. A word that is no instruction comes as \".word\".\n"
        "static inline size_t %s_disassemble(%s word, %s P, char *out, size_t size)\n{\n"
        "    char *t = out, *const end = size ? out + size - 1 : out;\n"
        "    struct %s_insn i;\n    %s_decode(word, &i);\n    (void)P;\n    switch (i.op) {\n",
        prefix, d.word_type, c_type(m->counter->width), prefix, prefix);
    LIST_EACH(i, m->instructions)
    {
        fprintf(out, "    case %s_%s:\n", c_upper(a, prefix), i->name);
        LIST_EACH(p, i->parts) write_part(&d, p);
        fputs("        break;\n", out);
    }
    fprintf(
        out,
        "    default: t = %s_put_hex(%s_put_text(t, end, \".word \"), end, word); break;\n    }\n"
        "    if (size) *t = 0;\n    return (size_t)(t - out);\n}\n\n",
        prefix, prefix);
}
