// SPDX-License-Identifier: MIT
// `emit c`: expressions. Values are kept in unsigned variables with all bits above the width zero.
#include "isa-analyzer/emit/c.h"

#include <stdarg.h>
#include <string.h>

const char *c_prefix(struct arena *a, const char *machine)
{
    char *name = arena_text(a, machine, strlen(machine));
    for (char *p = name; *p; p++) {
        if (*p == '-' || *p == '.') *p = '_';
    }
    return name;
}

const char *c_upper(struct arena *a, const char *name)
{
    char *upper = arena_text(a, name, strlen(name));
    for (char *p = upper; *p; p++) {
        if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 'a' + 'A');
    }
    return upper;
}

const char *c_type(unsigned width)
{
    return width <= 32 ? "uint32_t" : width <= 64 ? "uint64_t" : "unsigned __int128";
}

const char *c_member_type(unsigned width)
{
    return width <= 8 ? "uint8_t" : width <= 16 ? "uint16_t" : c_type(width);
}

const char *c_constant(struct arena *a, bits value, unsigned width)
{
    unsigned long long const low = (unsigned long long)value;
    if (width <= 32) return arena_format(a, low < 10 ? "%lluu" : "0x%llxu", low);
    if (width <= 64) return arena_format(a, "UINT64_C(0x%llx)", low);
    return arena_format(a, "((unsigned __int128)UINT64_C(0x%llx) << 64 | UINT64_C(0x%llx))",
                        (unsigned long long)(value >> 64), low);
}

