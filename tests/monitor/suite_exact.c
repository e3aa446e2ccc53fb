// SPDX-License-Identifier: MIT
// Nothing that runs in a virtual machine can tell it from the bare one: random system guests, bare
// and under every monitor, at depths 1 to 3, compared in every bit; and what the host must keep.

#include "tests/monitor/virtual.h"
#include "tests/engines.h"
#include "tests/random.h"
#include "tests/suites.h"
#include "vmm/core/allocator.h"
#include "vmm/pg32/monitors.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <string.h>

enum {
    RUN_LENGTH = 6000, // instructions of a guest, at most
    PIECES = 4,        // after each of which states are compared
    DEPTHS = 3,
    PAGE = 4096,
};

static uint64_t guests_wanted(void)
{
    return tests_long() ? 10000 : tests_quick() ? 500 : 1500;
}

static void put_word(uint8_t *memory, uint32_t at, uint32_t word)
{
    for (int k = 0; k < 4; k++) memory[at + (uint32_t)k] = (uint8_t)(word >> 8 * k);
}

// A guest whose contexts reach beyond the end of its memory: what a monitor must clip.
static void make_hostile(struct random_guest *g, uint64_t seed)
{
    struct random r = random_seeded(~seed);

    random_guest_make(g, seed);
    for (uint32_t k = 0; k < GUEST_CONTEXTS; k++) {
        uint8_t *context = g->image + 0x400 + 32 * k;
        if (random_once_in(&r, 4)) continue;
        put_word(context, 0, random_below(&r, 4));
        put_word(context, 4, 2 * PAGE * random_below(&r, 2) + 4 * random_below(&r, PAGE / 4));
        put_word(context, 8, GUEST_MEMORY - PAGE * (uint32_t)random_between(&r, 0, 5));
        put_word(context, 12, random_u32(&r) >> random_below(&r, 17));
    }
}

// What the guests of one test did under the monitors, all levels together.
static struct {
    uint64_t direct, interpreted, emulated, traps[PG32_traps];
} seen;

static void look(const struct virtual *v)
{
    for (uint32_t k = 0; k < v->t.depth; k++) {
        const struct vm_statistics *s = &v->t.vms[k].statistics;
        seen.direct += s->direct;
        seen.interpreted += s->interpreted;
        seen.emulated += vm_emulated(s);
        for (int c = 0; c < PG32_traps; c++) seen.traps[c] += s->traps[c];
    }
}

// One guest bare and under one monitor. `tell`: differences go to stderr.
static bool exact(const struct random_guest *g, const struct engine *e, const struct monitor *m,
                  uint32_t depth, bool tell)
{
    struct virtual *bare = virtual_new(g, e, NULL, 0), *v = virtual_new(g, e, m, depth);
    struct random r = random_seeded(g->seed);
    bool good = true, more = true;

    for (int piece = 0; piece < PIECES && good && more; piece++) {
        const uint64_t limit = 1 + random_below(&r, 2 * RUN_LENGTH / PIECES);
        more = virtual_run(bare, limit);
        virtual_run(v, limit);
        if (tell) fflush(stderr);
        good = virtual_same(bare, v, tell ? stderr : NULL) && virtual_kept(v);
    }
    look(v);
    if (!good && tell)
        fprintf(stderr, "random guest %" PRIu64 " differs under %s at depth %" PRIu32 " on %s%s\n",
                g->seed, m->name, depth, e->name, virtual_kept(v) ? "" : "; the host was touched");
    virtual_free(bare);
    virtual_free(v);
    return good;
}

static bool everywhere(const struct random_guest *g, const struct engine *e)
{
    for (int k = 0; monitors[k] != NULL; k++)
        for (uint32_t depth = 1; depth <= DEPTHS; depth++)
            if (!exact(g, e, monitors[k], depth, true)) return false;
    return true;
}

