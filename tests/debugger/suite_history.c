// SPDX-License-Identifier: MIT
// Going back in a run: the state is what it was, in every bit, on every level of a tower. Random
// guests, all monitors, depths 0 to 3; a run without a history is the oracle.

#include "tests/monitor/virtual.h"
#include "tests/random.h"
#include "tests/suites.h"
#include "vmm/host/difference.h"
#include "vmm/host/history.h"
#include "vmm/host/reference.h"
#include "vmm/pg32/monitors.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOMENTS = 3, STEPS_MOST = 3000, DEPTHS = 3 };

static struct machine *machine_at(struct tower *t, uint32_t level)
{
    return level == 0 ? &t->hardware.m : &t->vms[level - 1].m;
}

// Every level's machine, its monitor's records, the console; `d` says what differs.
static bool differ(struct virtual *a, struct virtual *b, struct difference_found *d)
{
    for (uint32_t k = 0; k <= a->t.depth; k++) {
        const struct machine *x = machine_at(&a->t, k), *y = machine_at(&b->t, k);
        if (machines_differ(x, y, d)) return true;
        strcpy(d->what, "cause or value");
        if (x->s.cause != y->s.cause || x->s.value != y->s.value) return true;
        strcpy(d->what, "a monitor's records");
        if (k > 0 && memcmp(&a->t.vms[k - 1].statistics, &b->t.vms[k - 1].statistics,
                            sizeof a->t.vms[0].statistics) != 0)
            return true;
    }
    strcpy(d->what, "console");
    return a->outputs != b->outputs || a->output_hash != b->output_hash;
}

static bool stopped(struct run_result r)
{
    return r.reason != RUN_LIMIT && r.reason != RUN_TRAP;
}

// The first `steps` steps of a run, or all that there are. An idle that nothing can end is no step,
// and what monitors do about it is not wanted: then the run is repeated up to there.
static struct virtual *oracle(const struct random_guest *g, const struct engine *e,
                              const struct monitor *m, uint32_t depth, uint64_t steps)
{
    struct virtual *v = virtual_new(g, e, m, depth);

    for (uint64_t at = 0; at < steps; at++) {
        const struct run_result r = machine_step(v->t.top);
        if (r.reason == RUN_IDLE) {
            virtual_free(v);
            return oracle(g, e, m, depth, at);
        }
        if (stopped(r)) break;
    }
    return v;
}

static struct history h;
static struct virtual *subject;

static void start(const struct random_guest *g, const struct engine *e, const struct monitor *m,
                  uint32_t depth, uint64_t stride)
{
    struct failure f;

    subject = virtual_new(g, e, m, depth);
    memset(&h, 0, sizeof h);
    h.stride = stride;
    history_keep(&h, &subject->outputs, sizeof subject->outputs);
    history_keep(&h, &subject->output_hash, sizeof subject->output_hash);
    CU_ASSERT_TRUE_FATAL(history_open(&h, &subject->t, &f));
}

static void finish(void)
{
    history_close(&h);
    virtual_free(subject);
}

// Forward until the moment is reached; false where the run ends before.
static bool forward(uint64_t at)
{
    while (h.at < at)
        if (stopped(history_step(&h))) return false;
    return true;
}

static bool same(const struct random_guest *g, struct virtual *v, const struct monitor *m,
                 uint32_t depth, const char *how)
{
    struct difference_found d;

    if (!differ(subject, v, &d)) return true;
    fprintf(stderr,
            "\nrandom guest %" PRIu64 " under %s, depth %" PRIu32 ", step %" PRIu64 ", %s: %s\n",
            g->seed, m != NULL ? m->name : "none", depth, h.at, how, d.what);
    return false;
}

// How many comparisons were made after going back.
static uint64_t compared;

static bool back_and_forth(const struct random_guest *g, const struct engine *e,
                           const struct monitor *m, uint32_t depth, struct random *r)
{
    const uint64_t most = e == &engine_reference ? STEPS_MOST / 20 : STEPS_MOST;
    struct virtual *v[MOMENTS] = {NULL};
    uint64_t at[MOMENTS];
    bool good = true, more = true;
    uint64_t moment = 0;
    int n = 0;

    start(g, e, m, depth, 1 + random_below(r, 300));
    for (; n < MOMENTS && more; n++) {
        moment += random_below(r, (uint32_t)most / MOMENTS);
        v[n] = oracle(g, e, m, depth, moment);
        more = forward(moment);
        at[n] = h.at;
        good = good && same(g, v[n], m, depth, "forward");
    }
    // From the end, or further on, back to any of the moments, and on to any other.
    for (int k = 0; k < 6 && good; k++) {
        const uint64_t beyond = h.at + random_below(r, 400);
        if (random_below(r, 2)) forward(beyond);
        const int i = (int)random_below(r, (uint32_t)n);
        const bool back = at[i] < h.at;
        history_seek(&h, at[i]);
        good = same(g, v[i], m, depth, back ? "back" : "on");
        compared += back;
        // One step, and back.
        if (!good || stopped(history_step(&h))) continue;
        history_seek(&h, at[i]);
        good = same(g, v[i], m, depth, "one step and back");
    }
    finish();
    for (int k = 0; k < n; k++) virtual_free(v[k]);
    return good;
}

