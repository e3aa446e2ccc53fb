// SPDX-License-Identifier: MIT
// Symbolic states: their elements and cells, before an instruction and after it.
#include "isa-analyzer/semantics/symbolic.h"

void symbols_init(struct symbols *y, Z3_context z, struct arena *a, const struct description *m)
{
    *y = (struct symbols){.z = z, .arena = a, .m = m, .index_bits = 1};
    struct translation *t;
    if (!m->memory) return;
    LIST_EACH(t, m->translations)
    if (t->routine.result_width > y->index_bits) y->index_bits = t->routine.result_width;
    bits const last = m->memory->size->value ? m->memory->size->value - 1 : 0;
    if (bits_width(last) > y->index_bits) y->index_bits = bits_width(last);
}

static unsigned element_bits(const struct component *x)
{
    return bits_width(x->count - 1);
}

static Z3_ast array(struct symbols *y, const char *name, unsigned index, unsigned width)
{
    Z3_sort const sort =
        Z3_mk_array_sort(y->z, Z3_mk_bv_sort(y->z, index), Z3_mk_bv_sort(y->z, width));
    return Z3_mk_const(y->z, Z3_mk_string_symbol(y->z, name), sort);
}

void symbolic_init(struct symbolic *s, struct symbols *y, const char *name)
{
    const struct description *const m = y->m;
    struct component *x;
    *s = (struct symbolic){
        .domain = symbolic_operations, .symbols = y, .name = name, .values = "value"};
    s->components = arena_alloc(y->arena, (m->components.n + 1) * sizeof(Z3_ast));
    LIST_EACH(x, m->components)
    {
        const char *full = arena_format(y->arena, "%s_%s", x->name, name);
        if (x->kind == COMPONENT_MEMORY) continue;
        s->components[x_i] = x->array ? array(y, full, element_bits(x), x->width)
                                      : Z3_mk_const(y->z, Z3_mk_string_symbol(y->z, full),
                                                    Z3_mk_bv_sort(y->z, x->width));
    }
    if (!m->memory) return;
    s->size = symbolic_number(y, m->memory->size->value, m->memory->size->width);
    s->inner = array(y, arena_format(y->arena, "%s_%s", m->memory->name, name), y->index_bits,
                     m->memory->width);
}

Z3_ast symbolic_select(struct symbols *y, const struct component *x, Z3_ast from, Z3_ast index)
{
    struct symbolic_look *k;
    Z3_ast const term = Z3_mk_select(y->z, from, index);
    LIST_EACH(k, y->looks) if (k->term == term) return term;
    k = ARENA_NEW(y->arena, struct symbolic_look);
    *k = (struct symbolic_look){x, from, index, term};
    list_add(y->arena, &y->looks, k);
    return term;
}

// Whether an index, as wide as it came, is that of an element.
static Z3_ast exists(struct symbols *y, const struct component *x, Z3_ast index)
{
    unsigned const width = symbolic_width(y, index);
    if (width < 64 && x->count >> width) return Z3_mk_true(y->z);
    return symbolic_below(y, index, symbolic_number(y, x->count, bits_width(x->count)));
}

static Z3_ast unfixed(struct symbols *y, const struct component *x, Z3_ast index)
{
    struct fixed_element *f;
    Z3_ast any = Z3_mk_false(y->z);
    LIST_EACH(f, x->fixed)
    any = symbolic_or(
        y, any, symbolic_equal(y, index, symbolic_number(y, f->index, symbolic_width(y, index))));
    return symbolic_not(y, any);
}

Z3_ast symbolic_element(struct symbolic *s, const struct component *x, Z3_ast index)
{
    struct symbols *const y = s->symbols;
    struct fixed_element *f;
    Z3_ast const whole = s->components[x->ordinal];
    if (!x->array) {
        // A scalar may be fixed too: its only element has the number 0.
        LIST_EACH(f, x->fixed) return symbolic_number(y, f->value, x->width);
        return whole;
    }
    index = index ? symbolic_bits(y, index) : symbolic_number(y, 0, element_bits(x));
    Z3_ast const at = symbolic_resize(y, index, element_bits(x));
    Z3_ast value = symbolic_select(y, x, whole, at);
    LIST_EACH(f, x->fixed)
    value = symbolic_if(y, symbolic_equal(y, at, symbolic_number(y, f->index, element_bits(x))),
                        symbolic_number(y, f->value, x->width), value);
    return symbolic_if(y, exists(y, x, index), value, symbolic_number(y, 0, x->width));
}

// `old` with bits of it replaced.
static Z3_ast replaced(struct symbols *y, Z3_ast old, Z3_ast data, unsigned low, unsigned width)
{
    unsigned const all = symbolic_width(y, old);
    data = symbolic_bits(y, data);
    if (low + width < all)
        data = Z3_mk_concat(y->z, Z3_mk_extract(y->z, all - 1, low + width, old), data);
    if (low) data = Z3_mk_concat(y->z, data, Z3_mk_extract(y->z, low - 1, 0, old));
    return symbolic_simple(y, data);
}

// What an effect assigns. What a device gives is unknown, and the same for the same register.
static Z3_ast assigned(struct symbolic *s, const struct effect *f)
{
    struct symbols *const y = s->symbols;
    if (!f->device) return f->data.term;
    Z3_ast const value = symbolic_element(s, f->device, f->data.term);
    return symbolic_resize(y, value, f->width);
}

