// SPDX-License-Identifier: MIT
// Symbolic values as a domain of the evaluator.
#include "isa-analyzer/semantics/symbolic.h"

static struct symbolic *state_of(struct domain *self)
{
    return (struct symbolic *)(void *)self;
}

static union value term(Z3_ast a)
{
    return (union value){.term = a};
}

static union value simple(struct symbolic *s, Z3_ast a)
{
    return term(symbolic_simple(s->symbols, a));
}

static union value constant(struct domain *self, bits n, unsigned width)
{
    return term(symbolic_number(state_of(self)->symbols, n, width));
}

static union value unary(struct domain *self, enum op op, union value a, unsigned width)
{
    struct symbolic *const s = state_of(self);
    Z3_context const z = s->symbols->z;
    (void)width;
    if (op == OP_BOOL_NOT)
        return term(symbolic_not(s->symbols, symbolic_truth(s->symbols, a.term)));
    Z3_ast const x = symbolic_bits(s->symbols, a.term);
    return simple(s, op == OP_NEG ? Z3_mk_bvneg(z, x) : Z3_mk_bvnot(z, x));
}

// A shift's amount as wide as what is shifted; amounts beyond the width stay beyond it.
static Z3_ast amount(struct symbols *y, Z3_ast b, unsigned width)
{
    unsigned const from = symbolic_width(y, b);
    if (from <= width) return symbolic_resize(y, b, width);
    Z3_ast const ones = symbolic_number(y, bits_ones(width), width);
    return symbolic_if(y, symbolic_below(y, ones, b), ones, symbolic_resize(y, b, width));
}

static union value shift(struct symbolic *s, enum op op, Z3_ast a, Z3_ast b, unsigned width)
{
    Z3_context const z = s->symbols->z;
    b = amount(s->symbols, b, width);
    return simple(s, op == OP_SHL   ? Z3_mk_bvshl(z, a, b)
                     : op == OP_SHR ? Z3_mk_bvlshr(z, a, b)
                                    : Z3_mk_bvashr(z, a, b));
}

static union value compare(struct symbolic *s, enum op op, Z3_ast a, Z3_ast b)
{
    Z3_context const z = s->symbols->z;
    switch (op) {
    case OP_EQ: return simple(s, Z3_mk_eq(z, a, b));
    case OP_NE: return simple(s, Z3_mk_not(z, Z3_mk_eq(z, a, b)));
    case OP_ULT: return simple(s, Z3_mk_bvult(z, a, b));
    case OP_ULE: return simple(s, Z3_mk_bvule(z, a, b));
    case OP_UGT: return simple(s, Z3_mk_bvugt(z, a, b));
    case OP_UGE: return simple(s, Z3_mk_bvuge(z, a, b));
    case OP_SLT: return simple(s, Z3_mk_bvslt(z, a, b));
    case OP_SLE: return simple(s, Z3_mk_bvsle(z, a, b));
    case OP_SGT: return simple(s, Z3_mk_bvsgt(z, a, b));
    default: return simple(s, Z3_mk_bvsge(z, a, b));
    }
}

static union value binary(struct domain *self, enum op op, union value va, union value vb,
                          unsigned width_a, unsigned width_b)
{
    struct symbolic *const s = state_of(self);
    struct symbols *const y = s->symbols;
    Z3_context const z = y->z;
    (void)width_b;
    if (op == OP_BOOL_AND)
        return term(symbolic_and(y, symbolic_truth(y, va.term), symbolic_truth(y, vb.term)));
    if (op == OP_BOOL_OR)
        return term(symbolic_or(y, symbolic_truth(y, va.term), symbolic_truth(y, vb.term)));
    Z3_ast const a = symbolic_bits(y, va.term), b = symbolic_bits(y, vb.term);
    switch (op) {
    case OP_ADD: return simple(s, Z3_mk_bvadd(z, a, b));
    case OP_SUB: return simple(s, Z3_mk_bvsub(z, a, b));
    case OP_MUL: return simple(s, Z3_mk_bvmul(z, a, b));
    case OP_UDIV: return simple(s, Z3_mk_bvudiv(z, a, b));
    case OP_UREM: return simple(s, Z3_mk_bvurem(z, a, b));
    case OP_SDIV: return simple(s, Z3_mk_bvsdiv(z, a, b));
    case OP_SREM: return simple(s, Z3_mk_bvsrem(z, a, b));
    case OP_AND: return simple(s, Z3_mk_bvand(z, a, b));
    case OP_OR: return simple(s, Z3_mk_bvor(z, a, b));
    case OP_XOR: return simple(s, Z3_mk_bvxor(z, a, b));
    case OP_CONCAT: return simple(s, Z3_mk_concat(z, a, b));
    case OP_SHL:
    case OP_SHR:
    case OP_SAR: return shift(s, op, a, b, width_a);
    default: return compare(s, op, a, b);
    }
}

