// SPDX-License-Identifier: MIT
// Linear integers as a domain of the evaluator. A bit vector is the number that it stands for, with the
// most that it can be, so that sums which cannot wrap around are plain sums.
#include "isa-analyzer/semantics/linear.h"

static struct linear *state_of(struct domain *self)
{
    return (struct linear *)(void *)self;
}

static struct linear_value *of(union value v)
{
    return v.term;
}

static union value value(struct linear *l, Z3_ast a, bits max)
{
    struct linear_value *v = ARENA_NEW(l->arena, struct linear_value);
    *v = (struct linear_value){Z3_simplify(l->z, a), max};
    uint64_t known;
    if (Z3_is_numeral_ast(l->z, v->term) && Z3_get_numeral_uint64(l->z, v->term, &known))
        v->max = known;
    return (union value){.term = v};
}

static Z3_ast numeral(struct linear *l, bits n)
{
    Z3_sort const integers = Z3_mk_int_sort(l->z);
    if (n >> 64 == 0) return Z3_mk_unsigned_int64(l->z, (uint64_t)n, integers);
    Z3_ast const parts[] = {Z3_mk_unsigned_int64(l->z, (uint64_t)(n >> 64), integers),
                            Z3_mk_numeral(l->z, "18446744073709551616", integers)};
    Z3_ast const sum[] = {Z3_mk_mul(l->z, 2, parts),
                          Z3_mk_unsigned_int64(l->z, (uint64_t)n, integers)};
    return Z3_simplify(l->z, Z3_mk_add(l->z, 2, sum));
}

struct linear_value *linear_number(struct linear *l, bits n)
{
    return of(value(l, numeral(l, n), n));
}

struct linear_value *linear_unknown(struct linear *l, const char *name, unsigned width)
{
    Z3_ast const it = Z3_mk_const(l->z, Z3_mk_string_symbol(l->z, name), Z3_mk_int_sort(l->z));
    return of(value(l, it, bits_ones(width)));
}

static union value failed(struct linear *l)
{
    l->failed = true;
    return value(l, numeral(l, 0), 0);
}

static bool is_number(struct linear *l, const struct linear_value *v)
{
    return Z3_is_numeral_ast(l->z, v->term) && v->max >> 64 == 0;
}

// A condition as the number 0 or 1.
static union value condition(struct linear *l, Z3_ast a)
{
    return value(l, Z3_mk_ite(l->z, a, numeral(l, 1), numeral(l, 0)), 1);
}

Z3_ast linear_truth(struct linear *l, union value a)
{
    return Z3_simplify(l->z, Z3_mk_eq(l->z, of(a)->term, numeral(l, 1)));
}

static union value constant(struct domain *self, bits n, unsigned width)
{
    n = bits_low(n, width);
    return value(state_of(self), numeral(state_of(self), n), n);
}

static union value unary(struct domain *self, enum op op, union value a, unsigned width)
{
    struct linear *const l = state_of(self);
    if (op == OP_BOOL_NOT) return condition(l, Z3_mk_not(l->z, linear_truth(l, a)));
    if (op == OP_NOT) {
        Z3_ast const parts[] = {numeral(l, bits_ones(width)), of(a)->term};
        return value(l, Z3_mk_sub(l->z, 2, parts), bits_ones(width));
    }
    return failed(l);
}

// a + b, or a - b, modulo two to the width.
static union value sum(struct linear *l, const struct linear_value *a, const struct linear_value *b,
                       unsigned width, bool minus)
{
    Z3_ast const parts[] = {a->term, b->term};
    if (width >= 127) return failed(l); // the bound itself could not be written
    bits const most = bits_ones(width);
    Z3_ast const modulus = numeral(l, most + 1);
    if (minus) {
        Z3_ast const plain = Z3_mk_sub(l->z, 2, parts);
        Z3_ast const wrapped[] = {plain, modulus};
        return value(
            l,
            Z3_mk_ite(l->z, Z3_mk_ge(l->z, a->term, b->term), plain, Z3_mk_add(l->z, 2, wrapped)),
            most);
    }
    Z3_ast const plain = Z3_mk_add(l->z, 2, parts);
    if (a->max + b->max <= most) return value(l, plain, a->max + b->max);
    Z3_ast const wrapped[] = {plain, modulus};
    return value(
        l, Z3_mk_ite(l->z, Z3_mk_lt(l->z, plain, modulus), plain, Z3_mk_sub(l->z, 2, wrapped)),
        most);
}

// a times a power of two or another known factor, where nothing wraps around.
static union value product(struct linear *l, const struct linear_value *a, bits factor,
                           unsigned width)
{
    Z3_ast const parts[] = {a->term, numeral(l, factor)};
    if (factor && a->max > bits_ones(width) / factor) return failed(l);
    return value(l, Z3_mk_mul(l->z, 2, parts), a->max * factor);
}

