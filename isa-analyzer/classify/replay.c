// SPDX-License-Identifier: MIT
// Concrete states and the outcomes of an instruction in them, and what a witness claims of them.
#include "isa-analyzer/classify/replay.h"
#include "isa-analyzer/classify/translation.h"

#include <stdlib.h>
#include <string.h>

enum { OUTCOMES_MAX = 4096, CHOICES_MAX = 32, ALTERNATIVES_MAX = 256 };

// ---------------------------------------------------------------- running

struct running {
    struct arena *arena;
    const struct witness *w;
    const struct snapshot *from;
    struct replayed *out;
    // The combination of choices at hand, as a mileage counter.
    unsigned taken[CHOICES_MAX], of[CHOICES_MAX], n;
};

static uint64_t snapshot_get(const struct snapshot *s, const struct component *x, uint64_t index)
{
    struct snapshot_value *v;
    LIST_EACH(v, s->values) if (v->component == x && v->index == index) return v->value;
    return 0;
}

static uint64_t read_device(void *devices, const struct component *x, uint64_t index)
{
    struct running *r = devices;
    r->out->device = true;
    return snapshot_get(r->from, x, index);
}

static void write_device(void *devices, const struct component *x, uint64_t index, uint64_t value)
{
    struct running *r = devices;
    (void)x;
    (void)index;
    (void)value;
    r->out->device = true;
}

static void wrote(void *context, uint64_t address, uint64_t n)
{
    struct running *r = context;
    for (uint64_t k = 0; k < n; k++) {
        uint64_t *at = ARENA_NEW(r->arena, uint64_t);
        *at = address + k;
        list_add(r->arena, &r->out->written, at);
    }
}

// A choice; of an arbitrary value: 0, or one of those that the witness names.
static uint64_t answer(void *context, uint64_t alternatives)
{
    struct running *r = context;
    bool const arbitrary = alternatives > ALTERNATIVES_MAX;
    if (arbitrary) alternatives = r->w->open.n + 1;
    if (r->n == CHOICES_MAX) return 0;
    r->of[r->n] = (unsigned)alternatives;
    unsigned const taken = r->taken[r->n++];
    if (!arbitrary) return taken;
    return taken ? *(uint64_t *)r->w->open.items[taken - 1] : 0;
}

static bool advance(struct running *r)
{
    while (r->n > 0) {
        if (++r->taken[r->n - 1] < r->of[r->n - 1]) return true;
        r->taken[--r->n] = 0;
    }
    return false;
}

static void fill(struct concrete *c, const struct description *m, const struct snapshot *s)
{
    struct snapshot_value *v;
    uint64_t const cells = m->memory ? s->cells_n : 1;
    void *memory = calloc(cells ? cells : 1, m->memory ? concrete_cell_size(m->memory) : 1);
    if (!memory) {
        fputs("isa-analyzer: error: out of memory\n", stderr);
        exit(64);
    }
    concrete_init(c, m, memory, cells);
    LIST_EACH(v, s->values)
    {
        if (v->component->kind == COMPONENT_MEMORY)
            concrete_store(c, v->index, 1, v->value);
        else
            concrete_set(c, v->component, v->index, v->value);
    }
}

struct list replay_outcomes(struct arena *a, const struct description *m, const struct witness *w,
                            unsigned state)
{
    struct running r = {.arena = a, .w = w, .from = &w->states[state]};
    struct list outcomes = {0};
    if (m->memory && r.from->cells_n > REPLAY_CELLS_MAX) return outcomes;
    do {
        r.n = 0;
        r.out = ARENA_NEW(a, struct replayed);
        fill(&r.out->before, m, r.from);
        fill(&r.out->after, m, r.from);
        struct concrete *c = &r.out->after;
        c->devices = c->wrote_context = c->answer_context = &r;
        c->device_read = read_device;
        c->device_write = write_device;
        c->wrote = wrote;
        c->answer = answer;
        r.out->step = concrete_alone(c, w->instruction, w->word);
        list_add(a, &outcomes, r.out);
    } while (outcomes.n < OUTCOMES_MAX && advance(&r));
    return outcomes;
}