static void run_guests(void (*make)(struct random_guest *g, uint64_t seed))
{
    static struct random_guest g;
    bool good = true;

    memset(&seen, 0, sizeof seen);
    for (uint64_t k = 0; k < guests_wanted() && good; k++) {
        make(&g, tests_seed() + k);
        good = everywhere(&g, k % 4 == 0 ? &engine_switch : &engine_threaded);
    }
    CU_ASSERT_TRUE(good);
    CU_ASSERT_TRUE(seen.direct > 100000);
    CU_ASSERT_TRUE(seen.interpreted > 100000);
    CU_ASSERT_TRUE(seen.emulated > 10000);
    for (int c = 0; c < PG32_trap_device; c++) CU_ASSERT_TRUE(seen.traps[c] > 300);
    CU_ASSERT_EQUAL(seen.traps[PG32_trap_device], 0); // arrivals are the monitor's to see
}

static void test_random_guests(void)
{
    run_guests(random_guest_make);
}

static void test_hostile_guests(void)
{
    run_guests(make_hostile);
}

// Every instruction of a run is somebody's, on every level.
static void test_accounts(void)
{
    static struct random_guest g;

    for (uint64_t k = 0; k < 20; k++) {
        random_guest_make(&g, tests_seed() + k);
        for (int m = 0; monitors[m] != NULL; m++) {
            struct virtual *v = virtual_new(&g, &engine_threaded, monitors[m], 2);
            virtual_run(v, RUN_LENGTH);
            for (uint32_t level = 0; level < 2; level++) {
                const struct vm_statistics *s = &v->t.vms[level].statistics;
                const struct machine *host = level == 0 ? &v->t.hardware.m : &v->t.vms[0].m;
                CU_ASSERT_EQUAL(v->t.vms[level].m.completed,
                                s->direct + s->interpreted + vm_emulated(s));
                CU_ASSERT_EQUAL(host->completed, s->direct);
            }
            virtual_free(v);
        }
    }
}

// ---------------------------------------------------------------- monitors with a mistake

// The lowest monitor's host is made to run in another way: as if the allocator had erred.
static struct virtual *broken;
static const struct machine_ops *sound;

// b is not clipped: the guest's own b goes into the host's R.
static struct run_result unclipped(struct machine *host, uint64_t limit)
{
    const uint32_t b = host->s.b;

    host->s.b = broken->t.vms[0].m.s.b;
    const struct run_result r = sound->run(host, limit);
    host->s.b = b;
    return r;
}

// A tick is lost at one count.
static struct run_result loses_a_tick(struct machine *host, uint64_t limit)
{
    const uint64_t before = host->completed;
    const struct run_result r = sound->run(host, limit);

    if (before < 1000 && host->completed >= 1000) {
        host->s.T++;
        broken->t.vms[0].m.s.T++; // as the allocator would have it
    }
    return r;
}

// The guest can turn the host's interrupts on, and does.
static struct run_result leaks_IE(struct machine *host, uint64_t limit)
{
    const struct run_result r = sound->run(host, limit);

    host->s.IE = 1;
    return r;
}

static struct run_result leaks_mode(struct machine *host, uint64_t limit)
{
    const struct run_result r = sound->run(host, limit);

    host->s.M = 0;
    return r;
}

// Runs guests under a trap monitor with that mistake until one shows it; how many it took, or 0.
// `found`: the host's memory or resources; else the guest's state.
static uint64_t guests_until(struct run_result (*run)(struct machine *, uint64_t), bool host)
{
    static struct random_guest g;
    struct machine_ops ops;
    bool caught = false;
    uint64_t k = 0;

    for (; k < 100 && !caught; k++) {
        make_hostile(&g, tests_seed() + k);
        struct virtual *bare = virtual_new(&g, &engine_threaded, NULL, 0);
        broken = virtual_new(&g, &engine_threaded, &monitor_trap, 1);
        sound = broken->t.hardware.m.ops;
        ops = *sound;
        ops.run = run;
        broken->t.hardware.m.ops = &ops;
        virtual_run(bare, RUN_LENGTH);
        virtual_run(broken, RUN_LENGTH);
        caught = host ? !virtual_kept(broken) : !virtual_same(bare, broken, NULL);
        virtual_free(bare);
        virtual_free(broken);
    }
    return caught ? k : 0;
}

