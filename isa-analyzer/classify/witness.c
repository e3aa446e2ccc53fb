// SPDX-License-Identifier: MIT
// From a question with a model to two concrete states: numbers as small as they can be, in an order
// that is fixed, and then a replay that must show what was claimed.
#include "isa-analyzer/classify/definitions.h"
#include "isa-analyzer/classify/replay.h"

#include <stdlib.h>

enum { WORK_MAX = 100000 };

// A model being made small.
struct minimizer {
    struct question *q;
    Z3_context z;
    Z3_solver solver;
    Z3_model model;
    bool gave_up; // the last check came to no answer
};

static void take_model(struct minimizer *x)
{
    Z3_model const model = Z3_solver_get_model(x->z, x->solver);
    Z3_model_inc_ref(x->z, model);
    if (x->model) Z3_model_dec_ref(x->z, x->model);
    x->model = model;
}

static uint64_t value_of(struct minimizer *x, Z3_ast a)
{
    Z3_ast value;
    uint64_t n = 0;
    if (!Z3_model_eval(x->z, x->model, a, true, &value)) return 0;
    Z3_get_numeral_uint64(x->z, value, &n);
    return n;
}

// Is there a model with all of these at most `most`? Takes it if there is.
static bool can_be(struct minimizer *x, void *const *terms, unsigned n, uint64_t most)
{
    struct symbols *const y = &x->q->session->symbols;
    Z3_solver_push(x->z, x->solver);
    for (unsigned i = 0; i < n; i++) {
        Z3_ast const limit = symbolic_number(y, most, symbolic_width(y, terms[i]));
        Z3_solver_assert(x->z, x->solver, Z3_mk_bvule(x->z, terms[i], limit));
    }
    Z3_lbool const answer = Z3_solver_check(x->z, x->solver);
    if (answer == Z3_L_TRUE) take_model(x);
    x->gave_up = answer == Z3_L_UNDEF;
    Z3_solver_pop(x->z, x->solver, 1);
    return answer == Z3_L_TRUE;
}

// Keeps the terms at what the model has.
static void keep(struct minimizer *x, void *const *terms, unsigned n)
{
    struct symbols *const y = &x->q->session->symbols;
    for (unsigned i = 0; i < n; i++) {
        Z3_ast const value = symbolic_number(y, value_of(x, terms[i]), symbolic_width(y, terms[i]));
        Z3_solver_assert(x->z, x->solver, Z3_mk_eq(x->z, terms[i], value));
    }
}

// The least that a term, which can't be 0, can be. Most are small, so the search is from below. A
// check that gives up ends it.
static void minimize_one(struct minimizer *x, void *const *term)
{
    uint64_t least = 1, limit = 1;
    while (!x->gave_up && limit < value_of(x, *term) && !can_be(x, term, 1, limit)) {
        least = limit + 1;
        limit = limit << 3 > limit ? limit << 3 | 7 : UINT64_MAX;
    }
    while (!x->gave_up && least < value_of(x, *term)) {
        uint64_t const middle = least + (value_of(x, *term) - least) / 2;
        if (!can_be(x, term, 1, middle)) least = middle + 1;
    }
    keep(x, term, 1);
}

// Makes the terms as small as they can be, an earlier one before a later one. If all can be 0, that
// is the least; if not, one half is tried after the other.
static void minimize(struct minimizer *x, void *const *terms, unsigned n)
{
    bool zero = true;
    for (unsigned i = 0; i < n; i++) zero &= value_of(x, terms[i]) == 0;
    if (n == 0 || zero || can_be(x, terms, n, 0)) {
        keep(x, terms, n);
    } else if (n == 1) {
        minimize_one(x, terms);
    } else {
        minimize(x, terms, n / 2);
        minimize(x, terms + n / 2, n - n / 2);
    }
}

static void add_kind(struct minimizer *x, struct list *all, enum component_kind kind)
{
    struct component *c;
    struct arena *const a = x->q->session->arena;
    LIST_EACH(c, x->q->session->m->components)
    for (unsigned r = 0; r < x->q->runs_n; r++) {
        Z3_ast const term = x->q->runs[r]->state.components[c_i];
        if (c->kind == kind && !c->array && !Z3_is_numeral_ast(x->z, term)) list_add(a, all, term);
    }
}

