// SPDX-License-Identifier: MIT
// The exact criterion: may an instruction run directly, and may its memory traps be reflected? A
// real state H represents a virtual state S in a partition at k; the map is in the book.
#include "isa-analyzer/classify/definitions.h"

// The real machine's relocation-bounds register: (k + l, min(b, w - l)), or (k, 0) where l >= w.
// The bound is a constant of its own, constrained without a subtraction.
static void relocate(struct session *s, struct question *q, struct symbolic *h,
                     const struct symbolic *v)
{
    struct symbols *const y = &s->symbols;
    const struct component *const base = relocation_base(s->m);
    const struct component *const bound = relocation_bound(s->m);
    unsigned const w = base->width;
    Z3_ast const l = v->components[base->ordinal], b = v->components[bound->ordinal];
    Z3_ast const k = symbolic_fresh(y, "partition", w);
    Z3_ast const has_room = symbolic_below(y, l, v->size);
    Z3_ast const moved = symbolic_simple(&s->symbols, Z3_mk_bvadd(s->z, k, l));
    Z3_ast const clipped = h->components[bound->ordinal]; // a constant of its own
    h->components[base->ordinal] = symbolic_if(y, has_room, moved, k);
    h->size = symbolic_fresh(y, "host_size", s->m->memory->size->width);
    q->partition = k;
    // The partition begins behind address 0, ends in the host's memory, and R can name all of it.
    unsigned wide = symbolic_width(y, v->size);
    if (w > wide) wide = w;
    if (bound->width > wide) wide = bound->width;
    Z3_ast const size = symbolic_resize(y, v->size, wide + 1);
    Z3_ast const top =
        symbolic_simple(&s->symbols, Z3_mk_bvadd(s->z, symbolic_resize(y, k, wide + 1), size));
    Z3_ast const zero = symbolic_number(y, 0, 1), most = symbolic_number(y, (bits)1 << w, w + 1);
    question_add(q, symbolic_below(y, zero, k));
    question_add(q, symbolic_below(y, zero, v->size));
    question_add(q, symbolic_not(y, symbolic_below(y, h->size, top)));
    question_add(q, symbolic_not(y, symbolic_below(y, most, top)));
    // l + b' <= w
    Z3_ast const sum =
        symbolic_simple(&s->symbols, Z3_mk_bvadd(s->z, symbolic_resize(y, l, wide + 1),
                                                 symbolic_resize(y, clipped, wide + 1)));
    Z3_ast const whole = symbolic_equal(y, clipped, b);
    Z3_ast const cut = symbolic_equal(y, sum, size);
    question_add(q, symbolic_not(y, symbolic_below(y, b, clipped)));
    question_add(q, symbolic_if(y, has_room,
                                symbolic_and(y, symbolic_not(y, symbolic_below(y, size, sum)),
                                             symbolic_or(y, whole, cut)),
                                symbolic_equal(y, clipped, symbolic_number(y, 0, bound->width))));
}

// The virtual machine may have any size, whatever the description's parameter says of the bare one.
static struct run *of_any_size(struct session *s, const struct run *like)
{
    struct run *v = ARENA_NEW(s->arena, struct run);
    v->mode = like->mode;
    run_copy_state(s, &v->state, &like->state, like->state.name);
    v->state.size = symbolic_fresh(&s->symbols, "size", s->m->memory->size->width);
    v->whole = true;
    run_evaluate(s, v);
    return v;
}

// The real state, evaluated: q->runs[0] becomes the virtual one, q->runs[1] the real one.
static void represent(struct session *s, struct question *q, const struct mode_value *mode)
{
    struct symbols *const y = &s->symbols;
    struct run *v = run_in_mode(s, mode), *h = ARENA_NEW(s->arena, struct run);
    struct component *x;
    if (relocation_base(s->m)) v = of_any_size(s, v);
    symbolic_init(&h->state, y, "real");
    Z3_ast const outside = h->state.inner;
    LIST_EACH(x, s->m->components)
    {
        Z3_ast *const to = &h->state.components[x_i];
        if (x->kind == COMPONENT_GENERAL || x->kind == COMPONENT_COUNTER ||
            (x->kind == COMPONENT_RESOURCE && x->map == MAP_MIRROR))
            *to = v->state.components[x_i];
        if (x->kind == COMPONENT_RESOURCE && x->map == MAP_FIX) {
            Z3_ast const value = symbolic_number(y, x->map_value, x->width);
            *to = x->array ? Z3_mk_const_array(s->z, Z3_mk_bv_sort(s->z, bits_width(x->count - 1)),
                                               value)
                           : value;
        }
    }
    h->mode = real_mode(s->m, mode);
    if (mode)
        h->state.components[s->m->mode->ordinal] =
            symbolic_number(y, h->mode->value, s->m->mode->width);
    h->state.inner = v->state.inner;
    h->state.size = v->state.size;
    if (relocation_base(s->m)) {
        relocate(s, q, &h->state, &v->state);
        h->state.outer = outside;
        h->state.origin = symbolic_resize(y, q->partition, y->index_bits);
        h->state.extent = v->state.size;
        h->state.twin = &v->state;
    }
    // Values left open are taken alike; what a device gives, and a signal, is the real one's.
    h->state.values = v->state.values;
    h->whole = true;
    run_evaluate(s, h);
    q->runs[0] = v, q->runs[1] = h, q->runs_n = 2;
}

