// SPDX-License-Identifier: MIT
// Several random guests share a host whose timer the monitor keeps: each must be, at the count it
// has come to, in the state that it has there alone on the bare machine; and a guest that takes the
// timer for itself, which PG32 does not allow, is noticed and starves its neighbour.

#include "tests/monitor/virtual.h"
#include "tests/engines.h"
#include "tests/random.h"
#include "tests/suites.h"
#include "vmm/core/scheduler.h"
#include "vmm/pg32/monitors.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHARES = 3,         // guests on a host, at most
    RUN_LENGTH = 12000, // instructions of all guests, at most
    PIECES = 5,
    GAP = 4096, // between two partitions
    DEPTHS = 3,
};

// A tower, and the guests on it: each `struct virtual` serves for its disk and console alone.
struct neighbours {
    struct tower t;
    struct vm vms[SHARES];
    struct share shares[SHARES];
    struct scheduler s;
    struct random_guest guests[SHARES];
    struct virtual sides[SHARES];
    size_t n;
};

static uint8_t pattern(size_t at)
{
    return (uint8_t)(at * 0x9e3779b1 >> 24);
}

static uint32_t start_of(size_t k)
{
    return GAP + (uint32_t)k * (GUEST_MEMORY + GAP);
}

static void put(void *context, uint8_t byte)
{
    struct virtual *v = context;

    v->outputs++;
    v->output_hash = (v->output_hash ^ byte) * 0x100000001b3;
}

static void attach(struct neighbours *x, size_t k)
{
    struct devices *d = &x->vms[k].m.devices;
    const struct random_guest *g = &x->guests[k];

    memcpy(x->vms[k].m.s.E, g->image, GUEST_MEMORY);
    memcpy(x->sides[k].disk, g->disk, sizeof x->sides[k].disk);
    d->arrivals = g->arrivals;
    d->arrivals_n = GUEST_ARRIVALS;
    d->put = put;
    d->context = &x->sides[k];
    d->disk = x->sides[k].disk;
    d->sectors = GUEST_SECTORS;
    d->disk_read_only = g->disk_read_only;
}

static void neighbours_open(struct neighbours *x, const struct engine *e, const struct monitor *m,
                            uint32_t depth, size_t n, uint64_t seed, uint64_t turn)
{
    const uint32_t memory = start_of(n);
    struct failure f;

    memset(x->sides, 0, sizeof x->sides);
    x->n = n;
    if (!tower_open(&x->t, e, m, depth - 1, SHARE, memory, &f)) abort();
    for (size_t k = 0; k < x->t.memory_size; k++) x->t.memory[k] = pattern(k);
    tower_reset(&x->t, 0);
    for (size_t k = 0; k < n; k++) {
        random_guest_make(&x->guests[k], seed + k);
        if (!vm_init(&x->vms[k], m, x->t.top, start_of(k), GUEST_MEMORY)) abort();
        vm_share(&x->vms[k]);
        attach(x, k);
        machine_reset(&x->vms[k].m, x->guests[k].entry);
        x->shares[k].v = &x->vms[k];
    }
    scheduler_init(&x->s, x->shares, n, turn);
}

// Whether guest `k` is where it would be alone. Differences go to stderr.
static bool same_as_alone(struct neighbours *x, size_t k, const struct engine *e)
{
    struct virtual *bare = virtual_new(&x->guests[k], e, NULL, 0), *v = &x->sides[k];
    const bool over = x->shares[k].over;

    // Whoever has not stopped has come to a count, and no further; perhaps it had no turn yet.
    if (over || x->vms[k].m.completed != 0)
        virtual_run(bare, over ? UINT64_MAX : x->vms[k].m.completed);
    v->t.top = &x->vms[k].m;
    v->last = over ? x->shares[k].result : bare->last;
    const bool same = virtual_same(bare, v, stderr);
    virtual_free(bare);
    return same;
}

// Nothing outside the partitions has been written, and no resource was touched.
static bool kept(const struct neighbours *x)
{
    for (size_t at = 0; at < x->t.memory_size; at++) {
        const uint8_t *here = x->t.memory + at;
        bool inside = false;
        for (size_t k = 0; k < x->n; k++)
            inside = inside || (here >= x->vms[k].m.s.E && here < x->vms[k].m.s.E + GUEST_MEMORY);
        if (!inside && *here != pattern(at)) return false;
    }
    for (size_t k = 0; k < x->n; k++)
        if (vm_violations(&x->vms[k].statistics) != 0) return false;
    for (uint32_t k = 0; k < x->t.depth; k++)
        if (vm_violations(&x->t.vms[k].statistics) != 0) return false;
    return true;
}

static struct neighbours all;