static void write_line(FILE *out, int depth, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void write_line(FILE *out, int depth, const char *format, va_list args)
{
    fprintf(out, "%*s", 4 * depth, "");
    vfprintf(out, format, args);
    fputc('\n', out);
}

void c_compute(struct c_body *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(b->compute, b->compute_depth, format, args);
    va_end(args);
}

void c_commit(struct c_body *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(b->commit, b->commit_depth, format, args);
    va_end(args);
}

const char *c_temporary(struct c_body *b, unsigned width, const char *value)
{
    const char *name = arena_format(b->arena, "v%u", b->temporaries++);
    c_compute(b, "%s %s = %s;", c_type(width), name, value);
    return name;
}

// ---------------------------------------------------------------- parts

static const char *text(struct c_body *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static const char *text(struct c_body *b, const char *format, ...)
{
    char line[2048];
    va_list args;
    va_start(args, format);
    int const n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (n >= (int)sizeof line) { // long: name the parts instead of cutting
        va_start(args, format);
        char *whole = arena_alloc(b->arena, (size_t)n + 1);
        vsnprintf(whole, (size_t)n + 1, format, args);
        va_end(args);
        return whole;
    }
    return arena_text(b->arena, line, (size_t)n);
}

// Cuts the value to the width, where the type alone does not.
static const char *low(struct c_body *b, const char *value, unsigned width)
{
    if (width == 32 || width == 64 || width == 128)
        return text(b, "(%s)(%s)", c_type(width), value);
    return text(b, "((%s) & %s)", value, c_constant(b->arena, bits_ones(width), width));
}

// The value as a signed number of the type that holds it.
static const char *as_signed(struct c_body *b, const char *value, unsigned width)
{
    const char *type = width <= 32 ? "int32_t" : width <= 64 ? "int64_t" : "__int128";
    unsigned const room = width <= 32 ? 32 : width <= 64 ? 64 : 128;
    if (room == width) return text(b, "(%s)(%s)", type, value);
    return text(b, "((%s)((%s)(%s) << %u) >> %u)", type, c_type(width), value, room - width,
                room - width);
}

static bool may_trap(const struct expr *e)
{
    if (!e) return false;
    if (e->kind == EXPR_CELLS && e->translation) return true;
    if (e->kind == EXPR_CALL && (e->function->routine.effects & EFFECT_TRAP)) return true;
    for (unsigned i = 0; i < e->args.n; i++) {
        if (may_trap(e->args.items[i])) return true;
    }
    return may_trap(e->a) || may_trap(e->b) || may_trap(e->c);
}

// A value that is computed only where `condition` holds, since computing it may trap.
static const char *guarded(struct c_body *b, const char *condition, const struct expr *yes,
                           const struct expr *no, const char *otherwise, unsigned width)
{
    const char *name = arena_format(b->arena, "v%u", b->temporaries++);
    c_compute(b, "%s %s = %s;", c_type(width), name, otherwise);
    c_compute(b, "if (%s) {", condition);
    b->compute_depth++;
    c_compute(b, "%s = %s;", name, c_expression(b, yes));
    b->compute_depth--;
    if (no) {
        c_compute(b, "} else {");
        b->compute_depth++;
        c_compute(b, "%s = %s;", name, c_expression(b, no));
        b->compute_depth--;
    }
    c_compute(b, "}");
    return name;
}

static const char *condition(struct c_body *b, const struct expr *e)
{
    bool const and = e->op == OP_BOOL_AND;
    const char *left = c_expression(b, e->a);
    if (!may_trap(e->b))
        return text(b, "(uint32_t)(%s %s %s)", left, and? "&&" : "||", c_expression(b, e->b));
    left = c_temporary(b, 1, left);
    return guarded(b, and? left : text(b, "!%s", left), e->b, NULL, and? "0" : "1", 1);
}

static const char *divide(struct c_body *b, const struct expr *e, const char *x, const char *y)
{
    unsigned const w = e->width;
    bool const remainder = e->op == OP_UREM || e->op == OP_SREM;
    if (e->op == OP_UDIV || e->op == OP_UREM)
        return text(b, "(%s ? %s %s %s : %s)", y, x, remainder ? "%" : "/", y,
                    remainder ? x : c_constant(b->arena, bits_ones(w), w));
    const char *zero = remainder ? x
                                 : text(b, "(%s < 0 ? 1u : %s)", as_signed(b, x, w),
                                        c_constant(b->arena, bits_ones(w), w));
    const char *minus_one = remainder ? "0u" : low(b, text(b, "0u - %s", x), w);
    return text(b, "(%s == 0 ? %s : %s == %s ? %s : %s)", y, zero, y,
                c_constant(b->arena, bits_ones(w), w), minus_one,
                low(b,
                    text(b, "(%s)(%s %s %s)", c_type(w), as_signed(b, x, w), remainder ? "%" : "/",
                         as_signed(b, y, w)),
                    w));
}

static const char *shift(struct c_body *b, const struct expr *e, const char *x, const char *y)
{
    unsigned const w = e->width, room = w <= 32 ? 32 : w <= 64 ? 64 : 128;
    bool const small =
        bits_ones(e->b->width) < room; // the amount is always less than the type's width
    bool const constant = e->b->kind == EXPR_NUMBER && e->b->number < w;
    if (e->op == OP_SAR) {
        const char *amount =
            small || constant ? y : text(b, "(%s < %u ? %s : %u)", y, room, y, room - 1);
        return low(b, text(b, "(%s)(%s >> %s)", c_type(w), as_signed(b, x, w), amount), w);
    }
    const char *shifted =
        low(b, text(b, "(%s)(%s) %s %s", c_type(w), x, e->op == OP_SHL ? "<<" : ">>", y), w);
    return small || constant ? shifted : text(b, "(%s < %u ? %s : 0u)", y, room, shifted);
}

static const char *const c_ops[OPS] = {
    [OP_ADD] = "+", [OP_SUB] = "-",  [OP_MUL] = "*", [OP_AND] = "&",
    [OP_OR] = "|",  [OP_XOR] = "^",  [OP_EQ] = "==", [OP_NE] = "!=",
    [OP_ULT] = "<", [OP_ULE] = "<=", [OP_UGT] = ">", [OP_UGE] = ">=",
    [OP_SLT] = "<", [OP_SLE] = "<=", [OP_SGT] = ">", [OP_SGE] = ">=",
};

static const char *binary(struct c_body *b, const struct expr *e)
{
    if (e->op == OP_BOOL_AND || e->op == OP_BOOL_OR) return condition(b, e);
    const char *x = c_expression(b, e->a), *y = c_expression(b, e->b);
    unsigned const w = e->a->width;
    switch (e->op) {
    case OP_ADD:
    case OP_SUB:
    case OP_MUL: return low(b, text(b, "%s %s %s", x, c_ops[e->op], y), w);
    case OP_AND:
    case OP_OR:
    case OP_XOR: return text(b, "(%s %s %s)", x, c_ops[e->op], y);
    case OP_SHL:
    case OP_SHR:
    case OP_SAR: return shift(b, e, x, y);
    case OP_CONCAT: return text(b, "((%s)(%s) << %u | %s)", c_type(e->width), x, e->b->width, y);
    case OP_UDIV:
    case OP_UREM:
    case OP_SDIV:
    case OP_SREM: return divide(b, e, c_temporary(b, w, x), c_temporary(b, w, y));
    case OP_SLT:
    case OP_SLE:
    case OP_SGT:
    case OP_SGE:
        return text(b, "(uint32_t)(%s %s %s)", as_signed(b, x, w), c_ops[e->op],
                    as_signed(b, y, w));
    default: return text(b, "(uint32_t)(%s %s %s)", x, c_ops[e->op], y);
    }
}

static const char *unary(struct c_body *b, const struct expr *e)
{
    const char *x = c_expression(b, e->a);
    if (e->op == OP_BOOL_NOT) return text(b, "(uint32_t)!(%s)", x);
    return low(b,
               text(b, e->op == OP_NEG ? "0u - %s" : "~(%s)%s",
                    e->op == OP_NEG ? x : c_type(e->width), e->op == OP_NEG ? "" : x),
               e->width);
}

// ---------------------------------------------------------------- state

const char *c_element(struct c_body *b, const struct expr *e)
{
    if (!e->a) return text(b, "s->%s", e->component->name);
    return text(b, "s->%s[%s]", e->component->name, c_expression(b, e->a));
}

static const char *class_of(struct c_body *b, bool supervisor)
{
    const struct component *mode = b->m->mode;
    struct mode_value *v;
    const char *any = NULL;
    LIST_EACH(v, mode->modes)
    {
        if (v->supervisor != supervisor) continue;
        const char *one =
            text(b, "s->%s == %s", mode->name, c_constant(b->arena, v->value, mode->width));
        any = any ? text(b, "%s || %s", any, one) : one;
    }
    return text(b, "(uint32_t)(%s)", any ? any : "0");
}

// The physical address of cells, translated; traps return.
static const char *physical_address(struct c_body *b, const struct expr *e)
{
    const char *address = c_expression(b, e->a);
    if (!e->translation) return text(b, "(uint64_t)(%s)", address);
    const char *name = arena_format(b->arena, "v%u", b->temporaries++);
    c_compute(b, "%s %s;", c_type(e->translation->routine.result_width), name);
    c_compute(b, "if (%s_translate_%s(s, %s, %u, &%s)) return %s_TRAP;", b->prefix,
              e->translation->name, address, e->cells, name, c_upper(b->arena, b->prefix));
    b->outcome = true;
    return name;
}

static const char *cells(struct c_body *b, const struct expr *e)
{
    const char *at = physical_address(b, e);
    return c_temporary(b, e->width, text(b, "%s_load_%u(s, %s)", b->prefix, e->cells, at));
}

// Bits of something wide that was named by a let: just the cells that hold them.
static const char *bits_of_wide(struct c_body *b, const struct expr *e)
{
    const struct expr *whole = b->wide[e->a->slot];
    unsigned const cell = whole->component->width;
    unsigned const first = e->low / cell, last = (e->low + e->width - 1) / cell;
    unsigned const n = last - first + 1;
    unsigned const from = whole->component->big_endian ? whole->cells - 1 - last : first;
    const char *loaded = text(b, "%s_load_%u(s, (uint64_t)%s + %u)", b->prefix, n,
                              b->wide_address[e->a->slot], from);
    if (n * cell == e->width) return loaded;
    return low(b, text(b, "(%s)(%s >> %u)", c_type(e->width), loaded, e->low - first * cell),
               e->width);
}

static const char *bits_of(struct c_body *b, const struct expr *e)
{
    if (e->a->kind == EXPR_LOCAL && b->wide && b->wide[e->a->slot]) return bits_of_wide(b, e);
    const char *x = c_expression(b, e->a);
    const char *moved = e->low ? text(b, "(%s >> %u)", x, e->low) : x;
    if (e->low + e->width == e->a->width && c_type(e->width) == c_type(e->a->width)) return moved;
    return low(b, text(b, "(%s)%s", c_type(e->width), moved), e->width);
}

static const char *operand_text(struct c_body *b, const struct expr *e)
{
    if (b->fields_of_word && e->kind == EXPR_OPERAND) return c_expression(b, e->operand->value);
    if (b->fields_of_word)
        return text(b, "((%s)(word >> %u) & %s)", c_type(e->width), e->field->low,
                    c_constant(b->arena, bits_ones(e->width), e->width));
    const char *name = e->kind == EXPR_FIELD ? e->field->name : e->operand->name;
    return e->width > 32 ? text(b, "i->%s", name) : text(b, "(uint32_t)i->%s", name);
}

static const char *call(struct c_body *b, const struct expr *e)
{
    const char **arguments = arena_alloc(b->arena, (e->args.n + 1) * sizeof *arguments);
    struct expr *x;
    LIST_EACH(x, e->args) arguments[x_i] = c_temporary(b, x->width, c_expression(b, x));
    struct c_body inner = *b;
    c_frame(&inner, &e->function->routine, arguments);
    const char *value = c_expression(&inner, e->function->routine.result);
    b->temporaries = inner.temporaries;
    b->outcome |= inner.outcome;
    return value;
}

const char *c_expression(struct c_body *b, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_NUMBER: return c_constant(b->arena, e->number, e->width);
    case EXPR_LOCAL:
        if (b->wide && b->wide[e->slot])
            return text(b, "%s_load_%u(s, %s)", b->prefix, b->wide[e->slot]->cells,
                        b->wide_address[e->slot]);
        return b->slots[e->slot];
    case EXPR_COMPONENT:
        if (e->component->kind == COMPONENT_COUNTER && b->instruction) return "P";
        if (e->component->kind == COMPONENT_DEVICE)
            return text(b, "s->%s_read(s->devices, %s)", e->component->name, c_expression(b, e->a));
        return text(b, e->width > 32 ? "%s" : "(uint32_t)%s", c_element(b, e));
    case EXPR_CONFIG:
        if (b->m->memory && e->config == b->m->memory->size)
            return text(b, e->width > 32 ? "s->%s" : "(uint32_t)s->%s", e->config->name);
        return c_constant(b->arena, e->config->value, e->width);
    case EXPR_FIELD:
    case EXPR_OPERAND: return operand_text(b, e);
    case EXPR_WORD: return b->instruction ? text(b, "(%s)i->word", c_type(e->width)) : "word";
    case EXPR_NEXT:
        return low(b, text(b, "P + %u", b->instruction->format->width / b->m->memory->width),
                   e->width);
    case EXPR_CLASS: return class_of(b, e->number != 0);
    case EXPR_CELLS: return cells(b, e);
    case EXPR_BITS: return bits_of(b, e);
    case EXPR_UNARY: return unary(b, e);
    case EXPR_BINARY: return binary(b, e);
    case EXPR_IF: {
        const char *c = c_expression(b, e->a);
        if (may_trap(e->b) || may_trap(e->c)) return guarded(b, c, e->b, e->c, "0", e->width);
        const char *yes = c_expression(b, e->b);
        return text(b, "(%s ? %s : %s)", c, yes, c_expression(b, e->c));
    }
    case EXPR_CALL: return call(b, e);
    case EXPR_ZEXT: return text(b, "(%s)(%s)", c_type(e->width), c_expression(b, e->a));
    case EXPR_SEXT:
        return low(
            b,
            text(b, "(%s)%s", c_type(e->width), as_signed(b, c_expression(b, e->a), e->a->width)),
            e->width);
    // What the description leaves open, this machine decides: the first alternative, zero.
    case EXPR_CHOOSE: return c_expression(b, e->args.items[0]);
    case EXPR_ARBITRARY: return c_constant(b->arena, 0, e->width);
    default: return "0";
    }
}