// The outcome o of H changes something outside the partition.
static Z3_ast escapes(struct session *s, struct run *h, const struct outcome *o)
{
    struct symbols *const y = &s->symbols;
    if (!h->state.outer) return Z3_mk_false(s->z);
    Z3_ast const at = symbolic_fresh(y, "outside", y->index_bits);
    Z3_ast const before = symbolic_select(y, s->m->memory, h->state.outer, at);
    Z3_ast const after = symbolic_final_outer(&h->state, o->evaluation, at);
    Z3_ast const differs = symbolic_not(y, symbolic_equal(y, before, after));
    Z3_ast const offset = symbolic_simple(&s->symbols, Z3_mk_bvsub(s->z, at, h->state.origin));
    Z3_ast const within = symbolic_and(y, symbolic_not(y, symbolic_below(y, at, h->state.origin)),
                                       symbolic_below(y, offset, h->state.extent));
    return symbolic_and(
        y, differs, symbolic_and(y, symbolic_not(y, within), symbolic_below(y, at, h->state.size)));
}

// H itself goes wrong in the outcome o, whatever S does: it stops or waits, or goes on with the
// mode or a resource changed, a device used, or something outside the partition.
static Z3_ast goes_astray(struct session *s, struct run *h, const struct outcome *o)
{
    struct symbols *const y = &s->symbols;
    Z3_ast const changes = symbolic_or(y, resources_changed(s, h, o->evaluation), escapes(s, h, o));
    return symbolic_or(y, symbolic_and(y, o->next, changes), symbolic_or(y, o->stop, o->wait));
}

// H goes on to a state that none of S's outcomes is represented by: one that is Next, with the
// record as it was and the same registers, counter and memory.
static Z3_ast goes_elsewhere(struct session *s, struct run *v, struct run *h,
                             const struct outcome *o)
{
    struct symbols *const y = &s->symbols;
    struct outcome *p;
    Z3_ast none_fits = o->next;
    LIST_EACH(p, v->outcomes)
    {
        Z3_ast const differs = symbolic_or(
            y, symbolic_not(y, p->next),
            symbolic_or(y, resources_changed(s, v, p->evaluation), contents_differ(s, v, p, h, o)));
        none_fits = symbolic_and(y, none_fits, differs);
    }
    return none_fits;
}

// The memory trap o of H is not one that S may raise too.
static Z3_ast reflects_wrong(struct session *s, struct run *v, const struct outcome *o)
{
    struct symbols *const y = &s->symbols;
    struct outcome *p;
    Z3_ast wrong = o->memory_trap;
    LIST_EACH(p, v->outcomes)
    {
        Z3_ast const same =
            symbolic_and(y, p->memory_trap,
                         symbolic_and(y, symbolic_equal(y, o->cause, p->cause),
                                      symbolic_equal(y, o->information, p->information)));
        wrong = symbolic_and(y, wrong, symbolic_not(y, same));
    }
    return wrong;
}

static void decide_mode(struct session *s, struct verdict *broken, const struct mode_value *mode)
{
    struct symbols *const y = &s->symbols;
    struct outcome *o;
    struct question q = {.session = s, .name = "exact"};
    question_add(&q, s->word_valid);
    represent(s, &q, mode);
    Z3_ast astray = Z3_mk_false(s->z), elsewhere = astray, reflected = astray;
    LIST_EACH(o, q.runs[1]->outcomes)
    {
        astray = symbolic_or(y, astray, goes_astray(s, q.runs[1], o));
        elsewhere = symbolic_or(y, elsewhere, goes_elsewhere(s, q.runs[0], q.runs[1], o));
        reflected = symbolic_or(y, reflected, reflects_wrong(s, q.runs[0], o));
    }
    struct question r = q, certain = q;
    r.name = "reflectable";
    question_add(&q, symbolic_or(y, astray, elsewhere));
    question_add(&r, reflected);
    bool const user = !mode || !mode->supervisor;
    static const enum property kinds[2][2] = {
        {PROPERTY_EXACT, PROPERTY_EXACT_HYBRID},
        {PROPERTY_REFLECTABLE, PROPERTY_REFLECTABLE_HYBRID},
    };
    if (q.runs[1]->arbitrary) {
        // Whatever value S takes where one is left open.
        certain.name = "astray";
        certain.one_is_enough = true;
        question_add(&certain, astray);
        decide_also(broken, PROPERTY_EXACT, user ? PROPERTY_EXACT_HYBRID : PROPERTIES, &certain);
    }
    for (int kind = 0; kind < 2; kind++)
        decide_also(broken, kinds[kind][0], user ? kinds[kind][1] : PROPERTIES, kind ? &r : &q);
}

void decide_exact(struct session *s, struct verdict *v)
{
    static const enum answer opposite[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};
    struct list const all = modes_all(s);
    struct verdict broken[PROPERTIES] = {0};
    // Of user modes the real one is asked first: its witness is the plainest.
    for (int other = 0; other < 2; other++) {
        for (unsigned i = 0; i < all.n; i++) {
            const struct mode_value *const mode = all.items[i];
            bool const first = !mode || mode->supervisor || real_mode(s->m, mode) == mode;
            if (first == !other) decide_mode(s, broken, mode);
        }
    }
    for (int p = PROPERTY_EXACT; p <= PROPERTY_REFLECTABLE_HYBRID; p++) {
        v[p] = broken[p];
        v[p].answer = opposite[broken[p].answer];
    }
}
