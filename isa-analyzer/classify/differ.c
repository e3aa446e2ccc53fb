// SPDX-License-Identifier: MIT
// When two outcomes differ in what a program can see, and when one changes what only a control
// program may change.
#include "isa-analyzer/classify/question.h"

static Z3_ast any_index(struct session *s, const struct component *x)
{
    struct symbols *const y = &s->symbols;
    Z3_ast const index =
        symbolic_fresh(y, arena_format(s->arena, "index_%s", x->name), bits_width(x->count - 1));
    return index;
}

static bool is_assigned(const struct evaluation *v, const struct component *x)
{
    struct effect *f;
    LIST_EACH(f, v->effects) if (f->component == x) return true;
    return false;
}

// A component's value is not the same after v in a and w in b.
static Z3_ast component_differs(struct session *s, struct run *a, const struct evaluation *v,
                                struct run *b, const struct evaluation *w,
                                const struct component *x)
{
    struct symbols *const y = &s->symbols;
    if (!is_assigned(v, x) && !is_assigned(w, x) &&
        a->state.components[x->ordinal] == b->state.components[x->ordinal])
        return Z3_mk_false(s->z);
    Z3_ast const index = x->array ? any_index(s, x) : NULL;
    Z3_ast const differs = symbolic_not(y, symbolic_equal(y, symbolic_final(&a->state, v, x, index),
                                                          symbolic_final(&b->state, w, x, index)));
    if (!index) return differs;
    Z3_ast const exists =
        symbolic_below(y, index, symbolic_number(y, x->count, bits_width(x->count)));
    return symbolic_and(y, exists, differs);
}

// Where an instruction that assigns no counter goes on.
static Z3_ast counter_after(struct session *s, struct run *r, const struct evaluation *v)
{
    struct symbols *const y = &s->symbols;
    const struct component *const counter = s->m->counter;
    struct symbolic next = r->state;
    Z3_ast *components = arena_alloc(s->arena, (s->m->components.n + 1) * sizeof(Z3_ast));
    for (unsigned i = 0; i < s->m->components.n; i++) components[i] = r->state.components[i];
    unsigned const cells =
        s->m->memory ? s->row->instruction->format->width / s->m->memory->width : 1;
    components[counter->ordinal] =
        symbolic_simple(&s->symbols, Z3_mk_bvadd(s->z, components[counter->ordinal],
                                                 symbolic_number(y, cells, counter->width)));
    next.components = components;
    return symbolic_final(&next, v, counter, NULL);
}

// Whether the cell `at` of the inner array is one that both runs have: in the window of each.
static Z3_ast in_view(struct session *s, struct run *r, Z3_ast at)
{
    struct symbols *const y = &s->symbols;
    const struct component *const base = relocation_base(s->m);
    if (r->state.origin && !r->whole) {
        Z3_ast const end = Z3_mk_bvadd(s->z, symbolic_resize(y, at, y->index_bits + 1),
                                       symbolic_resize(y, r->state.origin, y->index_bits + 1));
        return symbolic_and(y, symbolic_below(y, at, r->state.extent),
                            symbolic_below(y, symbolic_simple(&s->symbols, end), r->state.size));
    }
    Z3_ast const exists = symbolic_below(y, at, r->state.size);
    if (!base || r->whole) return exists;
    Z3_ast const l = r->state.components[base->ordinal];
    Z3_ast const b = r->state.components[relocation_bound(s->m)->ordinal];
    unsigned const width =
        (symbolic_width(y, l) > y->index_bits ? symbolic_width(y, l) : y->index_bits);
    Z3_ast const offset =
        symbolic_simple(&s->symbols, Z3_mk_bvsub(s->z, symbolic_resize(y, at, width),
                                                 symbolic_resize(y, l, width)));
    return symbolic_and(
        y, exists,
        symbolic_and(y, symbolic_not(y, symbolic_below(y, at, l)), symbolic_below(y, offset, b)));
}

static bool stores(const struct evaluation *v)
{
    struct effect *f;
    LIST_EACH(f, v->effects) if (f->component->kind == COMPONENT_MEMORY) return true;
    return false;
}

static Z3_ast memory_differs(struct session *s, struct run *a, const struct evaluation *v,
                             struct run *b, const struct evaluation *w)
{
    struct symbols *const y = &s->symbols;
    if (!s->m->memory || (!stores(v) && !stores(w))) return Z3_mk_false(s->z);
    Z3_ast const at = symbolic_fresh(y, "cell", y->index_bits);
    Z3_ast const differs = symbolic_not(y, symbolic_equal(y, symbolic_final_inner(&a->state, v, at),
                                                          symbolic_final_inner(&b->state, w, at)));
    return symbolic_and(y, differs, symbolic_and(y, in_view(s, a, at), in_view(s, b, at)));
}

Z3_ast contents_differ(struct session *s, struct run *a, const struct outcome *o, struct run *b,
                       const struct outcome *p)
{
    struct symbols *const y = &s->symbols;
    const struct evaluation *const v = o->evaluation, *const w = p->evaluation;
    struct component *x;
    Z3_ast any = symbolic_not(y, symbolic_equal(y, counter_after(s, a, v), counter_after(s, b, w)));
    LIST_EACH(x, s->m->components)
    if (x->kind == COMPONENT_GENERAL)
        any = symbolic_or(y, any, component_differs(s, a, v, b, w, x));
    return symbolic_or(y, any, memory_differs(s, a, v, b, w));
}

