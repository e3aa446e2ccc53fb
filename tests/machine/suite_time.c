// SPDX-License-Identifier: MIT
// Time is instructions (DESIGN 3): timer, device interrupt, limits, idle, stops, each against the
// value that the design gives, on both engines, at every offset inside and across blocks.

#include "tests/suites.h"
#include "tests/machine/encode.h"
#include "tests/machine/rig.h"

#include <CUnit/CUnit.h>

enum { OFFSETS = 150, HANDLER = 0x800 }; // more than two blocks' length

// From `at`: OFFSETS + 100 instructions that count themselves in x5.
static void put_counters(struct rig *r, uint32_t at)
{
    for (uint32_t k = 0; k < OFFSETS + 100; k++) rig_put(r, at + 4 * k, addi(5, 5, 1));
}

// T := v leaves exactly v more instructions before the interrupt; the trap stores T as 0.
static void timer_to_the_instruction(void)
{
    for (int e = 0; e < 2; e++) {
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        rig_handler(&r, 0, HANDLER);
        rig_put(&r, HANDLER, halt(5));
        rig_put(&r, HANDLER - 4, 0);
        rig_put(&r, RIG_CODE, stm(1));
        put_counters(&r, RIG_CODE + 4);
        for (uint32_t v = 1; v <= OFFSETS; v++) {
            for (int again = 0; again < 2; again++) { // decoded now and already
                if (again == 0) machine_reset(&r.h.m, RIG_CODE);
                pg32_reset(&r.h.m.s, RIG_CODE);
                r.h.m.count = r.h.m.completed = 0;
                r.h.m.s.IE = 1;
                r.h.m.s.x[1] = v;
                const struct run_result result = machine_go(&r.h.m, UINT64_MAX);
                CU_ASSERT_EQUAL(result.reason, RUN_STOP);
                CU_ASSERT_EQUAL(result.value, v);
                CU_ASSERT_EQUAL(r.h.m.completed, 1 + v + 1);
                CU_ASSERT_EQUAL(r.h.m.count, r.h.m.completed);
                CU_ASSERT_EQUAL(rig_get(&r, 0x04), RIG_CODE + 4 + 4 * v);
                CU_ASSERT_EQUAL(rig_get(&r, 0x00), 2u | PG32_trap_timer << 8);
                CU_ASSERT_EQUAL(rig_get(&r, 0x14), 0);
            }
        }
        rig_close(&r);
    }
}

// rtm reads before its own tick; stm sets after its own and clears pending; IE = 0 holds it back.
static void timer_is_read_and_set_exactly(void)
{
    for (int e = 0; e < 2; e++) {
        const uint32_t program[] = {stm(1),        rtm(2),        addi(0, 0, 0), rtm(3),
                                    addi(0, 0, 0), addi(0, 0, 0), addi(0, 0, 0), rtm(4),
                                    stm(1),        halt(0)};
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        rig_program(&r, RIG_CODE, program, sizeof program / sizeof *program);
        r.h.m.s.x[1] = 5;
        CU_ASSERT_EQUAL(machine_run(&r.h.m, 8).reason, RUN_LIMIT);
        CU_ASSERT_EQUAL(r.h.m.s.x[2], 5);
        CU_ASSERT_EQUAL(r.h.m.s.x[3], 3);
        CU_ASSERT_EQUAL(r.h.m.s.x[4], 0);
        CU_ASSERT_EQUAL(r.h.m.s.pending, 1);
        CU_ASSERT_EQUAL(machine_run(&r.h.m, 1).reason, RUN_LIMIT);
        CU_ASSERT_EQUAL(r.h.m.s.pending, 0);
        CU_ASSERT_EQUAL(r.h.m.s.T, 5);
        rig_close(&r);
    }
}