void replay_free(struct list *outcomes)
{
    struct replayed *o;
    LIST_EACH(o, *outcomes)
    {
        free(o->before.cells);
        free(o->after.cells);
        concrete_free(&o->before);
        concrete_free(&o->after);
    }
    *outcomes = (struct list){0};
}

// ---------------------------------------------------------------- the definitions, concretely

static bool is_memory_trap(const struct replayed *o)
{
    return o->step.outcome == STEP_TRAP && o->step.cause->is_memory;
}

static bool is_other_trap(const struct replayed *o)
{
    return o->step.outcome == STEP_TRAP && !o->step.cause->is_memory;
}

static bool memory_traps(const struct list *outcomes)
{
    struct replayed *o;
    LIST_EACH(o, *outcomes) if (is_memory_trap(o)) return true;
    return false;
}

static bool traps(const struct list *outcomes)
{
    struct replayed *o;
    LIST_EACH(o, *outcomes) if (!is_other_trap(o)) return false;
    return true;
}

static bool may_trap(const struct list *outcomes)
{
    struct replayed *o;
    LIST_EACH(o, *outcomes) if (is_other_trap(o)) return true;
    return false;
}

static bool is_same(const struct concrete *a, const struct concrete *b, const struct component *x)
{
    for (uint64_t k = 0; k < x->count; k++)
        if (concrete_get(a, x, k) != concrete_get(b, x, k)) return false;
    return true;
}

static bool changes(const struct replayed *o)
{
    struct component *x;
    if (o->device) return true;
    LIST_EACH(x, o->after.m->components)
    if ((x->kind == COMPONENT_MODE || x->kind == COMPONENT_RESOURCE) &&
        !is_same(&o->before, &o->after, x))
        return true;
    return false;
}

static bool is_controlling(const struct list *outcomes)
{
    struct replayed *o;
    LIST_EACH(o, *outcomes)
    {
        if (o->step.outcome == STEP_STOP || o->step.outcome == STEP_WAIT) return true;
        if (o->step.outcome == STEP_NEXT && changes(o)) return true;
    }
    return false;
}

// Where the cells that a state's program can address begin and end.
static void window(const struct concrete *c, uint64_t *first, uint64_t *end)
{
    const struct component *const base = relocation_base(c->m);
    *first = 0;
    *end = c->cells_n;
    if (!base) return;
    uint64_t const bound = concrete_get(c, relocation_bound(c->m), 0);
    *first = concrete_get(c, base, 0);
    if (*first > *end) *first = *end;
    if (bound < *end - *first) *end = *first + bound;
}

// Whether a cell that one of the two wrote is not the same in both, counted from `first_a` in a's
// memory and `first_b` in b's, `n` cells.
static bool cells_differ(const struct replayed *a, uint64_t first_a, const struct replayed *b,
                         uint64_t first_b, uint64_t n)
{
    uint64_t *at;
    LIST_EACH(at, a->written)
    if (*at >= first_a && *at - first_a < n &&
        concrete_load(&a->after, *at, 1) != concrete_load(&b->after, *at - first_a + first_b, 1))
        return true;
    LIST_EACH(at, b->written)
    if (*at >= first_b && *at - first_b < n &&
        concrete_load(&b->after, *at, 1) != concrete_load(&a->after, *at - first_b + first_a, 1))
        return true;
    return false;
}

static bool registers_differ(const struct replayed *a, const struct replayed *b)
{
    struct component *x;
    LIST_EACH(x, a->after.m->components)
    if ((x->kind == COMPONENT_GENERAL || x->kind == COMPONENT_COUNTER) &&
        !is_same(&a->after, &b->after, x))
        return true;
    return false;
}

static bool outcomes_part(const struct replayed *a, const struct replayed *b)
{
    uint64_t first_a, first_b, end_a, end_b;
    if (a->step.outcome != b->step.outcome) return true;
    if (a->step.outcome == STEP_TRAP)
        return a->step.cause != b->step.cause || a->step.value != b->step.value;
    if (a->step.outcome == STEP_STOP && a->step.value != b->step.value) return true;
    window(&a->before, &first_a, &end_a);
    window(&b->before, &first_b, &end_b);
    uint64_t const cells = end_a - first_a < end_b - first_b ? end_a - first_a : end_b - first_b;
    return registers_differ(a, b) || cells_differ(a, first_a, b, first_b, cells);
}

