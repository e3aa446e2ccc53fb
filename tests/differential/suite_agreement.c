// SPDX-License-Identifier: MIT
// The engines against each other and against the reference evaluator on random system programs,
// state after state.

#include "tests/differential/lockstep.h"
#include "tests/engines.h"
#include "tests/rv32.h"
#include "tests/suites.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <string.h>

enum {
    RUN_LENGTH = 8000,        // steps of one guest, at most
    STEPS = 1200000,          // instructions for each comparison (issue 2: 10^6 at least)
    STEPS_QUICK = 1000000,
    STEPS_LONG = 40000000,
    GUESTS_MOST = 100000,     // a bound only: guests that stop early make more guests necessary
};

// What the runs consisted of, as seen before and after each single step.
static struct {
    uint64_t completed[2][RV32_OPS + 1]; // by mode, operation
    uint64_t trapped[2][RV32_OPS + 1];
    uint64_t traps[PG32_traps];
    uint64_t written; // instructions that the guest had written itself
    uint64_t relocated, stops[RUN_INPUT + 1];
} seen;

static const struct random_guest *watched;

static void watch(const struct subject *s, bool after, struct run_result r)
{
    static unsigned mode;
    static enum rv32_op op;
    static bool written, relocated;
    uint32_t physical, word;

    if (!after) {
        mode = s->h.m.s.M;
        op = RV32_OPS;
        written = false;
        relocated = s->h.m.s.l != 0;
        if (!subject_word(s, &physical, &word)) return;
        op = rv32_find(word);
        written = memcmp(s->memory + physical, watched->image + physical, 4) != 0;
        return;
    }
    if (r.reason == RUN_TRAP) {
        seen.traps[r.cause]++;
        if (r.cause < PG32_trap_timer) seen.trapped[mode][op]++;
        return;
    }
    if (r.reason != RUN_LIMIT) seen.stops[r.reason]++;
    if (r.reason != RUN_LIMIT && r.reason != RUN_STOP) return;
    seen.completed[mode][op]++;
    seen.written += written;
    seen.relocated += relocated;
}

// Runs guests until `steps` instructions have been compared; false at the first difference.
static bool run_guests(const struct lockstep *l, uint64_t steps)
{
    static struct random_guest g;
    uint64_t done = 0;

    for (uint64_t k = 0; k < GUESTS_MOST && done < steps; k++) {
        random_guest_make(&g, tests_seed() + k);
        watched = &g;
        const struct lockstep_result r = lockstep(l, &g, stderr);
        if (!r.same) return false;
        done += r.completed;
    }
    return done >= steps;
}

// The reference evaluator is a hundred times slower than the others.
static uint64_t steps_for(const struct engine *e)
{
    if (tests_long()) return STEPS_LONG / (e == &engine_reference ? 10 : 1);
    if (tests_quick()) return STEPS_QUICK / (e == &engine_reference ? 5 : 1);
    return STEPS;
}

static void test_state_after_state(void)
{
    struct lockstep l = {.a = NULL, .pieces = SINGLE, .most = RUN_LENGTH, .watch = watch};

    memset(&seen, 0, sizeof seen);
    for (int k = 0; k < TESTED_ENGINES; k++) {
        l.b = tested_engines[k];
        CU_ASSERT_TRUE(run_guests(&l, steps_for(l.b)));
        l.watch = NULL; // the others run the same guests
    }
}

static void test_in_pieces(void)
{
    struct lockstep l = {.a = &engine_switch, .pieces = RANDOM, .most = RUN_LENGTH};

    for (int k = 1; k < TESTED_ENGINES; k++) {
        l.b = tested_engines[k];
        CU_ASSERT_TRUE(run_guests(&l, steps_for(l.b)));
    }
}

static void enough(const char *what, uint64_t n, uint64_t least)
{
    if (n >= least) return;
    fprintf(stderr, "\n%s: %" PRIu64 " times only, not %" PRIu64 "\n", what, n, least);
    CU_FAIL("random guests leave something out");
}