// A byte that arrives at count c interrupts before the instruction that would be number c + 1, and
// again after the handler has returned, until it is read.
static void device_to_the_instruction(void)
{
    for (int e = 0; e < 2; e++) {
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        rig_handler(&r, 0, HANDLER);
        rig_put(&r, HANDLER, in(6, PORT_CONSOLE));
        rig_put(&r, HANDLER + 4, lpsw(0));
        put_counters(&r, RIG_CODE);
        for (uint64_t c = 0; c <= OFFSETS; c++) {
            const struct arrival arrivals[] = {{c, 'a'}, {c, 'b'}, {c + 7, 'c'}};
            r.h.m.devices.arrivals = arrivals;
            r.h.m.devices.arrivals_n = 3;
            machine_reset(&r.h.m, RIG_CODE);
            r.h.m.s.IE = 1;
            struct run_result result = machine_run(&r.h.m, c + 1);
            CU_ASSERT_EQUAL(result.reason, RUN_TRAP);
            CU_ASSERT_EQUAL(result.cause, PG32_trap_device);
            CU_ASSERT_EQUAL(r.h.m.count, c);
            CU_ASSERT_EQUAL(r.h.m.s.P, RIG_CODE + 4 * c);
            machine_deliver(&r.h.m, result);
            result = machine_run(&r.h.m, 100); // 'a' is read, but 'b' waits
            CU_ASSERT_EQUAL(result.reason, RUN_TRAP);
            CU_ASSERT_EQUAL(r.h.m.completed, c + 2);
            CU_ASSERT_EQUAL(r.h.m.s.x[6], 'a');
            // The handler's lpsw completed nothing of the program: two traps without an
            // instruction between would be a check stop, but lpsw is one.
            machine_deliver(&r.h.m, result);
            result = machine_run(&r.h.m, 100);
            CU_ASSERT_EQUAL(result.reason, RUN_TRAP);
            CU_ASSERT_EQUAL(r.h.m.s.x[6], 'b');
            CU_ASSERT_EQUAL(r.h.m.count, c + 7);
            CU_ASSERT_EQUAL(r.h.m.s.x[5], c + 3);
            CU_ASSERT_EQUAL(r.h.m.traps[PG32_trap_device], 2);
        }
        rig_close(&r);
    }
}

static void timer_before_device(void)
{
    for (int e = 0; e < 2; e++) {
        static const struct arrival arrivals[] = {{0, 'a'}};
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        r.h.m.devices.arrivals = arrivals;
        r.h.m.devices.arrivals_n = 1;
        rig_put(&r, RIG_CODE, addi(5, 5, 1));
        r.h.m.s.pending = r.h.m.s.IE = 1;
        CU_ASSERT_EQUAL(machine_run(&r.h.m, 0).reason, RUN_LIMIT); // the limit comes first
        CU_ASSERT_EQUAL(machine_run(&r.h.m, 9).cause, PG32_trap_timer);
        CU_ASSERT_EQUAL(r.h.m.s.pending, 0);
        CU_ASSERT_EQUAL(machine_run(&r.h.m, 9).cause, PG32_trap_device);
        CU_ASSERT_EQUAL(machine_run(&r.h.m, 9).cause, PG32_trap_device);
        CU_ASSERT_EQUAL(r.h.m.completed, 0);
        rig_close(&r);
    }
}

static void limits_are_exact(void)
{
    for (int e = 0; e < 2; e++) {
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        put_counters(&r, RIG_CODE);
        rig_put(&r, RIG_CODE + 4 * OFFSETS, enc_j(0, -4 * OFFSETS));
        for (uint64_t limit = 0; limit <= 2 * OFFSETS; limit++) {
            machine_reset(&r.h.m, RIG_CODE);
            CU_ASSERT_EQUAL(machine_run(&r.h.m, limit).reason, RUN_LIMIT);
            CU_ASSERT_EQUAL(machine_run(&r.h.m, limit).reason, RUN_LIMIT); // now decoded
            CU_ASSERT_EQUAL(r.h.m.completed, 2 * limit);
            CU_ASSERT_EQUAL(r.h.m.count, 2 * limit);
            CU_ASSERT_EQUAL(r.h.m.s.P, RIG_CODE + 4 * (2 * limit % (OFFSETS + 1)));
        }
        rig_close(&r);
    }
}