static void test_mistakes_are_caught(void)
{
    CU_ASSERT_NOT_EQUAL(guests_until(unclipped, false), 0);
    CU_ASSERT_NOT_EQUAL(guests_until(unclipped, true), 0);
    CU_ASSERT_NOT_EQUAL(guests_until(loses_a_tick, false), 0);
    CU_ASSERT_NOT_EQUAL(guests_until(loses_a_tick, true), 0);
    CU_ASSERT_NOT_EQUAL(guests_until(leaks_IE, true), 0);
    CU_ASSERT_NOT_EQUAL(guests_until(leaks_mode, true), 0);
}

// ---------------------------------------------------------------- the map

// For R at every edge: an access is allowed, and to the same byte, exactly where it is on a
// machine of w bytes.
static void test_composition(void)
{
    enum { K = 2 * PAGE, W = 3 * PAGE, Q = 16 * PAGE };
    static uint8_t memory[Q];
    const uint32_t edges[] = {0, 1, 4, PAGE, W - 4, W - 1, W, W + 1, W + PAGE, Q, Q - K,
                              0x7fffffff, 0x80000000, 0xfffff000, 0xffffffff};
    enum { EDGES = sizeof edges / sizeof edges[0] };
    struct pg32 own = {.E = memory, .memory_size = W}, host = {.E = memory, .memory_size = Q};

    for (int l = 0; l < EDGES; l++)
        for (int b = 0; b < EDGES; b++)
            for (int a = 0; a < EDGES; a++)
                for (uint32_t n = 1; n <= 16; n *= 2) {
                    const struct relocation R = allocator_compose(K, W, edges[l], edges[b]);
                    uint32_t mine = 0, hosts = 0;
                    own.l = edges[l], own.b = edges[b];
                    host.l = R.l, host.b = R.b;
                    const enum pg32_outcome x = pg32_translate_V(&own, edges[a], n, &mine);
                    const enum pg32_outcome y = pg32_translate_V(&host, edges[a], n, &hosts);
                    CU_ASSERT_EQUAL(x, y);
                    CU_ASSERT_EQUAL(own.value, host.value);
                    if (x == PG32_NEXT) CU_ASSERT_EQUAL(hosts, K + mine);
                }
}

static void test_partitions(void)
{
    static uint8_t memory[4 * PAGE];
    static struct hardware h;
    static struct vm v;

    hardware_init(&h, memory, sizeof memory, &engine_switch, NULL, 0);
    CU_ASSERT_FALSE(vm_init(&v, &monitor_trap, &h.m, 0, PAGE));
    CU_ASSERT_FALSE(vm_init(&v, &monitor_trap, &h.m, PAGE, 0));
    CU_ASSERT_FALSE(vm_init(&v, &monitor_trap, &h.m, 100, PAGE));
    CU_ASSERT_FALSE(vm_init(&v, &monitor_trap, &h.m, PAGE, PAGE + 4));
    CU_ASSERT_FALSE(vm_init(&v, &monitor_trap, &h.m, PAGE, 4 * PAGE));
    CU_ASSERT_FALSE(vm_init(&v, &monitor_trap, &h.m, PAGE, 0xfffff000));
    CU_ASSERT_TRUE(vm_init(&v, &monitor_trap, &h.m, PAGE, 3 * PAGE));
    CU_ASSERT_PTR_EQUAL(v.m.s.E, memory + PAGE);
    CU_ASSERT_EQUAL(v.m.s.memory_size, 3 * PAGE);
}

void suite_exact(void)
{
    CU_pSuite s = CU_add_suite("virtual machines against the bare one", NULL, NULL);

    CU_add_test(s, "relocation composed", test_composition);
    CU_add_test(s, "partitions", test_partitions);
    CU_add_test(s, "random guests", test_random_guests);
    CU_add_test(s, "hostile guests", test_hostile_guests);
    CU_add_test(s, "every instruction is accounted for", test_accounts);
    CU_add_test(s, "a monitor with a mistake is caught", test_mistakes_are_caught);
}
