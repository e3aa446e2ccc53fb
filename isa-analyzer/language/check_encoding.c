// SPDX-License-Identifier: MIT
// Formats, the encodings of instructions, how they are written, and whether two overlap.
#include "isa-analyzer/language/check.h"
#include "isa-analyzer/language/operate.h"

#include <string.h>

struct field *find_field(const struct format *f, const char *name)
{
    struct field *x;
    LIST_EACH(x, f->fields) if (strcmp(x->name, name) == 0) return x;
    return NULL;
}

struct operand *find_operand(const struct format *f, const char *name)
{
    struct operand *x;
    LIST_EACH(x, f->operands) if (strcmp(x->name, name) == 0) return x;
    return NULL;
}

// ---------------------------------------------------------------- formats

// A field whose type is a register file or a selector gets its width from it.
static void check_field_type(struct checker *c, struct field *x)
{
    struct selector *s;
    x->registers = find_component(c->m, x->type_name);
    if (x->registers && x->registers->array && x->registers->kind != COMPONENT_MEMORY) {
        x->width = bits_width(x->registers->count - 1);
        return;
    }
    x->registers = NULL;
    LIST_EACH(s, c->m->selectors) if (strcmp(s->name, x->type_name) == 0) x->selector = s;
    x->width = x->selector ? x->selector->width : 1;
    if (!x->selector)
        report_error(c->diagnostics, x->where, "'%s' is neither a register file nor a selector",
                     x->type_name);
}

static void end_unit(struct checker *c, struct format *f, unsigned *unit)
{
    if (c->m->unit_width && *unit != c->m->unit_width)
        report_error(c->diagnostics, f->where,
                     "the fields of a unit of format %s add up to %u bits; "
                     "one fetch gets %u",
                     f->name, *unit, c->m->unit_width);
    f->width += *unit;
    unsigned *width = ARENA_NEW(c->arena, unsigned);
    *width = *unit;
    list_add(c->arena, &f->units, width);
    *unit = 0;
}

void check_format(struct checker *c, struct format *f)
{
    struct list fields = {0};
    struct field *x, *other;
    struct operand *o;
    unsigned unit = 0;
    LIST_EACH(x, f->fields)
    {
        if (!x->name) { // ';'
            end_unit(c, f, &unit);
            continue;
        }
        if (x->type_name) check_field_type(c, x);
        LIST_EACH(other, fields)
        if (strcmp(other->name, x->name) == 0) report_error(
            c->diagnostics, x->where, "a second field '%s' in format %s", x->name, f->name);
        if (find_component(c->m, x->name))
            report_error(c->diagnostics, x->where, "'%s' is a component; expected another name",
                         x->name);
        unit += x->width;
        list_add(c->arena, &fields, x);
        if (f->width + unit > COMPONENT_WIDTH_MAX) {
            report_error(c->diagnostics, f->where, "format %s has more than %u bits", f->name,
                         COMPONENT_WIDTH_MAX);
            unit = 0;
            f->width = 0;
        }
    }
    end_unit(c, f, &unit);
    f->fields = fields;
    unsigned low = f->width;
    LIST_EACH(x, fields) x->low = low -= x->width;
    c->format = f;
    c->fields_only = true;
    LIST_EACH(o, f->operands)
    {
        if (find_field(f, o->name) || find_operand(f, o->name) != o ||
            find_component(c->m, o->name))
            report_error(c->diagnostics, o->where, "the name '%s' is taken", o->name);
        check_expr(c, o->value, 0);
    }
    c->fields_only = false;
    c->format = NULL;
}

// ---------------------------------------------------------------- instructions

static bool used(const struct list *uses, const void *x)
{
    for (unsigned i = 0; i < uses->n; i++) {
        if (uses->items[i] == x) return true;
    }
    return false;
}

// Whether expression e, of fields, mentions field f.
static bool mentions(const struct expr *e, const struct field *f)
{
    if (!e) return false;
    if (e->kind == EXPR_FIELD && e->field == f) return true;
    if (e->kind == EXPR_OPERAND && mentions(e->operand->value, f)) return true;
    return mentions(e->a, f) || mentions(e->b, f) || mentions(e->c, f);
}