// The place, the word, the registers, and then what arrays hold where they are looked at.
static void minimize_all(struct minimizer *x)
{
    struct session *const s = x->q->session;
    struct list all = {0}, looks = {0};
    if (x->q->partition) list_add(s->arena, &all, x->q->partition);
    add_kind(x, &all, COMPONENT_COUNTER);
    for (unsigned i = s->fields.n; i-- > 0;) list_add(s->arena, &all, s->fields.items[i]);
    add_kind(x, &all, COMPONENT_RESOURCE);
    add_kind(x, &all, COMPONENT_GENERAL);
    add_kind(x, &all, COMPONENT_SIGNAL);
    for (unsigned r = 0; r < x->q->runs_n; r++) {
        Z3_ast const size = x->q->runs[r]->state.size;
        if (size && !Z3_is_numeral_ast(x->z, size)) list_add(s->arena, &all, size);
    }
    minimize(x, all.items, all.n);
    // Only what a formula mentions; looks that others of the row's questions had are zero.
    struct symbolic_look *k;
    LIST_EACH(k, s->symbols.looks)
    if (value_of(x, k->term)) list_add(s->arena, &looks, k->term);
    minimize(x, looks.items, looks.n);
}

// ---------------------------------------------------------------- states from models

static void put(struct arena *a, struct snapshot *s, const struct component *c, uint64_t index,
                uint64_t value)
{
    struct snapshot_value *v;
    struct fixed_element *f;
    LIST_EACH(f, c->fixed) if (f->index == index) return;
    if (!value || (c->kind != COMPONENT_MEMORY && index >= c->count)) return;
    LIST_EACH(v, s->values) if (v->component == c && v->index == index) return;
    v = ARENA_NEW(a, struct snapshot_value);
    *v = (struct snapshot_value){c, index, value};
    list_add(a, &s->values, v);
}

static void put_cell(struct minimizer *x, const struct run *r, const struct symbolic_look *k,
                     struct snapshot *to)
{
    const struct symbolic *const state = &r->state;
    uint64_t at = value_of(x, k->index);
    uint64_t const origin = state->origin ? value_of(x, state->origin) : 0;
    uint64_t const extent = state->origin ? value_of(x, state->extent) : to->cells_n;
    if (k->array == state->inner) {
        if (at >= extent || at >= to->cells_n) return;
        at += origin;
    } else if (k->array != state->outer || (at >= origin && at - origin < extent)) {
        return;
    }
    if (at < to->cells_n) put(x->q->session->arena, to, k->component, at, value_of(x, k->term));
}

