// SPDX-License-Identifier: MIT
// States and the outcomes of an instruction in them.
#include "isa-analyzer/classify/question.h"

enum { OUTCOMES_MAX = 256 };

// ---------------------------------------------------------------- lemmas

static bool inside(void *context, const struct symbolic *state, const struct translation *t,
                   unsigned cells)
{
    struct session *const s = context;
    // Modes are numbers in every state that is asked about; see run_in_mode.
    uint64_t mode = 0, virtual = 0;
    if (s->m->mode && !Z3_get_numeral_uint64(s->z, state->components[s->m->mode->ordinal], &mode))
        return false;
    if (state->twin && s->m->mode)
        Z3_get_numeral_uint64(s->z, state->twin->components[s->m->mode->ordinal], &virtual);
    enum lemma_kind kind = LEMMA_ANY_MEMORY;
    if (state->twin)
        kind = LEMMA_TWIN;
    else if (state->origin)
        kind = LEMMA_WINDOW;
    else if (Z3_is_numeral_ast(s->z, state->size))
        kind = LEMMA_MEMORY;
    return translation_lemma(s->translation, s->m, kind, t, cells, state->twin ? virtual : mode,
                             mode);
}

static const struct symbolic_lemmas *lemmas_of(struct session *s)
{
    struct symbolic_lemmas *l = ARENA_NEW(s->arena, struct symbolic_lemmas);
    *l = (struct symbolic_lemmas){inside, inside, s};
    return l;
}

// ---------------------------------------------------------------- outcomes

static Z3_ast truth(struct session *s, union value v)
{
    return symbolic_truth(&s->symbols, v.term);
}

// Traps exclude one another: the first that is met ends the instruction. A stop or a wait counts
// where nothing traps after it, and the last one of them.
static struct outcome *outcome_of(struct session *s, const struct evaluation *v)
{
    struct symbols *const y = &s->symbols;
    struct outcome *o = ARENA_NEW(s->arena, struct outcome);
    struct end *e;
    Z3_ast const no = Z3_mk_false(s->z), alive = truth(s, v->alive);
    *o = (struct outcome){v, no, no, no, no, NULL, NULL, NULL, NULL};
    o->cause = o->code = o->information = symbolic_number(y, 0, 64);
    LIST_EACH(e, v->ends)
    {
        Z3_ast const guard = truth(s, e->guard);
        if (e->ending == ENDING_STOP || e->ending == ENDING_WAIT) {
            Z3_ast const here = symbolic_and(y, guard, alive), not_here = symbolic_not(y, guard);
            o->stop = symbolic_and(y, o->stop, not_here);
            o->wait = symbolic_and(y, o->wait, not_here);
            if (e->ending == ENDING_STOP) {
                o->stop = symbolic_or(y, o->stop, here);
                o->code = symbolic_if(y, guard, symbolic_resize(y, e->value.term, 64), o->code);
            } else {
                o->wait = symbolic_or(y, o->wait, here);
            }
            continue;
        }
        if (!e->cause) continue;
        if (e->cause->is_memory)
            o->memory_trap = symbolic_or(y, o->memory_trap, guard);
        else
            o->trap = symbolic_or(y, o->trap, guard);
        o->cause = symbolic_if(y, guard, symbolic_number(y, e->cause->code, 64), o->cause);
        o->information =
            symbolic_if(y, guard, symbolic_resize(y, e->value.term, 64), o->information);
    }
    o->next = symbolic_and(y, alive, symbolic_not(y, symbolic_or(y, o->stop, o->wait)));
    return o;
}

// The next combination of choices, like a mileage counter; false after the last.
static bool advance(struct symbolic *s)
{
    while (s->choices_n > 0) {
        unsigned const last = s->choices_n - 1;
        if (++s->choices[last] < s->alternatives[last]) return true;
        s->choices[last] = 0;
        s->choices_n--;
    }
    return false;
}

void run_evaluate(struct session *s, struct run *r)
{
    struct symbols *const y = &s->symbols;
    const struct instruction *const i = s->row->instruction;
    struct outcome *o;
    struct site const site = {
        .instruction = i,
        .word = {.term = s->word},
        .address = {.term = r->state.components[s->m->counter->ordinal]},
    };
    r->state.lemmas = lemmas_of(s);
    r->memory_traps = r->may_trap = Z3_mk_false(s->z);
    r->traps = Z3_mk_true(s->z);
    do {
        r->state.choices_n = r->state.arbitrary = 0;
        struct evaluation *v = evaluate(s->arena, s->m, &r->state.domain, &site, &i->routine, NULL);
        list_add(s->arena, &r->outcomes, outcome_of(s, v));
        r->arbitrary |= r->state.arbitrary > 0;
        r->too_many = r->state.too_many || r->outcomes.n == OUTCOMES_MAX;
    } while (!r->too_many && advance(&r->state));
    LIST_EACH(o, r->outcomes)
    {
        r->memory_traps = symbolic_or(y, r->memory_traps, o->memory_trap);
        r->may_trap = symbolic_or(y, r->may_trap, o->trap);
        r->traps = symbolic_and(y, r->traps, o->trap);
    }
    r->silent = symbolic_not(y, symbolic_or(y, r->memory_traps, r->may_trap));
}