static void check_constraint(struct checker *c, struct instruction *i, struct constraint *x)
{
    struct constraint *other;
    x->field = find_field(i->format, x->name);
    if (!x->field) {
        report_error(c->diagnostics, x->where, "format %s has no field '%s'", i->format->name,
                     x->name);
        report_note(c->diagnostics, i->format->where, "the format is declared here");
        return;
    }
    LIST_EACH(other, i->constraints)
    {
        if (other == x) break;
        if (other->field == x->field && other->kind != CONSTRAINT_DIFFER)
            report_error(c->diagnostics, x->where, "field '%s' is given twice", x->name);
    }
    if (x->kind == CONSTRAINT_ANY) return;
    bits value;
    if (!check_constant(c, x->value, "a number, or the name of a selector's value", &value)) return;
    if (bits_width(value) > x->field->width) {
        report_error(c->diagnostics, x->value->where, "this does not fit in the %u bits of '%s'",
                     x->field->width, x->name);
        return;
    }
    x->value->kind = EXPR_NUMBER;
    x->value->number = value;
    if (x->kind == CONSTRAINT_EQUAL) {
        i->mask |= (uint64_t)(bits_ones(x->field->width) << x->field->low);
        i->match |= (uint64_t)(value << x->field->low);
    }
}

static void add_part(struct checker *c, struct instruction *i, struct syntax_part part)
{
    struct syntax_part *p = ARENA_NEW(c->arena, struct syntax_part);
    *p = part;
    list_add(c->arena, &i->parts, p);
}

// One "{...}": {name}, {name:x}, {P + name}.
static void check_placeholder(struct checker *c, struct instruction *i, const char *text,
                              size_t length)
{
    struct syntax_part part = {.style = SYNTAX_PLAIN};
    const char *const counter = c->m->counter ? c->m->counter->name : "P";
    size_t const skip = strlen(counter);
    if (length > 2 && memcmp(text + length - 2, ":x", 2) == 0) {
        part.style = SYNTAX_HEX;
        length -= 2;
    } else if (length > skip + 3 && memcmp(text, counter, skip) == 0 &&
               memcmp(text + skip, " + ", 3) == 0) {
        part.style = SYNTAX_ADDRESS;
        text += skip + 3;
        length -= skip + 3;
    }
    const char *name = arena_text(c->arena, text, length);
    part.field = find_field(i->format, name);
    part.operand = part.field ? NULL : find_operand(i->format, name);
    if (!part.field && !part.operand) {
        report_error(c->diagnostics, i->syntax_where,
                     "'{%s}': format %s has no such field or operand; expected {name}, {name:x} or "
                     "{%s + name}",
                     name, i->format->name, counter);
        return;
    }
    list_add(c->arena, c->used_fields, part.field ? (void *)part.field : (void *)part.operand);
    add_part(c, i, part);
}

static void check_syntax(struct checker *c, struct instruction *i)
{
    const char *p = i->syntax;
    while (*p) {
        const char *open = strchr(p, '{');
        size_t const text = open ? (size_t)(open - p) : strlen(p);
        if (text)
            add_part(
                c, i,
                (struct syntax_part){.style = SYNTAX_TEXT, .text = arena_text(c->arena, p, text)});
        if (!open) return;
        const char *close = strchr(open, '}');
        if (!close) {
            report_error(c->diagnostics, i->syntax_where, "'{' without '}'");
            return;
        }
        check_placeholder(c, i, open + 1, (size_t)(close - open - 1));
        p = close + 1;
    }
}

static void check_unused(struct checker *c, struct instruction *i, const struct list *uses)
{
    struct field *f;
    struct constraint *x;
    struct operand *o;
    LIST_EACH(f, i->format->fields)
    {
        bool said = used(uses, f) || mentions(i->guard, f);
        LIST_EACH(x, i->constraints) said |= x->field == f && x->kind != CONSTRAINT_DIFFER;
        LIST_EACH(o, i->format->operands) said |= used(uses, o) && mentions(o->value, f);
        if (!said)
            report_error(
                c->diagnostics, i->where,
                "instruction %s says nothing of field '%s'; expected a value (%s = 0), a use, or "
                "'%s = _' where any value will do",
                i->name, f->name, f->name, f->name);
    }
}