static union value if_else(struct domain *self, union value condition, union value yes,
                           union value no, unsigned width)
{
    struct symbols *const y = state_of(self)->symbols;
    (void)width;
    return term(symbolic_if(y, symbolic_truth(y, condition.term), yes.term, no.term));
}

static union value slice(struct domain *self, union value a, unsigned low, unsigned width,
                         unsigned width_a)
{
    struct symbolic *const s = state_of(self);
    (void)width_a;
    return simple(
        s, Z3_mk_extract(s->symbols->z, low + width - 1, low, symbolic_bits(s->symbols, a.term)));
}

static union value extend(struct domain *self, union value a, unsigned from, unsigned to, bool sign)
{
    struct symbolic *const s = state_of(self);
    Z3_ast const x = symbolic_bits(s->symbols, a.term);
    return simple(s, sign ? Z3_mk_sign_ext(s->symbols->z, to - from, x)
                          : Z3_mk_zero_ext(s->symbols->z, to - from, x));
}

static enum truth truth(struct domain *self, union value condition)
{
    struct symbols *const y = state_of(self)->symbols;
    Z3_ast const simplest = Z3_simplify(y->z, symbolic_truth(y, condition.term));
    Z3_lbool const value = Z3_get_bool_value(y->z, simplest);
    return value == Z3_L_TRUE ? TRUTH_YES : value == Z3_L_FALSE ? TRUTH_NO : TRUTH_OPEN;
}

static union value read(struct domain *self, const struct component *x, const union value *index,
                        unsigned index_width)
{
    (void)index_width;
    return term(symbolic_element(state_of(self), x, index ? index->term : NULL));
}

static union value load(struct domain *self, const struct component *memory, union value address,
                        unsigned address_width, unsigned cells, const struct translation *t)
{
    (void)memory;
    (void)address_width;
    return term(symbolic_load(state_of(self), address.term, cells, t));
}

// In a state with a twin, an address is accepted where the twin accepts it, if that is known to be
// the same: the two then have one condition for it, not two that must be shown to agree.
static bool translate(struct domain *self, struct evaluation *v, const struct translation *t,
                      union value address, unsigned cells, union value *physical)
{
    struct symbolic *const s = state_of(self);
    const struct symbolic_lemmas *const known = s->lemmas;
    if (!s->twin || !known || !known->twin || !known->twin(known->context, s, t, cells))
        return false;
    struct symbolic twin = *s->twin;
    const struct parameter *n = t->routine.parameters.items[1];
    union value const arguments[] = {address, constant(self, cells, n->width)};
    struct evaluation *mine = evaluate(v->arena, v->m, self, NULL, &t->routine, arguments);
    struct evaluation *its = evaluate(v->arena, v->m, &twin.domain, NULL, &t->routine, arguments);
    if (mine->ends.n) {
        // The lemma has all traps be of one cause, with one information.
        struct end *e = mine->ends.items[0];
        union value const rejected =
            term(symbolic_not(s->symbols, symbolic_truth(s->symbols, its->alive.term)));
        evaluation_trap(v, rejected, e->cause, e->value);
    }
    // Where it lies is known from the twin as well.
    Z3_ast const place = its->result.term ? its->result.term
                                          : symbolic_number(s->symbols, 0, t->routine.result_width);
    *physical =
        simple(s, Z3_mk_bvadd(s->symbols->z, symbolic_bits(s->symbols, place),
                              symbolic_resize(s->symbols, s->origin, t->routine.result_width)));
    return true;
}

static union value parameter(struct domain *self, const struct config *c)
{
    struct symbolic *const s = state_of(self);
    if (s->symbols->m->memory && c == s->symbols->m->memory->size) return term(s->size);
    return constant(self, c->value, c->width);
}

static unsigned choose(struct domain *self, unsigned alternatives)
{
    struct symbolic *const s = state_of(self);
    if (s->choices_n == SYMBOLIC_CHOICES) {
        s->too_many = true;
        return 0;
    }
    s->alternatives[s->choices_n] = alternatives;
    return s->choices[s->choices_n++];
}

static union value arbitrary(struct domain *self, unsigned width)
{
    struct symbolic *const s = state_of(self);
    struct symbols *const y = s->symbols;
    if (width <= SYMBOLIC_SMALL) return constant(self, choose(self, 1u << width), width);
    const char *name = arena_format(y->arena, "any_%s_%u_%u", s->values, s->arbitrary++, width);
    Z3_ast const value =
        Z3_mk_const(y->z, Z3_mk_string_symbol(y->z, name), Z3_mk_bv_sort(y->z, width));
    list_add(y->arena, &s->anyones, value);
    return term(value);
}

const struct domain symbolic_operations = {
    .constant = constant,
    .unary = unary,
    .binary = binary,
    .if_else = if_else,
    .slice = slice,
    .extend = extend,
    .truth = truth,
    .read = read,
    .load = load,
    .translate = translate,
    .parameter = parameter,
    .choose = choose,
    .arbitrary = arbitrary,
};