// Some outcome of a is none of b's.
static bool has_more(const struct list *a, const struct list *b, bool only_next)
{
    struct replayed *o, *p;
    LIST_EACH(o, *a)
    {
        bool found = false;
        if (only_next && o->step.outcome != STEP_NEXT) continue;
        LIST_EACH(p, *b)
        found |= (!only_next || p->step.outcome == STEP_NEXT) && !outcomes_part(o, p);
        if (!found) return true;
    }
    return false;
}

// May the real outcome h stand for some outcome of the virtual state?
static bool goes_right(const struct replayed *h, const struct list *virtual, uint64_t partition)
{
    struct replayed *o;
    uint64_t *at;
    if (h->step.outcome == STEP_STOP || h->step.outcome == STEP_WAIT) return false;
    if (h->step.outcome != STEP_NEXT) return true;
    if (changes(h)) return false;
    LIST_EACH(o, *virtual)
    {
        uint64_t const w = o->before.cells_n;
        bool escapes = false;
        LIST_EACH(at, h->written)
        escapes |= (*at < partition || *at - partition >= w) &&
                   concrete_load(&h->before, *at, 1) != concrete_load(&h->after, *at, 1);
        if (escapes) return false;
        if (o->step.outcome == STEP_NEXT && !changes(o) && !registers_differ(o, h) &&
            !cells_differ(o, 0, h, partition, w))
            return true;
    }
    return false;
}

static bool reflects_right(const struct replayed *h, const struct list *virtual)
{
    struct replayed *o;
    if (!is_memory_trap(h)) return true;
    LIST_EACH(o, *virtual)
    if (is_memory_trap(o) && o->step.cause == h->step.cause && o->step.value == h->step.value)
        return true;
    return false;
}

// ---------------------------------------------------------------- how the two states are related

static bool is_supervisor(const struct concrete *c)
{
    struct mode_value *v;
    if (!c->m->mode) return true;
    LIST_EACH(v, c->m->mode->modes)
    if (v->value == concrete_get(c, c->m->mode, 0)) return v->supervisor;
    return false;
}

// The two states are equal but in the components that `may` allows.
static bool differ_only(const struct concrete *a, const struct concrete *b,
                        bool (*may)(const struct description *m, const struct component *x))
{
    struct component *x;
    LIST_EACH(x, a->m->components)
    {
        if (x->kind == COMPONENT_MEMORY || x->kind == COMPONENT_DEVICE) continue;
        if (!may(a->m, x) && !is_same(a, b, x)) return false;
    }
    return true;
}

static bool is_location(const struct description *m, const struct component *x)
{
    return x->role == ROLE_LOCATION || x == relocation_base(m);
}

static bool is_mode(const struct description *m, const struct component *x)
{
    return x == m->mode;
}

static bool is_other(const struct description *m, const struct component *x)
{
    return (x->kind == COMPONENT_RESOURCE && !is_location(m, x) && x != relocation_bound(m)) ||
           x->kind == COMPONENT_SIGNAL;
}

// Cells of both snapshots, from the two places on, are equal.
static bool are_equal(const struct concrete *a, uint64_t first_a, const struct concrete *b,
                      uint64_t first_b, uint64_t n, const struct witness *w)
{
    for (int k = 0; k < 2; k++) {
        struct snapshot_value *v;
        uint64_t const first = k ? first_b : first_a;
        LIST_EACH(v, w->states[k].values)
        {
            if (v->component->kind != COMPONENT_MEMORY || v->index < first || v->index - first >= n)
                continue;
            if (concrete_load(a, v->index - first + first_a, 1) !=
                concrete_load(b, v->index - first + first_b, 1))
                return false;
        }
    }
    return true;
}