// ---------------------------------------------------------------- states

struct list modes_of(const struct session *s, bool supervisor)
{
    struct list some = {0};
    struct mode_value *v;
    if (!s->m->mode) {
        list_add(s->arena, &some, NULL);
        return some;
    }
    LIST_EACH(v, s->m->mode->modes)
    if (v->supervisor == supervisor) list_add(s->arena, &some, v);
    return some;
}

struct list modes_all(const struct session *s)
{
    if (s->m->mode) return s->m->mode->modes;
    return modes_of(s, true);
}

static void set_mode(struct session *s, struct run *r, const struct mode_value *mode)
{
    r->mode = mode;
    if (mode)
        r->state.components[s->m->mode->ordinal] =
            symbolic_number(&s->symbols, mode->value, s->m->mode->width);
}

static void add_window(struct session *s, struct symbolic *state)
{
    const struct component *const base = relocation_base(s->m);
    if (!base) return;
    struct symbols *const y = &s->symbols;
    state->origin = symbolic_resize(y, state->components[base->ordinal], y->index_bits);
    state->extent = state->components[relocation_bound(s->m)->ordinal];
    struct symbolic other;
    symbolic_init(&other, y, arena_format(s->arena, "outside_%s", state->name));
    state->outer = other.inner;
}

struct run *run_in_mode(struct session *s, const struct mode_value *mode)
{
    struct run *r;
    LIST_EACH(r, s->keep) if (r->mode == mode) return r;
    r = ARENA_NEW(s->arena, struct run);
    symbolic_init(&r->state, &s->symbols, "s");
    set_mode(s, r, mode);
    run_evaluate(s, r);
    list_add(s->arena, &s->keep, r);
    return r;
}

void run_copy_state(struct session *s, struct symbolic *to, const struct symbolic *from,
                    const char *name)
{
    *to = *from;
    to->name = name;
    to->components = arena_alloc(s->arena, (s->m->components.n + 1) * sizeof(Z3_ast));
    for (unsigned i = 0; i < s->m->components.n; i++) to->components[i] = from->components[i];
    for (unsigned i = 0; i < SYMBOLIC_CHOICES; i++) to->choices[i] = 0;
    to->choices_n = to->arbitrary = 0;
    to->too_many = false;
    to->anyones = (struct list){0};
}

// Whether a component is not the same in the two states.
static bool is_varied(const struct session *s, const struct component *x, enum relation relation,
                      const struct component *resource)
{
    bool const based = relocation_base(s->m) != NULL;
    if (relation == RELATED_BY_LOCATION)
        return x->role == ROLE_LOCATION || (x->role == ROLE_BASE && based);
    if (relation != RELATED_BY_RESOURCE || x->role == ROLE_LOCATION) return false;
    if (resource && x != resource) return false;
    if (x->kind == COMPONENT_RESOURCE) return !x->role || !based;
    return x->kind == COMPONENT_DEVICE || x->kind == COMPONENT_SIGNAL;
}

struct run *run_related(struct session *s, struct question *q, struct run *first,
                        enum relation relation, const struct mode_value *mode,
                        const struct component *resource)
{
    struct symbolic other;
    struct component *x;
    struct run *r = ARENA_NEW(s->arena, struct run);
    symbolic_init(&other, &s->symbols, "t");
    run_copy_state(s, &r->state, &first->state, "t");
    LIST_EACH(x, s->m->components)
    if (is_varied(s, x, relation, resource)) r->state.components[x_i] = other.components[x_i];
    set_mode(s, r, mode);
    if (relation == RELATED_BY_LOCATION && relocation_base(s->m)) {
        // The first state's memory is made anew as a window too.
        struct run *a = ARENA_NEW(s->arena, struct run);
        run_copy_state(s, &a->state, &first->state, "s");
        set_mode(s, a, first->mode);
        add_window(s, &a->state);
        add_window(s, &r->state);
        run_evaluate(s, a);
        first = a;
    }
    run_evaluate(s, r);
    q->runs[0] = first;
    q->runs[1] = r;
    q->runs_n = 2;
    return r;
}
