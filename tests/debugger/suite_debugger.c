// SPDX-License-Identifier: MIT
// Running to reasons to stop: the way back finds what the way forward finds, and the guest does not
// notice. Random guests on all kinds of machines; a run without a debugger is the oracle.

#include "tests/random.h"
#include "tests/random_guest.h"
#include "tests/rv32.h"
#include "tests/suites.h"
#include "vmm/host/debugger.h"
#include "vmm/host/difference.h"
#include "vmm/pg32/monitors.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SHARE = 8 << 10, STEPS = 2000, POINTS = 4 };

static struct guest g;
static struct debugger d;

static bool look(void *context, bool wait)
{
    (void)context;
    return wait; // what waits, waits for ever
}

// A machine with the guest at reset; `input` of its bytes have arrived.
static void make(struct guest *guest, const struct random_guest *r, const struct monitor *m,
                 uint32_t depth, size_t input)
{
    struct failure f;

    memset(guest, 0, sizeof *guest);
    CU_ASSERT_TRUE_FATAL(
        tower_open(&guest->tower, &engine_switch, m, depth, SHARE, GUEST_MEMORY, &f));
    guest->m = guest->tower.top;
    guest->input.fd = guest->disk.fd = -1;
    for (size_t k = 0; k < input; k++)
        CU_ASSERT_TRUE_FATAL(
            input_add(&guest->input, &r->arrivals[k].byte, 1, r->arrivals[k].count, &f));
    guest->disk.bytes = malloc(sizeof r->disk);
    CU_ASSERT_PTR_NOT_NULL_FATAL(guest->disk.bytes);
    memcpy(guest->disk.bytes, r->disk, sizeof r->disk);
    guest->disk.sectors = GUEST_SECTORS;
    guest->disk.read_only = r->disk_read_only;
    memcpy(guest->m->s.E, r->image, GUEST_MEMORY);
    guest_attach(guest);
    tower_reset(&guest->tower, r->entry);
}

static void discard(struct guest *guest)
{
    free(guest->disk.bytes);
    free(guest->input.arrivals);
    tower_close(&guest->tower);
}

static void start(const struct random_guest *r, const struct monitor *m, uint32_t depth,
                  size_t input)
{
    struct failure f;

    make(&g, r, m, depth, input);
    CU_ASSERT_TRUE_FATAL(debugger_open(&d, &g, &f));
    d.look = look;
    d.h.stride = 1 + r->seed % 200;
}

static void finish(void)
{
    debugger_close(&d);
    discard(&g);
}

// Moments, in the order in which they were found.
struct moments {
    uint64_t at[2 * STEPS];
    size_t n;
};

static void add(struct moments *m, uint64_t at)
{
    if (m->n < sizeof m->at / sizeof m->at[0]) m->at[m->n++] = at;
}

static bool reversed(const struct moments *a, const struct moments *b, uint64_t shift)
{
    if (a->n != b->n) return false;
    for (size_t k = 0; k < a->n; k++)
        if (a->at[k] != b->at[b->n - 1 - k] + shift) return false;
    return true;
}

static bool is_end(enum stop_kind kind)
{
    return kind == STOP_HALT || kind == STOP_CHECK_STOP || kind == STOP_IDLE ||
           kind == STOP_INTERRUPT;
}

// To STEPS, or the end; what `kind` stops at.
static struct moments forward(enum stop_kind kind)
{
    struct moments found = {.n = 0};

    while (d.h.at < STEPS) {
        const struct stop stop = debugger_go(&d, STEPS - d.h.at);
        if (stop.kind == kind) add(&found, d.h.at);
        if (is_end(stop.kind)) break;
    }
    return found;
}

static struct moments backward(enum stop_kind kind)
{
    struct moments found = {.n = 0};
    struct stop stop;

    do {
        stop = debugger_go_back(&d);
        if (stop.kind == kind) add(&found, d.h.at);
    } while (stop.kind != STOP_BEGIN);
    CU_ASSERT_EQUAL(d.h.at, 0);
    return found;
}

static const struct random_guest *next_guest(void)
{
    static struct random_guest r;
    static uint64_t k;

    random_guest_make(&r, tests_seed() + k++);
    return &r;
}

static const struct monitor *monitor_of(uint64_t seed)
{
    return monitors[seed % 3];
}

static uint64_t guests_wanted(void)
{
    return tests_long() ? 3000 : tests_quick() ? 60 : 400;
}