// {T, arrival or 0, IE} -> {reason, count after idle}. idle is at count 1.
static void idle_passes_time(void)
{
    static const struct {
        uint32_t T;
        uint64_t arrival;
        bool live, pending;
        enum run_reason reason;
        uint64_t count;
    } cases[] = {
        {0, 0, false, false, RUN_IDLE, 1},  // nothing can come
        {0, 0, true, false, RUN_INPUT, 1},  // nothing known yet
        {0, 0, false, true, RUN_LIMIT, 2},  // at once
        {0, 1, false, false, RUN_LIMIT, 2}, // at once
        {0, 2, false, false, RUN_LIMIT, 3}, // one stride
        {0, 1000000007, true, false, RUN_LIMIT, 1000000008},
        {11, 0, false, false, RUN_LIMIT, 12},  // T is 10 at the idle
        {11, 0, true, false, RUN_LIMIT, 12},   // the timer does not wait for the terminal
        {11, 11, false, false, RUN_LIMIT, 12}, // both at once
        {11, 5, false, false, RUN_LIMIT, 6},   // input first
        {11, 50, false, false, RUN_LIMIT, 12}, // timer first
        {UINT32_MAX, 0, false, false, RUN_LIMIT, (uint64_t)UINT32_MAX + 1},
        {1, 0, false, false, RUN_LIMIT, 2}, // ran out before the idle
    };

    for (int e = 0; e < 2; e++) {
        for (size_t k = 0; k < 2 * sizeof cases / sizeof *cases; k++) {
            const size_t n = k / 2;
            const uint8_t IE = k % 2;
            const struct arrival arrival = {cases[n].arrival, 'x'};
            struct rig r;

            rig_open(&r, rig_engines[e], 0);
            r.h.m.devices.arrivals = &arrival;
            r.h.m.devices.arrivals_n = cases[n].arrival != 0;
            r.h.m.devices.live = cases[n].live;
            rig_put(&r, RIG_CODE, addi(1, 0, 1));
            rig_put(&r, RIG_CODE + 4, IDLE);
            rig_put(&r, RIG_CODE + 8, addi(2, 0, 1));
            r.h.m.s.T = cases[n].T;
            CU_ASSERT_EQUAL(machine_run(&r.h.m, 1).reason, RUN_LIMIT);
            if (cases[n].pending) r.h.m.s.pending = 1;
            r.h.m.s.IE = IE;
            const struct pg32 before = r.h.m.s;
            struct run_result result = machine_run(&r.h.m, 1);
            const bool due = before.pending || before.ready;
            if (IE && due) { // the interrupt comes before the idle
                CU_ASSERT_EQUAL(result.reason, RUN_TRAP);
                CU_ASSERT_EQUAL(r.h.m.s.P, RIG_CODE + 4);
                CU_ASSERT_EQUAL(r.h.m.count, 1);
            } else {
                CU_ASSERT_EQUAL(result.reason, cases[n].reason);
                CU_ASSERT_EQUAL(r.h.m.count, cases[n].count);
                if (result.reason == RUN_LIMIT) {
                    CU_ASSERT_EQUAL(r.h.m.completed, 2);
                    CU_ASSERT_EQUAL(r.h.m.s.P, RIG_CODE + 8);
                    if (IE) CU_ASSERT_EQUAL(machine_run(&r.h.m, 1).reason, RUN_TRAP);
                    CU_ASSERT_EQUAL(r.h.m.s.x[2], 0);
                } else {
                    CU_ASSERT_EQUAL(r.h.m.completed, 1);
                    CU_ASSERT_EQUAL(memcmp(&r.h.m.s.x, &before.x, sizeof before.x), 0);
                    CU_ASSERT_EQUAL(r.h.m.s.P, before.P);
                    CU_ASSERT_EQUAL(r.h.m.s.T, before.T);
                    CU_ASSERT_EQUAL(r.h.m.s.entered, before.entered);
                }
            }
            rig_close(&r);
        }
    }
}

// RUN_INPUT, then the host supplies the byte and runs on.
static void idle_waits_for_the_terminal(void)
{
    for (int e = 0; e < 2; e++) {
        struct arrival arrivals[2] = {{0, 0}};
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        r.h.m.devices.arrivals = arrivals;
        r.h.m.devices.live = true;
        rig_put(&r, RIG_CODE, IDLE);
        rig_put(&r, RIG_CODE + 4, in(5, PORT_CONSOLE));
        rig_put(&r, RIG_CODE + 8, enc_j(0, -8));
        for (size_t k = 0; k < 2; k++) {
            const uint64_t count = r.h.m.count;
            CU_ASSERT_EQUAL(machine_go(&r.h.m, 100).reason, RUN_INPUT);
            CU_ASSERT_EQUAL(machine_go(&r.h.m, 100).reason, RUN_INPUT); // and again: nothing moved
            CU_ASSERT_EQUAL(r.h.m.count, count);
            CU_ASSERT_EQUAL(r.h.m.s.P, RIG_CODE);
            arrivals[k] = (struct arrival){count, (uint8_t)('p' + k)};
            r.h.m.devices.arrivals_n = k + 1;
            CU_ASSERT_EQUAL(machine_go(&r.h.m, 3).reason, RUN_LIMIT);
            CU_ASSERT_EQUAL(r.h.m.s.x[5], 'p' + k);
            CU_ASSERT_EQUAL(r.h.m.count, count + 3);
        }
        rig_close(&r);
    }
}

