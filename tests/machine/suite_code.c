// SPDX-License-Identifier: MIT
// "A store is visible to the next fetch; so is what a trap writes" (DESIGN 3), at every distance
// from the storing instruction, however the bytes are written and whoever writes them.

#include "tests/suites.h"
#include "tests/machine/encode.h"
#include "tests/machine/rig.h"

#include <CUnit/CUnit.h>

enum { LENGTH = 140, BASE = 16 }; // instructions; the register that holds the program's address

// A program of counting instructions whose number `at` stores x1 over the word `target`.
static void put_self_writer(struct rig *r, uint32_t start, uint32_t at, int32_t target)
{
    for (uint32_t k = 0; k < LENGTH; k++) rig_put(r, start + 4 * k, addi(5, 5, 1));
    rig_put(r, start + 4 * LENGTH, halt(5));
    rig_put(r, start + 4 * at, sw(1, BASE, 4 * target));
}

static void next_instruction_sees_it(void)
{
    for (int e = 0; e < 2; e++) {
        for (uint32_t start = RIG_CODE; start < RIG_CODE + GRANULE; start += 4) {
            struct rig r;

            rig_open(&r, rig_engines[e], 0);
            for (int32_t target = 0; target < LENGTH; target += target < 70 ? 1 : 13) {
                const uint32_t at = 3;
                if (target == (int32_t)at) continue;
                put_self_writer(&r, start, at, target);
                for (int again = 0; again < 2; again++) {
                    // The second time round the program is decoded and the word already stored:
                    // store another one.
                    const int step = again ? 100 : 1000;
                    const int old = target < (int32_t)at && again ? 1000 : 1;
                    pg32_reset(&r.h.m.s, start);
                    r.h.m.s.x[BASE] = start;
                    r.h.m.s.x[1] = addi(5, 5, step);
                    const struct run_result result = machine_run(&r.h.m, UINT64_MAX);
                    CU_ASSERT_EQUAL(result.reason, RUN_STOP);
                    CU_ASSERT_EQUAL(result.value,
                                    (uint32_t)(LENGTH - 2 + (target < (int32_t)at ? old : step)));
                }
            }
            rig_close(&r);
        }
    }
}

// Loops back over itself: what was run once already, chained to itself, is written.
static void a_loop_sees_it(void)
{
    for (int e = 0; e < 2; e++) {
        const uint32_t program[] = {
            addi(5, 5, 1),   // 0: becomes addi(5, 5, 100) in round 4
            addi(6, 6, 1),   // 1
            addi(7, 6, -4),  // 2
            bne(7, 0, 8),    // 3: to 5
            sw(1, BASE, 0),  // 4
            addi(7, 6, -10), // 5
            bne(7, 0, -24),  // 6: to 0
            halt(5),
        };
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        rig_program(&r, RIG_CODE, program, sizeof program / sizeof *program);
        r.h.m.s.x[BASE] = RIG_CODE;
        r.h.m.s.x[1] = addi(5, 5, 100);
        CU_ASSERT_EQUAL(machine_run(&r.h.m, UINT64_MAX).value, 4 + 6 * 100);
        rig_close(&r);
    }
}

// Stores of each size at every offset around an instruction that stands at a granule's start.
static void misaligned_stores_reach_code(void)
{
    static const uint32_t sizes[] = {1, 2, 4};

    for (int e = 0; e < 2; e++) {
        for (size_t k = 0; k < 3; k++) {
            for (uint32_t back = 0; back < 8; back++) {
                const uint32_t target = RIG_CODE + GRANULE * 4;
                const uint32_t program[] = {jalr(1, 2, 0), enc_s((uint32_t)k, 3, 4, 0),
                                            jalr(1, 2, 0), halt(5)};
                struct rig r;
                uint32_t expected = addi(5, 0, 7);
                uint64_t bytes;

                rig_open(&r, rig_engines[e], 0);
                rig_program(&r, RIG_CODE, program, 4);
                rig_put(&r, target, expected);
                rig_put(&r, target + 4, jalr(0, 1, 0));
                r.h.m.s.x[2] = target;
                r.h.m.s.x[3] = target - back;
                r.h.m.s.x[4] = 0; // zero bytes: the word may become illegal, or load another number
                const struct run_result result = machine_run(&r.h.m, UINT64_MAX);

                bytes = (uint64_t)expected << 32;
                for (uint32_t n = 0; n < sizes[k]; n++) {
                    const int at = (int)n - (int)back + 4; // in `bytes`
                    if (at >= 0 && at < 8) bytes &= ~((uint64_t)0xff << 8 * at);
                }
                expected = (uint32_t)(bytes >> 32);
                CU_ASSERT_EQUAL(rig_get(&r, target), expected);
                if (expected == addi(5, 0, 7)) {
                    CU_ASSERT_EQUAL(result.reason, RUN_STOP);
                } else { // its opcode byte is 0
                    CU_ASSERT_EQUAL(result.reason, RUN_TRAP);
                    CU_ASSERT_EQUAL(result.cause, PG32_trap_illegal);
                    CU_ASSERT_EQUAL(result.value, expected);
                    CU_ASSERT_EQUAL(r.h.m.s.P, target);
                }
                rig_close(&r);
            }
        }
    }
}