static int by_place(const void *a, const void *b)
{
    const struct snapshot_value *x = *(void *const *)a, *y = *(void *const *)b;
    if (x->component != y->component) return x->component->ordinal < y->component->ordinal ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void snapshot(struct minimizer *x, const struct run *r, struct snapshot *to)
{
    struct session *const s = x->q->session;
    struct component *c;
    struct symbolic_look *k;
    to->cells_n = r->state.size ? value_of(x, r->state.size) : 0;
    LIST_EACH(c, s->m->components)
    {
        if (c->kind == COMPONENT_MEMORY) continue;
        if (!c->array) {
            put(s->arena, to, c, 0, value_of(x, r->state.components[c_i]));
        } else if (c->map == MAP_FIX &&
                   Z3_get_ast_kind(x->z, r->state.components[c_i]) == Z3_APP_AST &&
                   Z3_get_app_num_args(x->z, Z3_to_app(x->z, r->state.components[c_i])) == 1) {
            for (uint64_t i = 0; i < c->count; i++) put(s->arena, to, c, i, (uint64_t)c->map_value);
        }
    }
    LIST_EACH(k, s->symbols.looks)
    {
        if (k->component->kind == COMPONENT_MEMORY)
            put_cell(x, r, k, to);
        else if (k->array == r->state.components[k->component->ordinal])
            put(s->arena, to, k->component, value_of(x, k->index), value_of(x, k->term));
    }
    if (to->values.n) qsort(to->values.items, to->values.n, sizeof(void *), by_place);
}

// ---------------------------------------------------------------- fetching

// The conditions under which the word is fetched from the counter on in a state; null where the
// description has no fetch.
static Z3_ast fetchable(struct session *s, struct run *r)
{
    const struct section *const fetch = &s->m->sections[SECTION_FETCH];
    struct symbols *const y = &s->symbols;
    unsigned const unit = s->m->unit_width, width = s->row->instruction->format->width;
    if (!fetch->present || !s->m->memory || !unit) return NULL;
    Z3_ast all = Z3_mk_true(s->z);
    Z3_ast const at = r->state.components[s->m->counter->ordinal];
    for (unsigned high = width; high >= unit; high -= unit) {
        unsigned const cells = (width - high) / s->m->memory->width;
        union value const address = {
            .term = symbolic_simple(
                &s->symbols,
                Z3_mk_bvadd(s->z, at, symbolic_number(y, cells, s->m->counter->width)))};
        struct evaluation *v =
            evaluate(s->arena, s->m, &r->state.domain, NULL, &fetch->routine, &address);
        Z3_ast const part =
            symbolic_simple(&s->symbols, Z3_mk_extract(s->z, high - 1, high - unit, s->word));
        if (!v->result.term) return Z3_mk_false(s->z);
        all = symbolic_and(y, all, symbolic_truth(y, v->alive.term));
        all = symbolic_and(y, all, symbolic_equal(y, symbolic_bits(y, v->result.term), part));
    }
    return all;
}

static bool add_fetch(struct question *q)
{
    for (unsigned r = 0; r < q->runs_n; r++) {
        Z3_ast const condition = fetchable(q->session, q->runs[r]);
        if (!condition) return false;
        question_add(q, condition);
    }
    return true;
}

// ---------------------------------------------------------------- the witness

static void open_values(struct minimizer *x, struct witness *w)
{
    struct session *const s = x->q->session;
    for (unsigned r = 0; r < x->q->runs_n; r++) {
        Z3_ast any;
        LIST_EACH(any, x->q->runs[r]->state.anyones)
        {
            uint64_t const value = value_of(x, any), *other;
            bool seen = value == 0;
            LIST_EACH(other, w->open) seen |= *other == value;
            if (seen) continue;
            uint64_t *it = ARENA_NEW(s->arena, uint64_t);
            *it = value;
            list_add(s->arena, &w->open, it);
        }
    }
}

// Null where the question has no model.
static struct witness *from_model(struct question *q, enum property p)
{
    struct session *const s = q->session;
    struct minimizer x = {.q = q, .z = s->z, .solver = question_solver(q)};
    struct witness *w = NULL;
    if (Z3_solver_check(s->z, x.solver) == Z3_L_TRUE) {
        take_model(&x);
        symbolic_limit(x.z, x.solver, WORK_MAX);
        minimize_all(&x);
        w = ARENA_NEW(s->arena, struct witness);
        w->property = p;
        w->instruction = s->row->instruction;
        w->word = value_of(&x, s->word);
        w->partition = q->partition ? value_of(&x, q->partition) : 0;
        for (unsigned k = 0; k < 2; k++)
            snapshot(&x, q->runs[k < q->runs_n ? k : 0], &w->states[k]);
        open_values(&x, w);
    }
    if (x.model) Z3_model_dec_ref(s->z, x.model);
    Z3_solver_dec_ref(s->z, x.solver);
    return w;
}

struct witness *witness_make(struct question *q, enum property p, const char **fault)
{
    struct session *const s = q->session;
    struct question running = *q;
    struct witness *w = add_fetch(&running) ? from_model(&running, p) : NULL;
    if (w)
        w->fetchable = true;
    else
        w = from_model(q, p);
    if (!w || (s->m->memory && w->states[1].cells_n > REPLAY_CELLS_MAX)) return w;
    if (!replay(s->arena, s->m, w) && !*fault)
        *fault =
            arena_format(s->arena, "the witness that %s is %s does not show it when it is run: %s",
                         row_name(s->arena, s->row), property_names[p], w->difference);
    return w;
}