// The moments at which P is at one of the addresses, in a run without a debugger; its end is
// compared with that of the run with one.
static struct moments expected(const struct random_guest *r, const struct monitor *m,
                               uint32_t depth, const uint32_t *addresses)
{
    struct moments found = {.n = 0};
    struct difference_found difference;
    struct guest plain;

    make(&plain, r, m, depth, GUEST_ARRIVALS);
    for (uint64_t at = 0; at < d.h.furthest; at++) {
        for (int k = 0; k < POINTS && at > 0; k++) {
            if (plain.m->s.P != addresses[k]) continue;
            add(&found, at);
            break;
        }
        machine_step(plain.m);
    }
    // A breakpoint where the run is cut off, or has ended for another reason, is not one's reason.
    for (int k = 0; k < POINTS && d.h.furthest == STEPS && !d.h.ended; k++) {
        if (plain.m->s.P != addresses[k]) continue;
        add(&found, STEPS);
        break;
    }
    history_seek(&d.h, d.h.furthest);
    if (machines_differ(plain.m, g.m, &difference)) {
        fprintf(stderr, "\nrandom guest %" PRIu64 ": %s\n", r->seed, difference.what);
        CU_FAIL("a guest that is debugged goes another way");
    }
    discard(&plain);
    return found;
}

static void test_breakpoints(void)
{
    uint64_t hits = 0;

    for (uint64_t k = 0; k < guests_wanted(); k++) {
        const struct random_guest *r = next_guest();
        const uint32_t depth = (uint32_t)(k % 4);
        struct random random = random_seeded(r->seed);
        uint32_t addresses[POINTS];
        start(r, monitor_of(k), depth, GUEST_ARRIVALS);
        // Where it comes by.
        for (int p = 0; p < POINTS; p++) {
            const struct stop stop = debugger_go(&d, 1 + random_below(&random, STEPS / POINTS));
            addresses[p] = g.m->s.P;
            if (is_end(stop.kind)) continue;
        }
        debugger_seek(&d, 0);
        for (int p = 0; p < POINTS; p++) CU_ASSERT_TRUE(debugger_break(&d, addresses[p]));
        const struct moments on = forward(STOP_BREAKPOINT);
        const struct moments known = expected(r, monitor_of(k), depth, addresses);
        CU_ASSERT_EQUAL(on.n, known.n);
        CU_ASSERT_EQUAL(memcmp(on.at, known.at, on.n * sizeof on.at[0]), 0);
        struct moments back = backward(STOP_BREAKPOINT);
        if (back.n > 0 && back.at[back.n - 1] == 0) back.n--; // where it began
        // The last one forward may be where the way back starts.
        struct moments before = on;
        if (before.n > 0 && before.at[before.n - 1] == d.h.furthest) before.n--;
        CU_ASSERT_TRUE(reversed(&before, &back, 0));
        hits += on.n;
        finish();
    }
    CU_ASSERT_TRUE(hits > 5 * guests_wanted());
}

static void test_traps(void)
{
    uint64_t hits = 0;

    for (uint64_t k = 0; k < guests_wanted(); k++) {
        const struct random_guest *r = next_guest();
        start(r, monitor_of(k), (uint32_t)(k % 3), GUEST_ARRIVALS);
        d.stop_on_trap = true;
        struct moments on = forward(STOP_TRAP);
        uint64_t traps = 0;
        for (int c = 0; c < PG32_traps; c++) traps += g.m->traps[c];
        CU_ASSERT_EQUAL(traps, on.n);
        CU_ASSERT_EQUAL(traps, d.traps_n + d.traps_lost);
        if (on.n > 0 && on.at[on.n - 1] == d.h.at) on.n--;
        const struct moments back = backward(STOP_TRAP);
        CU_ASSERT_TRUE(reversed(&on, &back, 0));
        hits += on.n;
        finish();
    }
    CU_ASSERT_TRUE(hits > 5 * guests_wanted());
}

// Forward a store is seen after it, on the way back before it.
static void test_watchpoints(void)
{
    uint64_t hits = 0;

    for (uint64_t k = 0; k < guests_wanted(); k++) {
        const struct random_guest *r = next_guest();
        start(r, monitor_of(k), (uint32_t)(k % 3), GUEST_ARRIVALS);
        CU_ASSERT_TRUE(debugger_watch(&d, 0xa0, 4)); // the handler's count of traps
        CU_ASSERT_TRUE(debugger_watch(&d, 0x1000, 256));
        const struct moments on = forward(STOP_WATCH);
        const struct moments back = backward(STOP_WATCH);
        CU_ASSERT_TRUE(reversed(&on, &back, 1));
        hits += on.n;
        CU_ASSERT_TRUE(debugger_unwatch(&d, 0xa0, 4));
        CU_ASSERT_FALSE(debugger_unwatch(&d, 0xa0, 4));
        finish();
    }
    CU_ASSERT_TRUE(hits > guests_wanted());
}