Z3_ast outcome_differs(struct session *s, struct run *a, const struct outcome *o, struct run *b,
                       const struct outcome *p, bool only_next)
{
    struct symbols *const y = &s->symbols;
    Z3_ast const kinds[][2] = {{o->memory_trap, p->memory_trap},
                               {o->trap, p->trap},
                               {o->stop, p->stop},
                               {o->wait, p->wait},
                               {o->next, p->next}};
    Z3_ast other = Z3_mk_false(s->z), goes_on = Z3_mk_false(s->z);
    for (int k = 0; k < 5; k++) {
        other = symbolic_or(y, other, symbolic_not(y, symbolic_equal(y, kinds[k][0], kinds[k][1])));
        if (k >= 2) goes_on = symbolic_or(y, goes_on, symbolic_and(y, kinds[k][0], kinds[k][1]));
    }
    Z3_ast const contents = symbolic_and(y, goes_on, contents_differ(s, a, o, b, p));
    if (only_next) return symbolic_and(y, symbolic_and(y, o->next, p->next), contents);
    Z3_ast const traps = symbolic_and(
        y,
        symbolic_or(y, symbolic_and(y, o->trap, p->trap),
                    symbolic_and(y, o->memory_trap, p->memory_trap)),
        symbolic_not(y, symbolic_and(y, symbolic_equal(y, o->cause, p->cause),
                                     symbolic_equal(y, o->information, p->information))));
    Z3_ast const codes = symbolic_and(y, symbolic_and(y, o->stop, p->stop),
                                      symbolic_not(y, symbolic_equal(y, o->code, p->code)));
    return symbolic_or(y, symbolic_or(y, other, contents), symbolic_or(y, traps, codes));
}

// Some outcome of a is none of b's.
static Z3_ast has_more(struct session *s, struct run *a, struct run *b, bool only_next)
{
    struct symbols *const y = &s->symbols;
    struct outcome *o, *p;
    Z3_ast any = Z3_mk_false(s->z);
    LIST_EACH(o, a->outcomes)
    {
        Z3_ast lonely = only_next ? o->next : Z3_mk_true(s->z);
        LIST_EACH(p, b->outcomes)
        {
            Z3_ast differs = outcome_differs(s, a, o, b, p, only_next);
            if (only_next && b->outcomes.n > 1)
                differs = symbolic_or(y, differs, symbolic_not(y, p->next));
            lonely = symbolic_and(y, lonely, differs);
        }
        any = symbolic_or(y, any, lonely);
    }
    return any;
}

static Z3_ast may_go_on(struct session *s, const struct run *r)
{
    struct outcome *o;
    Z3_ast any = Z3_mk_false(s->z);
    LIST_EACH(o, r->outcomes) any = symbolic_or(&s->symbols, any, o->next);
    return any;
}

Z3_ast outcomes_differ(struct session *s, struct run *a, struct run *b, bool only_next)
{
    struct symbols *const y = &s->symbols;
    if (a->outcomes.n == 1 && b->outcomes.n == 1)
        return outcome_differs(s, a, a->outcomes.items[0], b, b->outcomes.items[0], only_next);
    Z3_ast const differ =
        symbolic_or(y, has_more(s, a, b, only_next), has_more(s, b, a, only_next));
    if (!only_next) return differ;
    return symbolic_and(y, differ, symbolic_and(y, may_go_on(s, a), may_go_on(s, b)));
}

// ---------------------------------------------------------------- what an outcome changes

static Z3_ast uses_device(struct session *s, const struct evaluation *v)
{
    struct symbols *const y = &s->symbols;
    struct effect *f;
    Z3_ast any = Z3_mk_false(s->z);
    LIST_EACH(f, v->effects)
    if (f->device || f->component->kind == COMPONENT_DEVICE)
        any = symbolic_or(y, any, symbolic_truth(y, f->guard.term));
    return any;
}

Z3_ast effects_differ(struct session *s, struct run *r, const struct outcome *o,
                      const struct outcome *p)
{
    struct symbols *const y = &s->symbols;
    struct run all = *r;
    struct component *x;
    all.whole = true;
    Z3_ast other = outcome_differs(s, &all, o, &all, p, false);
    Z3_ast state = symbolic_not(
        y, symbolic_equal(y, uses_device(s, o->evaluation), uses_device(s, p->evaluation)));
    LIST_EACH(x, s->m->components)
    if (x->kind == COMPONENT_MODE || x->kind == COMPONENT_RESOURCE)
        state = symbolic_or(y, state, component_differs(s, r, o->evaluation, r, p->evaluation, x));
    Z3_ast const go_on = symbolic_not(y, symbolic_or(y, o->trap, o->memory_trap));
    return symbolic_or(y, other, symbolic_and(y, state, go_on));
}

Z3_ast resources_changed(struct session *s, struct run *r, const struct evaluation *v)
{
    struct symbols *const y = &s->symbols;
    static const struct evaluation nothing;
    struct component *x;
    Z3_ast any = uses_device(s, v);
    LIST_EACH(x, s->m->components)
    if (x->kind == COMPONENT_MODE || x->kind == COMPONENT_RESOURCE)
        any = symbolic_or(y, any, component_differs(s, r, v, r, &nothing, x));
    return any;
}

Z3_ast outcome_changes(struct session *s, struct run *r, const struct outcome *o)
{
    return symbolic_and(&s->symbols, o->next, resources_changed(s, r, o->evaluation));
}
