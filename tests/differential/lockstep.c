// SPDX-License-Identifier: MIT
// Running side by side. A run is repeatable, so the first divergent step is found by bisection:
// the same pieces again, ended after fewer and fewer steps.

#include "tests/differential/lockstep.h"
#include "tests/random.h"

#include <inttypes.h>
#include <string.h>

enum { MEMORY_EVERY = 64 }; // single steps between two comparisons of all memory

static uint64_t random_piece(struct random *r)
{
    switch (random_below(r, 4)) {
    case 0: return 1;
    case 1: return 1 + random_below(r, 16);
    case 2: return 1 + random_below(r, 300);
    default: return 1 + random_below(r, 5000);
    }
}

static bool same_results(struct run_result a, struct run_result b)
{
    if (a.reason != b.reason) return false;
    if (a.reason == RUN_TRAP || a.reason == RUN_CHECK_STOP)
        return a.cause == b.cause && a.value == b.value;
    return a.reason != RUN_STOP || a.value == b.value;
}

struct pair {
    struct subject *a, *b;
    uint64_t from;            // steps before the last piece
    struct run_result ra, rb; // of the last piece
    bool same;
};

static struct pair pair_new(const struct lockstep *l, const struct random_guest *g)
{
    return (struct pair){.a = subject_new(g, l->a), .b = subject_new(g, l->b), .same = true};
}

static void pair_free(struct pair *p)
{
    subject_free(p->a);
    subject_free(p->b);
}

// Runs the pieces until they differ, until one stops, or until `a` has made `steps` steps: exactly
// so many then, the last piece being shortened. Memory is compared at the end, and before now and
// then.
static void pair_run(const struct lockstep *l, struct pair *p, uint64_t seed, uint64_t steps)
{
    struct random r = random_seeded(~seed);
    uint64_t done = subject_events(p->a), compared = 0;
    bool ended = false;

    while (p->same && !ended && done < steps) {
        const uint64_t left = steps - done;
        const uint64_t piece = l->pieces == SINGLE ? 1 : random_piece(&r);
        const uint64_t limit = piece < left ? piece : left;

        p->from = done;
        if (l->watch != NULL) l->watch(p->a, false, p->ra);
        p->ra = subject_run(p->a, limit);
        if (l->watch != NULL) l->watch(p->a, true, p->ra);
        p->rb = subject_run(p->b, limit);
        done = subject_events(p->a);
        ended = p->ra.reason != RUN_LIMIT && p->ra.reason != RUN_TRAP;
        const bool memory = ended || done >= steps || done >= compared + MEMORY_EVERY;
        if (memory) compared = done;
        p->same = same_results(p->ra, p->rb) && subject_same(p->a, p->b, memory);
    }
}

// Whether states differ after `steps` steps.
static bool differ_after(const struct lockstep *l, const struct random_guest *g, uint64_t steps)
{
    struct pair p = pair_new(l, g);

    pair_run(l, &p, g->seed, steps);
    const bool differ = !p.same;
    pair_free(&p);
    return differ;
}

static void tell(FILE *out, const struct lockstep *l, const struct random_guest *g, uint64_t step)
{
    struct pair before = pair_new(l, g), after = pair_new(l, g);
    char text[80] = "(no instruction: the fetch traps)";
    uint32_t physical, word;

    pair_run(l, &before, g->seed, step - 1);
    pair_run(l, &after, g->seed, step);
    const struct pg32 *s = &before.a->h.m.s;
    if (subject_word(before.a, &physical, &word)) pg32_disassemble(word, s->P, text, sizeof text);
    fprintf(out,
            "\nrandom guest %" PRIu64 ": %s and %s differ after step %" PRIu64 " (count %" PRIu64
            ", P %08" PRIx32 ", %s, l %" PRIx32 ", b %" PRIx32 ")\n  %s\n",
            g->seed, after.a->name, after.b->name, step, before.a->h.m.count, s->P,
            s->M ? "user" : "supervisor", s->l, s->b, text);
    if (step - after.from > 1)
        fprintf(out, "  in a piece run without a stop from step %" PRIu64 "\n", after.from);
    if (!same_results(after.ra, after.rb))
        fprintf(out, "  ended for: %s reason %d, cause %u, value %x; %s reason %d, cause %u, "
                     "value %x\n",
                after.a->name, (int)after.ra.reason, after.ra.cause, after.ra.value,
                after.b->name, (int)after.rb.reason, after.rb.cause, after.rb.value);
    subject_tell_differences(out, after.a, after.b);
    pair_free(&before);
    pair_free(&after);
}

struct lockstep_result lockstep(const struct lockstep *l, const struct random_guest *g,
                                FILE *report)
{
    struct pair p = pair_new(l, g);
    struct lockstep again = *l;

    pair_run(l, &p, g->seed, l->most);
    struct lockstep_result result = {
        .same = p.same, .completed = p.a->h.m.completed, .ended = p.ra.reason};
    // A stop is a step too, without being an event.
    uint64_t bad = (subject_events(p.a) > subject_events(p.b) ? subject_events(p.a)
                                                              : subject_events(p.b)) + 1;
    pair_free(&p);
    if (result.same) return result;

    uint64_t good = 0;
    again.watch = NULL;
    while (bad - good > 1) {
        const uint64_t middle = good + (bad - good) / 2;
        if (differ_after(&again, g, middle)) bad = middle;
        else good = middle;
    }
    result.step = bad;
    if (report != NULL) tell(report, &again, g, bad);
    return result;
}