// The guests of test_state_after_state used all of the machine.
static void test_coverage(void)
{
    char what[80];

    for (int op = 0; op < RV32_OPS; op++) {
        snprintf(what, sizeof what, "%s completed", rv32_name(op));
        if (op == RV32_HALT) enough(what, seen.completed[0][op], 1);
        else if (op >= RV32_LPSW) enough(what, seen.completed[0][op], 40);
        else if (op < RV32_QUIET) enough(what, seen.completed[0][op], 100);
        if (op < RV32_QUIET) enough(what, seen.completed[1][op], 100);
        snprintf(what, sizeof what, "%s trapped", rv32_name(op));
        if (op >= RV32_LB && op <= RV32_SW) enough(what, seen.trapped[1][op], 5);
        if (op >= RV32_QUIET) enough(what, seen.trapped[1][op], op == RV32_HALT ? 5 : 20);
        if (op >= RV32_LPSW) CU_ASSERT_EQUAL(seen.completed[1][op], 0);
    }
    for (int cause = 0; cause < PG32_traps; cause++) {
        snprintf(what, sizeof what, "trap: %s", pg32_trap_names[cause]);
        enough(what, seen.traps[cause], 100);
    }
    enough("self-written instructions", seen.written, 1000);
    enough("instructions with l not 0", seen.relocated, 50000);
    enough("check stop", seen.stops[RUN_CHECK_STOP], 1);
    enough("idle for ever", seen.stops[RUN_IDLE], 1);
}

enum { BROKEN_AT = 7777 };

// An engine that is right but for one thing: a timer tick is lost at one count.
static struct run_result broken_run(struct hardware *h, uint64_t limit)
{
    struct machine *m = &h->m;
    for (const uint64_t end = m->completed + limit; m->completed < end;) {
        const uint64_t count = m->count;
        const struct run_result r = plain_step(h);
        // (plain_step moves m->count.)
        // cppcheck-suppress incorrectLogicOperator
        if (count < BROKEN_AT && m->count >= BROKEN_AT) m->s.T += 1;
        if (r.reason != RUN_LIMIT) return r;
    }
    return (struct run_result){.reason = RUN_LIMIT};
}

// The comparison finds such a mistake, at its step.
static void test_finds_a_lost_tick(void)
{
    static const struct engine broken = {.name = "broken", .run = broken_run};
    static struct random_guest g;
    static struct lockstep_result r;
    struct lockstep l = {.a = &engine_switch, .b = &broken, .most = RUN_LENGTH};
    struct lockstep_result single;

    for (uint64_t k = 0; k < 100; k++) {
        random_guest_make(&g, tests_seed() + k);
        l.pieces = SINGLE;
        single = lockstep(&l, &g, NULL);
        l.pieces = RANDOM;
        r = lockstep(&l, &g, NULL);
        if (!r.same) break; // else this guest stopped before
    }
    CU_ASSERT_FALSE(r.same);
    CU_ASSERT_FALSE(single.same);
    CU_ASSERT_EQUAL(r.step, single.step);
    struct subject *s = subject_new(&g, &engine_switch);
    while (subject_events(s) + 1 < r.step) subject_run(s, 1);
    CU_ASSERT_TRUE(s->h.m.count < BROKEN_AT);
    subject_run(s, 1);
    CU_ASSERT_TRUE(s->h.m.count >= BROKEN_AT);
    subject_free(s);
}

void suite_agreement(void)
{
    CU_pSuite s = CU_add_suite("engines on random system programs", NULL, NULL);

    CU_add_test(s, "state after state", test_state_after_state);
    CU_add_test(s, "in pieces", test_in_pieces);
    CU_add_test(s, "the guests use all of the machine", test_coverage);
    CU_add_test(s, "a lost tick is found at its step", test_finds_a_lost_tick);
}