void check_instruction(struct checker *c, struct instruction *i)
{
    struct list uses = {0};
    struct format *f;
    struct constraint *x;
    LIST_EACH(f, c->m->formats) if (strcmp(f->name, i->format_name) == 0) i->format = f;
    if (!i->format) {
        report_error(c->diagnostics, i->format_where, "there is no format '%s'", i->format_name);
        return;
    }
    c->format = i->format;
    c->used_fields = &uses;
    LIST_EACH(x, i->constraints) check_constraint(c, i, x);
    check_syntax(c, i);
    if (i->guard) {
        c->fields_only = true;
        check_condition(c, i->guard);
        c->fields_only = false;
    }
    c->word_width = i->format->width;
    c->instruction = true;
    check_routine(c, &i->routine);
    check_unused(c, i, &uses);
    c->word_width = 0;
    c->instruction = false;
    c->format = NULL;
    c->used_fields = NULL;
}

// ---------------------------------------------------------------- overlaps

bool instruction_matches(const struct instruction *i, uint64_t word)
{
    struct constraint *x;
    if ((word & i->mask) != i->match) return false;
    LIST_EACH(x, i->constraints)
    if (x->kind == CONSTRAINT_DIFFER && field_of_word(x->field, word) == x->value->number)
        return false;
    return !i->guard || operate_on_word(i->guard, word);
}

// The bits on which, beyond its mask, it depends whether a word is this instruction.
static uint64_t guarded_bits(const struct instruction *i)
{
    struct constraint *x;
    struct field *f;
    uint64_t bits_seen = 0;
    LIST_EACH(f, i->format->fields)
    {
        bool on = mentions(i->guard, f);
        LIST_EACH(x, i->constraints) on |= x->field == f && x->kind == CONSTRAINT_DIFFER;
        if (on) bits_seen |= (uint64_t)(bits_ones(f->width) << f->low);
    }
    return bits_seen;
}

enum { OVERLAP_BITS = 20 }; // so many guarded bits are tried out

// Finds a word that is both. `up_a`, `up_b`: shifts that align the shorter with the longer.
static bool common_word(const struct instruction *a, const struct instruction *b, unsigned up_a,
                        unsigned up_b, uint64_t *word)
{
    uint64_t const mask_a = a->mask << up_a, mask_b = b->mask << up_b;
    uint64_t const match_a = a->match << up_a, match_b = b->match << up_b;
    if ((match_a ^ match_b) & mask_a & mask_b) return false;
    uint64_t const fixed = mask_a | mask_b;
    uint64_t const open = ((guarded_bits(a) << up_a) | (guarded_bits(b) << up_b)) & ~fixed;
    uint64_t values = 0; // runs through the subsets of `open`
    for (unsigned tries = 0; tries <= 1u << OVERLAP_BITS; tries++) {
        *word = match_a | match_b | values;
        if (instruction_matches(a, *word >> up_a) && instruction_matches(b, *word >> up_b))
            return true;
        values = (values - open) & open;
        if (values == 0) return false;
    }
    return true; // too many to try: said as an overlap that can't be excluded
}

void check_overlaps(struct checker *c)
{
    struct instruction *a, *b;
    LIST_EACH(a, c->m->instructions)
    LIST_EACH(b, c->m->instructions)
    {
        if (b_i <= a_i) continue;
        unsigned const wa = a->format->width, wb = b->format->width;
        uint64_t word;
        if (!common_word(a, b, wb > wa ? wb - wa : 0, wa > wb ? wa - wb : 0, &word)) continue;
        report_error(c->diagnostics, b->where,
                     "the encodings of '%s' and '%s' overlap: 0x%0*llx would be both", a->name,
                     b->name, (int)((wa > wb ? wa : wb) + 3) / 4, (unsigned long long)word);
        report_note(c->diagnostics, a->where,
                    "'%s' is here; a field's value or a 'where' can tell "
                    "them apart",
                    a->name);
    }
}
