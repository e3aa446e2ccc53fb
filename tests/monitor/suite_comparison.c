// SPDX-License-Identifier: MIT
// `vmm compare`'s judgement: it holds where all is well, and where a monitor has a mistake it names
// the step at which the mistake was made.

#include "tests/suites.h"
#include "vmm/host/comparison.h"
#include "vmm/pg32/monitors.h"

#include <CUnit/CUnit.h>
#include <string.h>

enum { WRONG_AT = 700 }; // instructions completed

static const struct machine_ops *sound;

// A host that does `mistake` to itself when WRONG_AT instructions have completed.
static void (*mistake)(struct machine *host);

static struct run_result wrong_once(struct machine *host, uint64_t limit)
{
    const uint64_t left = WRONG_AT - host->completed;

    if (host->completed >= WRONG_AT || limit < left) return sound->run(host, limit);
    const struct run_result r = sound->run(host, left);
    if (host->completed == WRONG_AT) mistake(host);
    return r;
}

static void lose_a_tick(struct machine *host)
{
    host->s.T++;
}

// In the middle of the guest's memory too, which the kernel does not use.
static void spoil_memory(struct machine *host)
{
    host->s.E[host->s.memory_size / 2] = 0x5a;
}

static void write_outside(struct machine *host)
{
    host->s.E[host->s.memory_size - 1] = 1;
}

static struct run_of bare, r;
static struct verdict v;

// kernel.elf under the trap monitor at `depth`, with `wrong` (null: none) made by the bare machine.
static void judge(uint32_t depth, void (*wrong)(struct machine *host))
{
    const struct runs common = {.guest = "build/guests/kernel.elf",
                                .disk = "build/guests/kernel.img",
                                .memory = 16 << 20,
                                .max_steps = 300000,
                                .engine = &engine_threaded,
                                .input = {.fd = -1}};
    struct machine_ops ops;
    struct failure f;

    bare = (struct run_of){0};
    r = (struct run_of){.monitor = &monitor_trap, .depth = depth};
    CU_ASSERT_TRUE_FATAL(run_open(&bare, &common, &f) && run_open(&r, &common, &f));
    sound = r.g.tower.hardware.m.ops;
    ops = *sound;
    if (wrong != NULL) ops.run = wrong_once;
    mistake = wrong;
    r.g.tower.hardware.m.ops = &ops;
    CU_ASSERT_TRUE_FATAL(run_whole(&bare, &common, &f) && run_whole(&r, &common, &f));
    CU_ASSERT_EQUAL(bare.result.reason, RUN_LIMIT);
    CU_ASSERT_TRUE_FATAL(run_judge(&v, &r, &bare, &f));
    run_close(&bare);
    run_close(&r);
}

static void test_holds(void)
{
    for (uint32_t depth = 1; depth <= 3; depth++) {
        judge(depth, NULL);
        CU_ASSERT_TRUE(v.equivalent && v.control && !v.located && !v.outside);
        CU_ASSERT_TRUE(v.direct > 0.9 && v.direct < 1);
        CU_ASSERT_TRUE(v.traps > v.emulated && v.emulated > 10);
    }
}

static void test_wrong_memory(void)
{
    for (uint32_t depth = 1; depth <= 2; depth++) {
        judge(depth, spoil_memory);
        CU_ASSERT_FALSE(v.equivalent);
        CU_ASSERT_TRUE(v.control); // that memory is the guest's
        CU_ASSERT_TRUE_FATAL(v.located);
        CU_ASSERT_STRING_EQUAL(v.after.what, "memory at 00800000");
        CU_ASSERT_EQUAL(v.after.a, 0);
        CU_ASSERT_EQUAL(v.after.b, 0x5a);
        // The host has completed WRONG_AT: those of the guest's that were emulated come on top.
        CU_ASSERT_TRUE(v.step.count >= WRONG_AT - 1 && v.step.count < WRONG_AT + 100);
    }
}

static void test_wrong_timer(void)
{
    judge(1, lose_a_tick);
    CU_ASSERT_FALSE(v.equivalent);
    CU_ASSERT_FALSE(v.control);
    CU_ASSERT_EQUAL(v.violations[CONTROL_TIMER], 1);
    CU_ASSERT_TRUE(v.located);
    CU_ASSERT_STRING_EQUAL(v.after.what, "T");
}

static void test_write_outside(void)
{
    judge(2, write_outside);
    CU_ASSERT_TRUE(v.equivalent); // the guest cannot see it
    CU_ASSERT_TRUE(v.outside);
    CU_ASSERT_FALSE(v.control);
}

void suite_comparison(void)
{
    CU_pSuite s = CU_add_suite("the judgement of vmm compare", NULL, NULL);

    CU_add_test(s, "all holds", test_holds);
    CU_add_test(s, "wrong memory is found at its step", test_wrong_memory);
    CU_add_test(s, "a wrong timer is a matter of control too", test_wrong_timer);
    CU_add_test(s, "a write outside the partition", test_write_outside);
}