static void test_undo_is_the_identity(void)
{
    static struct random_guest g;
    struct random r = random_seeded(tests_seed());
    const uint64_t guests = tests_long() ? 2000 : tests_quick() ? 60 : 300;
    bool good = true;

    compared = 0;
    for (uint64_t k = 0; k < guests && good; k++) {
        random_guest_make(&g, tests_seed() + k);
        good = back_and_forth(&g, &engine_switch, NULL, 0, &r);
        for (int m = 0; monitors[m] != NULL && good; m++)
            for (uint32_t depth = 1; depth <= DEPTHS && good; depth++)
                good = back_and_forth(&g, &engine_switch, monitors[m], depth, &r);
        if (k % 20 == 0 && good) good = back_and_forth(&g, &engine_reference, NULL, 0, &r);
    }
    CU_ASSERT_TRUE(good);
    CU_ASSERT_TRUE(compared > guests * 10);
}

// So many checkpoints that most are given up again.
static void test_old_checkpoints(void)
{
    static struct random_guest g;

    for (uint64_t k = 0; k < 10; k++) {
        random_guest_make(&g, tests_seed() + k);
        struct virtual *first = oracle(&g, &engine_switch, &monitor_trap, 1, 333);
        start(&g, &engine_switch, &monitor_trap, 1, 5);
        const bool long_enough = forward(333);
        CU_ASSERT_TRUE(same(&g, first, &monitor_trap, 1, "forward"));
        if (long_enough && forward(5000)) {
            CU_ASSERT_TRUE(h.n < HISTORY_CHECKPOINTS);
            history_seek(&h, 333);
            CU_ASSERT_TRUE(same(&g, first, &monitor_trap, 1, "far back"));
            history_seek(&h, 0);
            history_seek(&h, 333);
            CU_ASSERT_TRUE(same(&g, first, &monitor_trap, 1, "from the beginning"));
        }
        finish();
        virtual_free(first);
    }
}

// What the user changes is changed again, at its moment, when the run is repeated.
static void test_changes(void)
{
    static struct random_guest g;
    const uint32_t value = 0x12345678, other = 0x9abcdef0;
    uint64_t changed = 0;

    for (uint64_t k = 0; k < 20; k++) {
        random_guest_make(&g, tests_seed() + k);
        start(&g, &engine_switch, &monitor_trap, k % 2 == 0 ? 0 : 2, 50);
        struct machine *m = subject->t.top;
        if (forward(400)) {
            history_seek(&h, 210);
            history_set_processor(&h, offsetof(struct pg32, x) + 4 * 7, &other, 4);
            history_set_processor(&h, offsetof(struct pg32, x) + 4 * 7, &value, 4);
            history_set_memory(&h, 0x1804, &value, 4);
            CU_ASSERT_EQUAL(h.furthest, 210);
            forward(330);
            const struct pg32 s = m->s;
            const uint64_t at = h.at;
            history_seek(&h, 209);
            CU_ASSERT_TRUE(m->s.x[7] != value);
            history_seek(&h, 210);
            CU_ASSERT_EQUAL(m->s.x[7], value);
            CU_ASSERT_EQUAL(memcmp(m->s.E + 0x1804, &value, 4), 0);
            history_seek(&h, 0);
            history_seek(&h, at);
            CU_ASSERT_EQUAL(memcmp(m->s.x, s.x, 32 * sizeof s.x[0]), 0);
            CU_ASSERT_EQUAL(m->s.P, s.P);
            changed++;
        }
        finish();
    }
    CU_ASSERT_TRUE(changed > 5);
}

// After the end there is nothing but the end; before it, all that was.
static void test_the_end(void)
{
    static struct random_guest g;
    uint64_t ends = 0, check_stops = 0;

    for (uint64_t k = 0; k < 400; k++) {
        random_guest_make(&g, tests_seed() + k);
        start(&g, &engine_switch, &monitor_hybrid, k % 3, 100);
        if (!forward(4000) && h.ended) {
            const uint64_t at = h.at;
            const struct run_result r = history_step(&h);
            CU_ASSERT_EQUAL(h.at, at);
            CU_ASSERT_EQUAL(r.reason, h.end.reason);
            const struct pg32 s = subject->t.top->s;
            history_seek(&h, at > 50 ? at - 50 : 0);
            forward(at);
            CU_ASSERT_EQUAL(h.at, at);
            CU_ASSERT_TRUE(h.ended && h.end.reason == r.reason);
            CU_ASSERT_EQUAL(memcmp(&s, &subject->t.top->s, offsetof(struct pg32, ready)), 0);
            ends++;
            check_stops += r.reason == RUN_CHECK_STOP;
        }
        finish();
    }
    CU_ASSERT_TRUE(ends > 5);
    CU_ASSERT_TRUE(check_stops > 0);
}

void suite_history(void)
{
    CU_pSuite s = CU_add_suite("the history of a run", NULL, NULL);

    CU_add_test(s, "undo after step is the identity", test_undo_is_the_identity);
    CU_add_test(s, "checkpoints that were given up", test_old_checkpoints);
    CU_add_test(s, "changes by the user", test_changes);
    CU_add_test(s, "the end of a run", test_the_end);
}