static bool represents(const struct witness *w, const struct concrete *s, const struct concrete *h)
{
    const struct description *const m = s->m;
    const struct component *const base = relocation_base(m), *const bound = relocation_bound(m);
    struct component *x;
    LIST_EACH(x, m->components)
    {
        if ((x->kind == COMPONENT_GENERAL || x->kind == COMPONENT_COUNTER ||
             (x->kind == COMPONENT_RESOURCE && x->map == MAP_MIRROR)) &&
            !is_same(s, h, x))
            return false;
        for (uint64_t k = 0; x->map == MAP_FIX && k < x->count; k++)
            if (concrete_get(h, x, k) != (uint64_t)x->map_value) return false;
    }
    if (m->mode && is_supervisor(h)) return false;
    if (!base) return are_equal(s, 0, h, 0, s->cells_n, w);
    uint64_t const size = s->cells_n, k = w->partition;
    uint64_t const l = concrete_get(s, base, 0), b = concrete_get(s, bound, 0);
    uint64_t const room = l < size ? size - l : 0;
    if (k == 0 || k > h->cells_n || h->cells_n - k < size) return false;
    if (concrete_get(h, base, 0) != (room ? k + l : k)) return false;
    if (concrete_get(h, bound, 0) != (b < room ? b : room)) return false;
    return are_equal(s, 0, h, k, size, w);
}

// ---------------------------------------------------------------- claims

static bool silence(const struct list *s, const struct list *u, const struct concrete *a,
                    const struct concrete *b)
{
    return is_supervisor(a) && !is_supervisor(b) && traps(s) && !memory_traps(u) && !may_trap(u);
}

static bool shows_control(const struct list *x, const struct list *y, const struct concrete *a,
                          const struct concrete *b)
{
    if (memory_traps(x)) return false;
    return is_controlling(x) || (differ_only(a, b, is_mode) && silence(x, y, a, b));
}

static bool shows_location(const struct witness *w, const struct list *x, const struct list *y,
                           const struct concrete *a, const struct concrete *b)
{
    uint64_t first_a, end_a, first_b, end_b;
    window(a, &first_a, &end_a);
    window(b, &first_b, &end_b);
    uint64_t const cells = end_a - first_a < end_b - first_b ? end_a - first_a : end_b - first_b;
    return differ_only(a, b, is_location) && are_equal(a, first_a, b, first_b, cells, w) &&
           (has_more(x, y, false) || has_more(y, x, false));
}

static bool shows(const struct witness *w, const struct list *x, const struct list *y,
                  const struct concrete *a, const struct concrete *b)
{
    struct replayed *o;
    if (w->property < PROPERTY_EXACT && (memory_traps(x) || memory_traps(y))) return false;
    switch (w->property) {
    case PROPERTY_PRIVILEGED:
    case PROPERTY_CONDITIONALLY_PRIVILEGED:
        return differ_only(a, b, is_mode) && is_supervisor(a) && !is_supervisor(b) && traps(y) &&
               !may_trap(x);
    case PROPERTY_CONTROL_SENSITIVE: return shows_control(x, y, a, b);
    case PROPERTY_LOCATION_SENSITIVE: return shows_location(w, x, y, a, b);
    case PROPERTY_MODE_SENSITIVE:
        return differ_only(a, b, is_mode) && (has_more(x, y, true) || has_more(y, x, true));
    case PROPERTY_RESOURCE_SENSITIVE:
        return differ_only(a, b, is_other) && (has_more(x, y, false) || has_more(y, x, false));
    case PROPERTY_EXACT:
    case PROPERTY_REFLECTABLE: {
        bool wrong = false;
        LIST_EACH(o, *y)
        wrong |=
            w->property == PROPERTY_EXACT ? !goes_right(o, x, w->partition) : !reflects_right(o, x);
        return represents(w, a, b) && wrong;
    }
    default: return false;
    }
}

bool replay(struct arena *a, const struct description *m, struct witness *w)
{
    struct list x = replay_outcomes(a, m, w, 0), y = replay_outcomes(a, m, w, 1);
    bool shown = false;
    if (x.n && y.n) {
        const struct replayed *first = x.items[0], *second = y.items[0];
        shown = shows(w, &x, &y, &first->before, &second->before);
        describe(a, m, w, &x, &y);
    }
    replay_free(&x);
    replay_free(&y);
    return shown;
}