// Bytes that are typed at any moment of a session that goes back and forth: a run from reset that
// gets them at the counts that were noted is the same run.
static void test_typing(void)
{
    uint64_t typed = 0;

    for (uint64_t k = 0; k < guests_wanted(); k++) {
        const struct random_guest *r = next_guest();
        const uint32_t depth = (uint32_t)(k % 3);
        struct random random = random_seeded(~r->seed);
        struct difference_found difference;
        struct guest plain;
        struct failure f;
        start(r, monitor_of(k), depth, 0);
        for (int move = 0; move < 60 && !d.h.ended; move++) {
            const struct stop stop = debugger_go(&d, 1 + random_below(&random, 100));
            const uint8_t byte = (uint8_t)random_u32(&random);
            if (random_below(&random, 4) == 0)
                debugger_seek(&d, d.h.at - random_below(&random, (uint32_t)d.h.at + 1));
            else if (stop.kind == STOP_IDLE || random_below(&random, 2))
                typed += debugger_type(&d, &byte, 1, &f);
        }
        debugger_seek(&d, d.h.furthest);
        make(&plain, r, monitor_of(k), depth, 0);
        plain.m->devices.arrivals = g.input.arrivals;
        plain.m->devices.arrivals_n = g.input.n;
        for (uint64_t at = 0; at < d.h.at; at++) machine_step(plain.m);
        const bool differ = machines_differ(plain.m, g.m, &difference);
        if (differ) fprintf(stderr, "\nrandom guest %" PRIu64 ": %s\n", r->seed, difference.what);
        CU_ASSERT_FALSE(differ);
        discard(&plain);
        finish();
    }
    CU_ASSERT_TRUE(typed > 2 * guests_wanted());
}

// A guest that waits, in a virtual machine in a virtual machine. That it has tried in vain is in no
// monitor's records: they are those of a run from reset that gets the same input.
static void test_waiting(void)
{
    static struct random_guest r;
    const uint32_t code[] = {
        rv32(RV32_IDLE, 0, 0, 0, 0),
        rv32(RV32_IN, 10, 0, 0, PORT_CONSOLE),
        rv32(RV32_OUT, 0, 10, 0, PORT_CONSOLE),
        rv32(RV32_JAL, 0, 0, 0, -12),
    };
    struct guest plain;
    struct failure f;

    memset(&r, 0, sizeof r);
    r.entry = 0x200;
    memcpy(r.image + r.entry, code, sizeof code);
    start(&r, &monitor_trap, 2, 0);
    for (int k = 0; k < 20; k++) {
        CU_ASSERT_EQUAL(debugger_go(&d, UINT64_MAX).kind, STOP_IDLE);
        CU_ASSERT_EQUAL(debugger_go(&d, UINT64_MAX).kind, STOP_IDLE);
        CU_ASSERT_EQUAL(d.h.at, 4 * (uint64_t)k);
        if (k % 3 == 1) debugger_seek(&d, d.h.at / 2);
        if (k % 3 == 1) CU_ASSERT_EQUAL(debugger_go(&d, UINT64_MAX).kind, STOP_IDLE);
        CU_ASSERT_TRUE(debugger_type(&d, "x", 1, &f));
    }
    make(&plain, &r, &monitor_trap, 2, 0);
    plain.m->devices.arrivals = g.input.arrivals;
    plain.m->devices.arrivals_n = g.input.n;
    for (uint64_t at = 0; at < d.h.at; at++) machine_step(plain.m);
    for (int k = 0; k < 2; k++)
        CU_ASSERT_EQUAL(memcmp(&plain.tower.vms[k].statistics, &g.tower.vms[k].statistics,
                               sizeof g.tower.vms[k].statistics),
                        0);
    discard(&plain);
    finish();
}

void suite_debugger(void)
{
    CU_pSuite s = CU_add_suite("reasons to stop", NULL, NULL);

    CU_add_test(s, "breakpoints, forward and back", test_breakpoints);
    CU_add_test(s, "traps, forward and back", test_traps);
    CU_add_test(s, "watchpoints, forward and back", test_watchpoints);
    CU_add_test(s, "typing", test_typing);
    CU_add_test(s, "waiting", test_waiting);
}