Z3_ast symbolic_final(struct symbolic *s, const struct evaluation *v, const struct component *x,
                      Z3_ast index)
{
    struct symbols *const y = s->symbols;
    struct effect *f;
    Z3_ast value = symbolic_element(s, x, index);
    if (!x->array && x->fixed.n) return value;
    LIST_EACH(f, v->effects)
    {
        if (f->component != x) continue;
        Z3_ast hit = symbolic_truth(y, f->guard.term);
        if (x->array) {
            Z3_ast const at = f->indexed ? symbolic_bits(y, f->index.term)
                                         : symbolic_number(y, 0, element_bits(x));
            hit = symbolic_and(y, hit, exists(y, x, at));
            hit = symbolic_and(y, hit,
                               symbolic_equal(y, symbolic_resize(y, at, element_bits(x)), index));
            hit = symbolic_and(y, hit, unfixed(y, x, index));
        }
        value = symbolic_if(y, hit, replaced(y, value, assigned(s, f), f->low, f->width), value);
    }
    return value;
}

// ---------------------------------------------------------------- memory

static bool is_inside(struct symbolic *s, const struct translation *t, unsigned cells)
{
    const struct symbolic_lemmas *const known = s->lemmas;
    return t && known && known->inside && known->inside(known->context, s, t, cells);
}

static Z3_ast add(struct symbols *y, Z3_ast a, Z3_ast b)
{
    return symbolic_simple(y, Z3_mk_bvadd(y->z, a, b));
}

static Z3_ast subtract(struct symbols *y, Z3_ast a, Z3_ast b)
{
    return symbolic_simple(y, Z3_mk_bvsub(y->z, a, b));
}

static Z3_ast index_of(struct symbols *y, Z3_ast physical)
{
    return symbolic_resize(y, physical, y->index_bits);
}

static Z3_ast inner_place(struct symbolic *s, Z3_ast physical)
{
    Z3_ast const at = index_of(s->symbols, physical);
    return s->origin ? subtract(s->symbols, at, s->origin) : at;
}

static Z3_ast cell(struct symbolic *s, Z3_ast physical, bool inside)
{
    struct symbols *const y = s->symbols;
    const struct component *const memory = y->m->memory;
    Z3_ast const at = inner_place(s, physical);
    Z3_ast const inner = symbolic_select(y, memory, s->inner, at);
    if (inside || !s->outer) return inner;
    Z3_ast const outer = symbolic_select(y, memory, s->outer, index_of(y, physical));
    // at = physical - origin wraps around below the origin, and then is not below the extent.
    Z3_ast const within =
        symbolic_and(y, symbolic_below(y, at, s->extent),
                     symbolic_not(y, symbolic_below(y, index_of(y, physical), s->origin)));
    return symbolic_if(y, within, inner, outer);
}

Z3_ast symbolic_load(struct symbolic *s, Z3_ast address, unsigned cells,
                     const struct translation *t)
{
    struct symbols *const y = s->symbols;
    const struct component *const memory = y->m->memory;
    bool const inside = is_inside(s, t, cells);
    address = symbolic_bits(y, address);
    Z3_ast const first = index_of(y, address);
    Z3_ast value = NULL;
    for (unsigned k = 0; k < cells; k++) {
        Z3_ast const it = cell(s, add(y, first, symbolic_number(y, k, y->index_bits)), inside);
        value = !value               ? it
                : memory->big_endian ? Z3_mk_concat(y->z, value, it)
                                     : Z3_mk_concat(y->z, it, value);
    }
    value = symbolic_simple(y, value);
    if (inside) return value;
    return symbolic_if(y, symbolic_fits(y, address, cells, s->size), value,
                       symbolic_number(y, 0, cells * memory->width));
}

// The cell `k` (a term) of the data that an effect stores.
static Z3_ast stored(struct symbols *y, const struct effect *f, Z3_ast k)
{
    const struct component *const memory = f->component;
    Z3_ast const data = symbolic_bits(y, f->data.term);
    Z3_ast value = NULL;
    for (unsigned c = f->cells; c-- > 0;) {
        unsigned const low = (memory->big_endian ? f->cells - 1 - c : c) * memory->width;
        Z3_ast const part =
            symbolic_simple(y, Z3_mk_extract(y->z, low + memory->width - 1, low, data));
        value = !value ? part
                       : symbolic_if(y, symbolic_equal(y, k, symbolic_number(y, c, y->index_bits)),
                                     part, value);
    }
    return value;
}

// Whether k is the number of a cell among `cells`.
static Z3_ast among(struct symbols *y, Z3_ast k, unsigned cells)
{
    return symbolic_below(y, k, symbolic_number(y, cells, bits_width(cells)));
}

static Z3_ast final_cell(struct symbolic *s, const struct evaluation *v, Z3_ast at, bool inner)
{
    struct symbols *const y = s->symbols;
    struct effect *f;
    Z3_ast value = symbolic_select(y, y->m->memory, inner ? s->inner : s->outer, at);
    Z3_ast const physical = inner && s->origin ? add(y, at, s->origin) : at;
    LIST_EACH(f, v->effects)
    {
        if (f->component->kind != COMPONENT_MEMORY) continue;
        bool const inside = is_inside(s, f->translation, f->cells);
        if (inside && !inner) continue;
        Z3_ast const address = symbolic_bits(y, f->index.term);
        Z3_ast const k = inside ? subtract(y, at, inner_place(s, address))
                                : subtract(y, physical, index_of(y, address));
        Z3_ast hit = symbolic_and(y, symbolic_truth(y, f->guard.term), among(y, k, f->cells));
        if (!inside) hit = symbolic_and(y, hit, symbolic_fits(y, address, f->cells, s->size));
        value = symbolic_if(y, hit, stored(y, f, k), value);
    }
    return value;
}

Z3_ast symbolic_final_inner(struct symbolic *s, const struct evaluation *v, Z3_ast at)
{
    return final_cell(s, v, at, true);
}

Z3_ast symbolic_final_outer(struct symbolic *s, const struct evaluation *v, Z3_ast at)
{
    return final_cell(s, v, at, false);
}
