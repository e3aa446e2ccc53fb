// SPDX-License-Identifier: MIT
// Terms: the small steps in which everything else builds them, simplified as they are made.
#include "isa-analyzer/semantics/symbolic.h"

// The solver's handler of interrupts is of the whole process, and we have threads: none is set.
void symbolic_limit(Z3_context z, Z3_solver solver, unsigned work)
{
    Z3_params const p = Z3_mk_params(z);
    Z3_params_inc_ref(z, p);
    Z3_params_set_bool(z, p, Z3_mk_string_symbol(z, "ctrl_c"), false);
    Z3_params_set_uint(z, p, Z3_mk_string_symbol(z, "random_seed"), 0);
    Z3_params_set_uint(z, p, Z3_mk_string_symbol(z, "rlimit"), work);
    Z3_solver_set_params(z, solver, p);
    Z3_params_dec_ref(z, p);
}

Z3_ast symbolic_simple(struct symbols *y, Z3_ast a)
{
    return y->plain ? a : Z3_simplify(y->z, a);
}

static bool is_boolean(struct symbols *y, Z3_ast a)
{
    return Z3_get_sort_kind(y->z, Z3_get_sort(y->z, a)) == Z3_BOOL_SORT;
}

static bool is_true(struct symbols *y, Z3_ast a)
{
    return Z3_get_bool_value(y->z, a) == Z3_L_TRUE;
}

static bool is_false(struct symbols *y, Z3_ast a)
{
    return Z3_get_bool_value(y->z, a) == Z3_L_FALSE;
}

unsigned symbolic_width(struct symbols *y, Z3_ast a)
{
    return is_boolean(y, a) ? 1 : Z3_get_bv_sort_size(y->z, Z3_get_sort(y->z, a));
}

Z3_ast symbolic_number(struct symbols *y, bits n, unsigned width)
{
    n = bits_low(n, width);
    Z3_sort const low = Z3_mk_bv_sort(y->z, width < 64 ? width : 64);
    Z3_ast const lower = Z3_mk_unsigned_int64(y->z, (uint64_t)n, low);
    if (width <= 64) return lower;
    Z3_sort const high = Z3_mk_bv_sort(y->z, width - 64);
    return symbolic_simple(
        y, Z3_mk_concat(y->z, Z3_mk_unsigned_int64(y->z, (uint64_t)(n >> 64), high), lower));
}

Z3_ast symbolic_bits(struct symbols *y, Z3_ast a)
{
    if (!is_boolean(y, a)) return a;
    Z3_ast const one = symbolic_number(y, 1, 1), zero = symbolic_number(y, 0, 1);
    return is_true(y, a)    ? one
           : is_false(y, a) ? zero
                            : symbolic_simple(y, Z3_mk_ite(y->z, a, one, zero));
}

Z3_ast symbolic_truth(struct symbols *y, Z3_ast a)
{
    if (is_boolean(y, a)) return a;
    return symbolic_simple(y, Z3_mk_eq(y->z, a, symbolic_number(y, 1, 1)));
}

// Names have letters, digits and underscores only: other solvers read them too.
Z3_ast symbolic_fresh(struct symbols *y, const char *name, unsigned width)
{
    const char *unique = arena_format(y->arena, "%s_%u", name, y->fresh++);
    return Z3_mk_const(y->z, Z3_mk_string_symbol(y->z, unique), Z3_mk_bv_sort(y->z, width));
}

Z3_ast symbolic_resize(struct symbols *y, Z3_ast a, unsigned width)
{
    a = symbolic_bits(y, a);
    unsigned const from = symbolic_width(y, a);
    if (from == width) return a;
    return symbolic_simple(y, from < width ? Z3_mk_zero_ext(y->z, width - from, a)
                                           : Z3_mk_extract(y->z, width - 1, 0, a));
}

Z3_ast symbolic_and(struct symbols *y, Z3_ast a, Z3_ast b)
{
    if (is_true(y, a) || is_false(y, b) || a == b) return b;
    if (is_true(y, b) || is_false(y, a)) return a;
    Z3_ast const both[] = {a, b};
    return symbolic_simple(y, Z3_mk_and(y->z, 2, both));
}

Z3_ast symbolic_or(struct symbols *y, Z3_ast a, Z3_ast b)
{
    if (is_false(y, a) || is_true(y, b) || a == b) return b;
    if (is_false(y, b) || is_true(y, a)) return a;
    Z3_ast const both[] = {a, b};
    return symbolic_simple(y, Z3_mk_or(y->z, 2, both));
}

Z3_ast symbolic_not(struct symbols *y, Z3_ast a)
{
    return symbolic_simple(y, Z3_mk_not(y->z, a));
}

Z3_ast symbolic_equal(struct symbols *y, Z3_ast a, Z3_ast b)
{
    if (a == b) return Z3_mk_true(y->z);
    if (is_boolean(y, a) != is_boolean(y, b)) {
        a = symbolic_bits(y, a);
        b = symbolic_bits(y, b);
    }
    return symbolic_simple(y, Z3_mk_eq(y->z, a, b));
}

static unsigned wider(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

Z3_ast symbolic_below(struct symbols *y, Z3_ast a, Z3_ast b)
{
    unsigned const width = wider(symbolic_width(y, a), symbolic_width(y, b));
    return symbolic_simple(
        y, Z3_mk_bvult(y->z, symbolic_resize(y, a, width), symbolic_resize(y, b, width)));
}

Z3_ast symbolic_fits(struct symbols *y, Z3_ast a, bits n, Z3_ast b)
{
    unsigned const width =
        wider(wider(symbolic_width(y, a), symbolic_width(y, b)), bits_width(n)) + 1;
    Z3_ast const end =
        Z3_mk_bvadd(y->z, symbolic_resize(y, a, width), symbolic_number(y, n, width));
    return symbolic_simple(y, Z3_mk_bvule(y->z, end, symbolic_resize(y, b, width)));
}

Z3_ast symbolic_if(struct symbols *y, Z3_ast condition, Z3_ast yes, Z3_ast no)
{
    if (is_true(y, condition) || yes == no) return yes;
    if (is_false(y, condition)) return no;
    if (is_boolean(y, yes) != is_boolean(y, no)) {
        yes = symbolic_bits(y, yes);
        no = symbolic_bits(y, no);
    }
    return symbolic_simple(y, Z3_mk_ite(y->z, condition, yes, no));
}