static union value compare(struct linear *l, enum op op, Z3_ast a, Z3_ast b)
{
    switch (op) {
    case OP_EQ: return condition(l, Z3_mk_eq(l->z, a, b));
    case OP_NE: return condition(l, Z3_mk_not(l->z, Z3_mk_eq(l->z, a, b)));
    case OP_ULT: return condition(l, Z3_mk_lt(l->z, a, b));
    case OP_ULE: return condition(l, Z3_mk_le(l->z, a, b));
    case OP_UGT: return condition(l, Z3_mk_gt(l->z, a, b));
    case OP_UGE: return condition(l, Z3_mk_ge(l->z, a, b));
    default: return failed(l);
    }
}

static union value binary(struct domain *self, enum op op, union value va, union value vb,
                          unsigned width_a, unsigned width_b)
{
    struct linear *const l = state_of(self);
    const struct linear_value *const a = of(va), *const b = of(vb);
    if (op == OP_BOOL_AND || op == OP_BOOL_OR) {
        Z3_ast const parts[] = {linear_truth(l, va), linear_truth(l, vb)};
        return condition(l,
                         op == OP_BOOL_AND ? Z3_mk_and(l->z, 2, parts) : Z3_mk_or(l->z, 2, parts));
    }
    switch (op) {
    case OP_ADD:
    case OP_SUB: return sum(l, a, b, width_a, op == OP_SUB);
    case OP_MUL:
        if (is_number(l, b)) return product(l, a, b->max, width_a);
        return is_number(l, a) ? product(l, b, a->max, width_a) : failed(l);
    case OP_SHL:
        if (!is_number(l, b) || b->max >= width_a) return failed(l);
        return product(l, a, (bits)1 << b->max, width_a);
    case OP_CONCAT: {
        union value const high = product(l, a, (bits)1 << width_b, width_a + width_b);
        return sum(l, of(high), b, width_a + width_b, false);
    }
    case OP_UDIV:
    case OP_UREM:
    case OP_SDIV:
    case OP_SREM:
    case OP_AND:
    case OP_OR:
    case OP_XOR:
    case OP_SHR:
    case OP_SAR: return failed(l);
    default: return compare(l, op, a->term, b->term);
    }
}

static union value if_else(struct domain *self, union value c, union value yes, union value no,
                           unsigned width)
{
    struct linear *const l = state_of(self);
    (void)width;
    bits const max = of(yes)->max > of(no)->max ? of(yes)->max : of(no)->max;
    return value(l, Z3_mk_ite(l->z, linear_truth(l, c), of(yes)->term, of(no)->term), max);
}

static union value slice(struct domain *self, union value a, unsigned low, unsigned width,
                         unsigned width_a)
{
    struct linear *const l = state_of(self);
    (void)width_a;
    if (low == 0 && of(a)->max <= bits_ones(width)) return a;
    if (is_number(l, of(a))) return constant(self, of(a)->max >> low, width);
    return failed(l);
}

static union value extend(struct domain *self, union value a, unsigned from, unsigned to, bool sign)
{
    (void)to;
    if (sign && of(a)->max > bits_ones(from) >> 1) return failed(state_of(self));
    return a;
}

static enum truth truth(struct domain *self, union value a)
{
    struct linear *const l = state_of(self);
    Z3_lbool const it = Z3_get_bool_value(l->z, linear_truth(l, a));
    return it == Z3_L_TRUE ? TRUTH_YES : it == Z3_L_FALSE ? TRUTH_NO : TRUTH_OPEN;
}

static union value read(struct domain *self, const struct component *x, const union value *index,
                        unsigned index_width)
{
    struct linear *const l = state_of(self);
    (void)index_width;
    if (index || !l->components[x->ordinal]) return failed(l);
    return (union value){.term = l->components[x->ordinal]};
}

static union value load(struct domain *self, const struct component *memory, union value address,
                        unsigned address_width, unsigned cells, const struct translation *t)
{
    (void)memory;
    (void)address;
    (void)address_width;
    (void)cells;
    (void)t;
    return failed(state_of(self));
}

static union value parameter(struct domain *self, const struct config *c)
{
    struct linear *const l = state_of(self);
    if (l->m->memory && c == l->m->memory->size) return (union value){.term = l->size};
    return constant(self, c->value, c->width);
}

static unsigned choose(struct domain *self, unsigned alternatives)
{
    (void)alternatives;
    state_of(self)->failed = true;
    return 0;
}

static union value arbitrary(struct domain *self, unsigned width)
{
    (void)width;
    return failed(state_of(self));
}

static const struct domain operations = {
    .constant = constant,
    .unary = unary,
    .binary = binary,
    .if_else = if_else,
    .slice = slice,
    .extend = extend,
    .truth = truth,
    .read = read,
    .load = load,
    .parameter = parameter,
    .choose = choose,
    .arbitrary = arbitrary,
};

void linear_init(struct linear *l, Z3_context z, struct arena *a, const struct description *m)
{
    *l = (struct linear){.domain = operations, .z = z, .arena = a, .m = m};
    l->components = arena_alloc(a, (m->components.n + 1) * sizeof *l->components);
}