static bool one_round(uint64_t seed, const struct monitor *m, const struct engine *e)
{
    struct random r = random_seeded(seed);
    const size_t n = 1 + random_below(&r, SHARES);
    const uint32_t depth = 1 + random_below(&r, DEPTHS);
    const uint64_t turn = 1 + random_below(&r, random_once_in(&r, 3) ? 4 : 900);
    enum scheduled why = SCHEDULED_LIMIT;
    bool good = true;

    neighbours_open(&all, e, m, depth, n, seed, turn);
    for (int piece = 0; piece < PIECES && why != SCHEDULED_OVER; piece++) do
            why = scheduler_go(&all.s, 1 + random_below(&r, RUN_LENGTH / PIECES));
        while (why == SCHEDULED_STOP);
    for (size_t k = 0; k < n && good; k++) good = same_as_alone(&all, k, e);
    good = good && kept(&all);
    if (!good)
        fprintf(stderr, "round %" PRIu64 ": %zu guests under %s at depth %" PRIu32 " on %s%s\n",
                seed, n, m->name, depth, e->name, kept(&all) ? "" : "; the host was touched");
    tower_close(&all.t);
    return good;
}

static void test_neighbours(void)
{
    const uint64_t rounds = tests_long() ? 10000 : tests_quick() ? 400 : 2000;
    bool good = true;

    for (uint64_t k = 0; k < rounds && good; k++)
        good = one_round(tests_seed() + SHARES * k, monitors[k % 3],
                         k % 4 == 0 ? &engine_switch : &engine_threaded);
    CU_ASSERT_TRUE(good);
}

// Endless loops get a turn each, as long as each other's to the instruction.
static void test_fair(void)
{
    const uint32_t jump_to_itself = 0x0000006f;

    neighbours_open(&all, &engine_threaded, &monitor_trap, 1, SHARES, 1, 100);
    for (size_t k = 0; k < SHARES; k++) {
        memcpy(all.vms[k].m.s.E + 0x200, &jump_to_itself, 4);
        machine_reset(&all.vms[k].m, 0x200);
    }
    scheduler_init(&all.s, all.shares, SHARES, 100);
    CU_ASSERT_EQUAL(scheduler_go(&all.s, 100 * SHARES * 7), SCHEDULED_LIMIT);
    for (size_t k = 0; k < SHARES; k++) CU_ASSERT_EQUAL(all.vms[k].m.completed, 700);
    CU_ASSERT_EQUAL(scheduler_go(&all.s, 50), SCHEDULED_LIMIT);
    CU_ASSERT_EQUAL(all.vms[0].m.completed, 750);
    CU_ASSERT_EQUAL(scheduler_go(&all.s, 60), SCHEDULED_LIMIT);
    CU_ASSERT_EQUAL(all.vms[0].m.completed, 800);
    CU_ASSERT_EQUAL(all.vms[1].m.completed, 710);
    CU_ASSERT_TRUE(kept(&all));
    tower_close(&all.t);
}

// ---------------------------------------------------------------- a guest that takes the timer

static const struct machine_ops *sound;

// As a set-timer instruction in user mode would: the host's timer is off.
static struct run_result timer_taken(struct machine *host, uint64_t limit)
{
    host->s.T = 0;
    host->s.pending = 0;
    return sound->run(host, limit);
}

static void test_starved(void)
{
    const uint32_t jump_to_itself = 0x0000006f;
    struct machine_ops ops;

    neighbours_open(&all, &engine_threaded, &monitor_trap, 1, 2, 1, 100);
    for (size_t k = 0; k < 2; k++) {
        memcpy(all.vms[k].m.s.E + 0x200, &jump_to_itself, 4);
        machine_reset(&all.vms[k].m, 0x200);
    }
    scheduler_init(&all.s, all.shares, 2, 100);
    sound = all.t.hardware.m.ops;
    ops = *sound;
    ops.run = timer_taken;
    all.t.hardware.m.ops = &ops;
    for (int k = 0; k < 10; k++) scheduler_go(&all.s, 1000);
    CU_ASSERT_EQUAL(all.vms[0].m.completed, 10000);
    CU_ASSERT_EQUAL(all.vms[1].m.completed, 0);
    CU_ASSERT_TRUE(all.vms[0].statistics.violations[CONTROL_TIMER] > 0);
    tower_close(&all.t);
}

void suite_sharing(void)
{
    CU_pSuite s = CU_add_suite("several virtual machines on one host", NULL, NULL);

    CU_add_test(s, "random neighbours", test_neighbours);
    CU_add_test(s, "turns are as long as each other", test_fair);
    CU_add_test(s, "who takes the timer starves the others", test_starved);
}