// Code at physical 0 to 0x17 runs, is overwritten by the PSW swap, and runs again.
static void what_a_trap_writes_is_seen(void)
{
    for (int e = 0; e < 2; e++) {
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        rig_handler(&r, 0, RIG_CODE);
        rig_put(&r, RIG_CODE, jalr(1, 0, 0)); // to 0 again
        for (uint32_t a = 0; a < 0x18; a += 4) rig_put(&r, a, addi(5, 5, 1));
        rig_put(&r, 0x18, ECALL);
        r.h.m.s.P = 0;
        struct run_result result = machine_run(&r.h.m, UINT64_MAX);
        CU_ASSERT_EQUAL(result.cause, PG32_trap_ecall);
        CU_ASSERT_EQUAL(r.h.m.s.x[5], 6);
        CU_ASSERT_EQUAL(machine_deliver(&r.h.m, result).reason, RUN_LIMIT);
        result = machine_run(&r.h.m, UINT64_MAX);
        CU_ASSERT_EQUAL(result.cause, PG32_trap_illegal);
        CU_ASSERT_EQUAL(r.h.m.s.P, 0);
        CU_ASSERT_EQUAL(result.value, PG32_trap_ecall << 8); // the status word, met as code
        rig_close(&r);
    }
}

static void spsw_over_code_is_seen(void)
{
    for (int e = 0; e < 2; e++) {
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        for (uint32_t k = 0; k < 8; k++) rig_put(&r, RIG_CODE + 4 * k, addi(5, 5, 1));
        rig_put(&r, RIG_CODE + 0x20, jalr(0, 3, 0));
        r.h.m.s.x[3] = RIG_CODE;
        r.h.m.s.x[2] = RIG_CODE + 16;
        CU_ASSERT_EQUAL(machine_run(&r.h.m, 18).reason, RUN_LIMIT); // twice round: decoded
        rig_put(&r, RIG_CODE + 4, spsw(2));
        const struct run_result result = machine_run(&r.h.m, 100);
        CU_ASSERT_EQUAL(result.reason, RUN_TRAP);
        CU_ASSERT_EQUAL(r.h.m.s.P, RIG_CODE + 16);
        CU_ASSERT_EQUAL(r.h.m.s.x[5], 16 + 3);
        rig_close(&r);
    }
}

// Sixteen bytes that begin in a granule without code and end in one with code beyond the reach of
// its edge.
static void a_long_store_across_granules_is_seen(void)
{
    for (int e = 0; e < 2; e++) {
        const uint32_t target = RIG_CODE + 4 * GRANULE + CODE_MAP_REACH;
        const uint32_t program[] = {jalr(1, 2, 0), spsw(3), jalr(1, 2, 0)};
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        rig_program(&r, RIG_CODE, program, 3);
        rig_put(&r, target, addi(5, 5, 1));
        rig_put(&r, target + 4, jalr(0, 1, 0));
        r.h.m.s.x[2] = target;
        r.h.m.s.x[3] = target - 12; // the PSW's last word, b, falls on the target
        const struct run_result result = machine_run(&r.h.m, 100);
        CU_ASSERT_EQUAL(result.cause, PG32_trap_illegal);
        CU_ASSERT_EQUAL(result.value, RIG_SIZE);
        CU_ASSERT_EQUAL(r.h.m.s.x[5], 1);
        rig_close(&r);
    }
}

// One virtual address, many relocations, one more than the engine can tell apart: each its code.
static void relocation_changes_what_runs(void)
{
    for (int e = 0; e < 2; e++) {
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        for (uint32_t k = 0; k < 100; k++) {
            rig_put(&r, RIG_CODE + 0x100 * k, addi(5, 5, (int32_t)k));
            rig_put(&r, RIG_CODE + 0x100 * k + 4, halt(5));
        }
        for (uint32_t round = 0; round < 3; round++) {
            for (uint32_t k = 0; k < 100; k++) {
                r.h.m.s.l = RIG_CODE + 0x100 * k;
                r.h.m.s.b = 8 + 4 * (k % 3);
                r.h.m.s.P = 0;
                r.h.m.s.x[5] = 0;
                CU_ASSERT_EQUAL(machine_run(&r.h.m, UINT64_MAX).value, k);
            }
        }
        rig_close(&r);
    }
}

// The bound falls inside decoded code: the fetch beyond it traps, with its address.
static void a_smaller_bound_holds(void)
{
    for (int e = 0; e < 2; e++) {
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        for (uint32_t k = 0; k < 80; k++) rig_put(&r, RIG_CODE + 4 * k, addi(5, 5, 1));
        r.h.m.s.l = RIG_CODE;
        for (uint32_t b = 80 * 4; b > 0; b--) {
            r.h.m.s.b = b;
            r.h.m.s.P = 0;
            r.h.m.s.x[5] = 0;
            const struct run_result result = machine_run(&r.h.m, UINT64_MAX);
            CU_ASSERT_EQUAL(result.cause, PG32_trap_memory);
            CU_ASSERT_EQUAL(result.value, b / 4 * 4);
            CU_ASSERT_EQUAL(r.h.m.s.x[5], b / 4);
            CU_ASSERT_EQUAL(r.h.m.s.P, b / 4 * 4);
        }
        rig_close(&r);
    }
}