static void check_stop(void)
{
    for (int e = 0; e < 2; e++) {
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        rig_handler(&r, 0, RIG_SIZE - 4 + 8); // cannot be fetched
        rig_put(&r, RIG_CODE, addi(1, 0, 1));
        rig_put(&r, RIG_CODE + 4, ECALL);
        struct run_result result = machine_go(&r.h.m, 100);
        CU_ASSERT_EQUAL(result.reason, RUN_CHECK_STOP);
        CU_ASSERT_EQUAL(result.cause, PG32_trap_memory);
        CU_ASSERT_EQUAL(result.value, RIG_SIZE + 4);
        CU_ASSERT_EQUAL(r.h.m.completed, 1);
        CU_ASSERT_EQUAL(rig_get(&r, 4), RIG_CODE + 4); // the first trap's PSW, not the second's
        CU_ASSERT_EQUAL(r.h.m.traps[PG32_trap_ecall], 1);
        CU_ASSERT_EQUAL(r.h.m.traps[PG32_trap_memory], 0);

        machine_reset(&r.h.m, RIG_CODE); // one instruction in the handler is enough
        rig_handler(&r, 0, HANDLER);
        rig_put(&r, HANDLER, addi(2, 2, 1));
        rig_put(&r, HANDLER + 4, ECALL);
        result = machine_go(&r.h.m, 1 + 1000);
        CU_ASSERT_EQUAL(result.reason, RUN_LIMIT);
        CU_ASSERT_EQUAL(r.h.m.s.x[2], 1000);
        CU_ASSERT_EQUAL(r.h.m.traps[PG32_trap_ecall], 1000);
        rig_close(&r);
    }
}

static void halt_completes(void)
{
    for (int e = 0; e < 2; e++) {
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        rig_put(&r, RIG_CODE, addi(1, 0, 42));
        rig_put(&r, RIG_CODE + 4, halt(1));
        const struct run_result result = machine_run(&r.h.m, 100);
        CU_ASSERT_EQUAL(result.reason, RUN_STOP);
        CU_ASSERT_EQUAL(result.value, 42);
        CU_ASSERT_EQUAL(r.h.m.completed, 2);
        CU_ASSERT_EQUAL(r.h.m.s.P, RIG_CODE + 8);
        rig_close(&r);
    }
}

static void steps(void)
{
    struct rig r;

    rig_open(&r, &engine_threaded, 0);
    rig_handler(&r, 0, HANDLER);
    rig_put(&r, RIG_CODE, addi(1, 0, 1));
    rig_put(&r, RIG_CODE + 4, ECALL);
    rig_put(&r, HANDLER, halt(1));
    CU_ASSERT_EQUAL(machine_step(&r.h.m).reason, RUN_LIMIT);
    const struct run_result trap = machine_step(&r.h.m);
    CU_ASSERT_EQUAL(trap.reason, RUN_TRAP);
    CU_ASSERT_EQUAL(trap.cause, PG32_trap_ecall);
    CU_ASSERT_EQUAL(r.h.m.s.P, HANDLER); // delivered
    CU_ASSERT_EQUAL(r.h.m.completed, 1);
    CU_ASSERT_EQUAL(machine_step(&r.h.m).reason, RUN_STOP);
    rig_close(&r);
}

static void small_engine_memory(void)
{
    static uint8_t memory[4096], room[4096];
    static struct hardware h;

    hardware_init(&h, memory, sizeof memory, &engine_threaded, room, sizeof room);
    CU_ASSERT_PTR_EQUAL(h.engine, &engine_switch);
    hardware_init(&h, memory, sizeof memory, &engine_switch, NULL, 0);
    CU_ASSERT_PTR_EQUAL(h.engine, &engine_switch);
    machine_reset(&h.m, 0x100);
    machine_wrote(&h.m.s, 0x100, 4);
    CU_ASSERT_EQUAL(machine_run(&h.m, 1).cause, PG32_trap_illegal); // a zero word
}

void suite_time(void)
{
    CU_pSuite s = CU_add_suite("machine: time and stops", NULL, NULL);

    CU_add_test(s, "timer to the instruction", timer_to_the_instruction);
    CU_add_test(s, "timer is read and set exactly", timer_is_read_and_set_exactly);
    CU_add_test(s, "device interrupt to the instruction", device_to_the_instruction);
    CU_add_test(s, "timer before device", timer_before_device);
    CU_add_test(s, "limits are exact", limits_are_exact);
    CU_add_test(s, "idle passes time", idle_passes_time);
    CU_add_test(s, "idle waits for the terminal", idle_waits_for_the_terminal);
    CU_add_test(s, "check stop", check_stop);
    CU_add_test(s, "halt completes", halt_completes);
    CU_add_test(s, "steps", steps);
    CU_add_test(s, "small engine memory", small_engine_memory);
}