// More code than engine memory holds.
static void engine_memory_runs_out(void)
{
    struct rig r;
    uint32_t at = RIG_CODE;

    rig_open(&r, &engine_threaded,
             RIG_SIZE / GRANULE + engine_threaded.state_least + ENGINE_ALIGNMENT);
    CU_ASSERT_PTR_EQUAL(r.h.engine, &engine_threaded);
    for (; at < RIG_SIZE - 8; at += 8) {
        rig_put(&r, at, addi(5, 5, 1));
        rig_put(&r, at + 4, enc_j(0, 4));
    }
    rig_put(&r, at, enc_j(0, (int32_t)RIG_CODE - (int32_t)at));
    CU_ASSERT_EQUAL(machine_run(&r.h.m, 200000).reason, RUN_LIMIT);
    const uint32_t round = (at - RIG_CODE) / 4 + 1;
    CU_ASSERT_EQUAL(r.h.m.s.x[5], 200000 / round * (round / 2) + (200000 % round + 1) / 2);
    rig_close(&r);
}

// The same, from a block near the start of that memory to ever new ones: when they begin again at
// the start, nothing may be remembered in the old one.
static void engine_memory_runs_out_under_a_jump(void)
{
    const uint32_t loop = RIG_CODE + 0x100, targets = RIG_CODE + 0x200, stride = 0x80;
    struct rig r;

    rig_open(&r, &engine_threaded,
             RIG_SIZE / GRANULE + engine_threaded.state_least + ENGINE_ALIGNMENT);
    rig_put(&r, RIG_CODE, enc_j(0, 0x100)); // the first block; the loop's is the second
    rig_put(&r, loop, add(2, 2, 3));
    rig_put(&r, loop + 4, jalr(1, 2, 0));
    rig_put(&r, loop + 8, enc_j(0, -8));
    uint32_t n = 0;
    for (uint32_t at = targets; at + stride <= RIG_SIZE; at += stride, n++) {
        for (uint32_t k = 0; k < stride - 4; k += 4) rig_put(&r, at + k, addi(5, 5, 1));
        rig_put(&r, at + stride - 4, jalr(0, 1, 0));
    }
    r.h.m.s.x[3] = stride;
    for (uint32_t round = 0; round < 10; round++) {
        r.h.m.s.P = round == 0 ? RIG_CODE : loop;
        r.h.m.s.x[2] = targets - stride;
        const uint64_t limit = (round == 0) + n * (2 + stride / 4 + 1);
        CU_ASSERT_EQUAL(machine_run(&r.h.m, limit).reason, RUN_LIMIT);
        CU_ASSERT_EQUAL(r.h.m.s.x[5], (round + 1) * n * (stride / 4 - 1));
        CU_ASSERT_EQUAL(r.h.m.s.P, loop);
    }
    rig_close(&r);
}

static void code_map_finds_what_was_marked(void)
{
    uint8_t granules[16];
    struct code_map map;

    code_map_init(&map, granules, 16 * GRANULE);
    code_map_mark(&map, 4 * GRANULE, GRANULE + 4);
    for (uint64_t g = 0; g < 16; g++) CU_ASSERT_EQUAL(code_map_has(&map, g), g == 4 || g == 5);
    CU_ASSERT_EQUAL(granules[3], GRANULE_EDGE);
    code_map_unmark(&map, 4);
    CU_ASSERT_FALSE(code_map_has(&map, 4));
    CU_ASSERT_EQUAL(granules[3], 0);
    CU_ASSERT_EQUAL(granules[5], GRANULE_CODE);
    code_map_mark(&map, 8 * GRANULE + 8, 4);
    CU_ASSERT_EQUAL(granules[7], 0); // out of reach
    CU_ASSERT_FALSE(code_map_has(&map, UINT64_MAX >> GRANULE_SHIFT));
}

void suite_code(void)
{
    CU_pSuite s = CU_add_suite("machine: code that changes", NULL, NULL);

    CU_add_test(s, "the next instruction sees it", next_instruction_sees_it);
    CU_add_test(s, "a loop sees it", a_loop_sees_it);
    CU_add_test(s, "misaligned stores reach code", misaligned_stores_reach_code);
    CU_add_test(s, "what a trap writes is seen", what_a_trap_writes_is_seen);
    CU_add_test(s, "spsw over code is seen", spsw_over_code_is_seen);
    CU_add_test(s, "a long store across granules is seen", a_long_store_across_granules_is_seen);
    CU_add_test(s, "relocation changes what runs", relocation_changes_what_runs);
    CU_add_test(s, "a smaller bound holds", a_smaller_bound_holds);
    CU_add_test(s, "engine memory runs out", engine_memory_runs_out);
    CU_add_test(s, "engine memory runs out under a jump", engine_memory_runs_out_under_a_jump);
    CU_add_test(s, "code map finds what was marked", code_map_finds_what_was_marked);
}
