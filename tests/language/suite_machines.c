// SPDX-License-Identifier: MIT
// The machines of isa-analyzer/isas do what their manuals say: small programs on those that run,
// and single instructions on the others. Their classes are tested by tests/command/machines.sh.
#include <CUnit/CUnit.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "tests/language/bench.h"
#include "tests/suites.h"

#define STEP(outcome) CU_ASSERT_STRING_EQUAL(bench_step(&b), outcome)

static void store_bytes(struct bench *b, uint64_t at, const uint8_t *bytes, size_t n)
{
    memcpy((uint8_t *)b->cells + at, bytes, n);
}

#define CODE(at, ...)                                                                              \
    store_bytes(&b, at, (uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}))

// ---------------------------------------------------------------- pg-word

// A supervisor gives a user program the words from 0x100 on and counts its calls; the program asks
// three times for 2 more, then touches what is not its own, and that ends the run.
static void test_pg_word(void)
{
    struct bench b;
    bench_begin(&b, "isa-analyzer/isas/pg-word.isa", 2048, NULL);
    uint64_t const supervisor[] = {
        0x0c00000000 | 0x020, // 010: lpsw 20(r0): to the user program
    };
    uint64_t const handler[] = {
        0x0160000000,         // 040: load r6, 0: the old PSW
        0x0370ffffdb,         // 041: set r7, -37: to the right by 37 places
        0x0767000000,         // 042: shift r6, r7: the cause
        0x0370000004,         // 043: set r7, 4: a call
        0x0576000000,         // 044: subtract r7, r6
        0x0970000047,         // 045: zero r7, 47
        0x0f50000000,         // 046: halt r5
        0x0380000002,         // 047: set r8, 2
        0x0458000000,         // 048: add r5, r8
        0x0160000000,         // 049: load r6, 0
        0x0380000001,         // 04a: set r8, 1 ...
        0x0390000018,         // 04b: set r9, 24
        0x0789000000,         // 04c: shift r8, r9
        0x0468000000,         // 04d: add r6, r8: behind the call
        0x0260000000 | 0x021, // 04e: store r6, 21
        0x0c00000000 | 0x021, // 04f: lpsw 21
    };
    uint64_t const user[] = {
        0x0b00000000, // call 0, three times
        0x0b00000000, 0x0b00000000,
        0x0210000010, // store r1, 10(r0): outside
    };
    for (size_t i = 0; i < sizeof supervisor / sizeof *supervisor; i++)
        concrete_store(&b.c, 0x010 + i, 1, supervisor[i]);
    for (size_t i = 0; i < sizeof handler / sizeof *handler; i++)
        concrete_store(&b.c, 0x040 + i, 1, handler[i]);
    for (size_t i = 0; i < sizeof user / sizeof *user; i++)
        concrete_store(&b.c, 0x100 + i, 1, user[i]);
    concrete_store(&b.c, 0x001, 1, 0x0040000800); // supervisor, 040, all of storage
    concrete_store(&b.c, 0x020, 1, 0x1000100010); // user, 0, sixteen words from 100 on
    concrete_reset(&b.c, 0x010);
    bench_run(&b, 1);
    CU_ASSERT_EQUAL(bench_get(&b, "M", 0), 1);
    CU_ASSERT_EQUAL(bench_get(&b, "l", 0), 0x100);
    bench_run(&b, 100);
    CU_ASSERT_EQUAL(b.last.outcome, STEP_STOP);
    CU_ASSERT_EQUAL(b.last.value, 6);
    // The old PSW: a memory trap (1), user, P = 3, R as it was.
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0, 1), 0x3003100010);
    // A user can't halt, load R, see R or load a PSW.
    uint64_t const privileged[] = {0x0f50000000, 0x0d10000000, 0x0e10000000, 0x0c00000000};
    for (size_t i = 0; i < sizeof privileged / sizeof *privileged; i++) {
        concrete_store(&b.c, 0x100, 1, privileged[i]);
        bench_set(&b, "M", 0, 1);
        bench_set(&b, "P", 0, 0);
        bench_set(&b, "l", 0, 0x100);
        bench_set(&b, "b", 0, 16);
        STEP("privileged");
    }
    bench_end(&b);
}

// ---------------------------------------------------------------- pdp10-ka10

static void test_pdp10(void)
{
    struct bench b;
    bench_begin(&b, "isa-analyzer/isas/pdp10-ka10.isa", 65536, NULL);
    concrete_reset(&b.c, 0100);
    concrete_store(&b.c, 0100, 1, 0254040000102);           // jrst 1, 102
    concrete_store(&b.c, 0102, 1, 0265040000104);           // jsp 1, 104
    concrete_store(&b.c, 0104, 1, 0254100000000 | 1 << 18); // jrst 2, (1): cannot clear User
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "USER", 0), 1);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "AC", 1), 0010000000103); // the bit User, and PC
    bench_set(&b, "AC", 1, 0400000000200);                  // overflow, not User; to 0
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "USER", 0), 1);
    CU_ASSERT_EQUAL(bench_get(&b, "flags", 0), 0100);
    CU_ASSERT_EQUAL(bench_get(&b, "PC", 0), 0200);
    // DATAO APR, 300: protection 1 (two blocks), relocation 3 blocks.
    concrete_store(&b.c, 0200, 1, 0700140000300);
    concrete_store(&b.c, 0300, 1, (uint64_t)1 << 28 | 3 << 10);
    concrete_store(&b.c, 041, 1, 0500); // where the monitor's JSR goes
    STEP("monitor_call");
    bench_set(&b, "USER", 0, 0);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "l", 0), 3 * 1024);
    CU_ASSERT_EQUAL(bench_get(&b, "b", 0), 2 * 1024);
    bench_set(&b, "USER", 0, 1);
    concrete_store(&b.c, 3 * 1024 + 0201, 1, 0254200000000); // jrst 4, 0
    bench_run(&b, 1);
    CU_ASSERT_EQUAL(bench_get(&b, "PC", 0), 0501);
    CU_ASSERT_EQUAL(bench_get(&b, "USER", 0), 0);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 040, 1), 0254200000000);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0500, 1), 0410000000201);
    bench_set(&b, "held", 0, 0x14); // JEN: the first level that is held
    concrete_store(&b.c, 0501, 1, 0254400000000);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "held", 0), 0x04);
    bench_end(&b);
}

// ---------------------------------------------------------------- s360-67

static void test_s360(void)
{
    struct bench b;
    bench_begin(&b, "isa-analyzer/isas/s360-67.isa", 0x80000, NULL);
    bench_set(&b, "l", 0, 0x1000);
    bench_set(&b, "b", 0, 0x2000);
    CODE(0x1000, 0x58, 0x10, 0x01, 0x00, // l 1, 100
         0x1a, 0x11,                     // ar 1, 1: overflows
         0x47, 0x10, 0x00, 0x10,         // bc 1, 10: does it?
         0x00, 0x00);
    CODE(0x1010, 0xb1, 0x20, 0x01, 0x23, // lra 2, 123
         0xb1, 0x30, 0x20, 0x00,         // lra 3, 0(2)
         0x05, 0x40,                     // balr 4, 0
         0x82, 0x00, 0x01, 0x08);        // lpsw 108
    CODE(0x1100, 0x40, 0, 0, 1);
    CODE(0x1108, 0x03, 0xf1, 0x2a, 0, 0, 0, 0x0a, 0); // masks, key f, problem, cc 2, mask a, to a00
    CODE(0x1a00, 0x80, 0x00, 0x01, 0x00);             // ssm 100
    STEP("next");
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "r", 1), 0x80000002);
    CU_ASSERT_EQUAL(bench_get(&b, "condition", 0), 3);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "P", 0), 0x10);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "r", 2), 0x1123);
    bench_set(&b, "r", 2, 0x2000); // the first address without an entry
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "r", 3), 0);
    CU_ASSERT_EQUAL(bench_get(&b, "condition", 0), 3);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "r", 4), 0x7000001a); // length 1, condition 3, mask 0
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "M", 0), 1);
    CU_ASSERT_EQUAL(bench_get(&b, "condition", 0), 2);
    CU_ASSERT_EQUAL(bench_get(&b, "program_mask", 0), 0xa);
    CU_ASSERT_EQUAL(bench_get(&b, "protection_key", 0), 0xf);
    STEP("privileged_operation");
    bench_set(&b, "P", 0, 4); // ar again, with the overflow that the program mask now allows
    bench_set(&b, "r", 1, 0x40000000);
    STEP("fixed_point_overflow");
    bench_end(&b);
}

// ---------------------------------------------------------------- m68000, m68010

static void test_68000(void)
{
    struct bench b;
    bench_begin(&b, "isa-analyzer/isas/m68000.isa", 0x10000, "memory_size=0x10000");
    CODE(0x80, 0x00, 0x00, 0x20, 0x00);   // TRAP #0: to 2000
    CODE(0x20, 0x00, 0x00, 0x30, 0x00);   // privilege violation: to 3000
    CODE(0x1000, 0x46, 0xc0,              // move d0, sr: to user mode
         0x40, 0xc1,                      // move sr, d1
         0x4e, 0x40);                     // trap #0
    CODE(0x2000, 0x40, 0xc2, 0x4e, 0x73); // move sr, d2; rte
    CODE(0x1006, 0x4e, 0x73);             // rte, in user mode
    concrete_reset(&b.c, 0x1000);
    bench_set(&b, "a", 7, 0x8000);
    bench_set(&b, "other_a7", 0, 0x9000);
    bench_set(&b, "d", 0, 0x0015);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "S", 0), 0);
    CU_ASSERT_EQUAL(bench_get(&b, "a", 7), 0x9000);
    CU_ASSERT_EQUAL(bench_get(&b, "other_a7", 0), 0x8000);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "d", 1), 0x0015);
    bench_run(&b, 1);
    CU_ASSERT_EQUAL(bench_get(&b, "P", 0), 0x2000);
    CU_ASSERT_EQUAL(bench_get(&b, "a", 7), 0x7ffa);
    CU_ASSERT_EQUAL(bench_get(&b, "other_a7", 0), 0x9000);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x7ffa, 6), 0x001500001006);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "d", 2), 0x2015);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "S", 0), 0);
    CU_ASSERT_EQUAL(bench_get(&b, "P", 0), 0x1006);
    CU_ASSERT_EQUAL(bench_get(&b, "a", 7), 0x9000);
    CU_ASSERT_EQUAL(bench_get(&b, "other_a7", 0), 0x8000);
    bench_run(&b, 1);
    CU_ASSERT_STRING_EQUAL(b.last.cause->name, "privilege_violation");
    CU_ASSERT_EQUAL(bench_get(&b, "P", 0), 0x3000);
    bench_end(&b);
}

static void test_68010(void)
{
    struct bench b;
    bench_begin(&b, "isa-analyzer/isas/m68010.isa", 0x10000, "memory_size=0x10000");
    CODE(0x1000, 0x4e, 0x7b, 0x08, 0x01,  // movec d0, vbr
         0x40, 0xc1,                      // move sr, d1
         0x02, 0x7c, 0xdf, 0xff,          // andi #dfff, sr: to user mode
         0x42, 0xc2,                      // move ccr, d2
         0x40, 0xc1);                     // move sr, d1: a violation
    CODE(0x4020, 0x00, 0x00, 0x20, 0x00); // in the vectors at 4000
    CODE(0x2000, 0x4e, 0x73);             // rte
    concrete_reset(&b.c, 0x1000);
    bench_set(&b, "d", 0, 0x4000);
    bench_set(&b, "a", 7, 0x8000);
    bench_set(&b, "ccr", 0, 0x1f);
    bench_run(&b, 4);
    CU_ASSERT_EQUAL(bench_get(&b, "d", 1), 0x271f);
    CU_ASSERT_EQUAL(bench_get(&b, "d", 2), 0x001f);
    CU_ASSERT_EQUAL(bench_get(&b, "S", 0), 0);
    bench_run(&b, 1);
    CU_ASSERT_STRING_EQUAL(b.last.cause->name, "privilege_violation");
    CU_ASSERT_EQUAL(bench_get(&b, "P", 0), 0x2000);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x7ff8, 8), 0x071f0000100c0020);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "P", 0), 0x100c);
    CU_ASSERT_EQUAL(bench_get(&b, "other_a7", 0), 0x8000);
    bench_end(&b);
}

// ---------------------------------------------------------------- riscv-u

static void run_riscv(const char *setting, uint32_t word, const char *supervisor, const char *user)
{
    static const char *const outcomes[] = {"user", "supervisor"};
    struct bench b;
    bench_begin(&b, "isa-analyzer/isas/riscv-u.isa", 4096, setting);
    for (unsigned level = 0; level < 2; level++) {
        memcpy((uint8_t *)b.cells + 0x100, &word, sizeof word);
        bench_set(&b, "pc", 0, 0x100);
        bench_set(&b, "level", 0, level);
        const char *const found = bench_step(&b);
        if (strcmp(found, level ? supervisor : user) != 0)
            printf("0x%08x in %s mode, %s: %s\n", word, outcomes[level], setting, found);
        CU_ASSERT_STRING_EQUAL(found, level ? supervisor : user);
    }
    bench_end(&b);
}

static void test_riscv(void)
{
    uint32_t const rdcycle = 0xc0002573, rdtime = 0xc0102573, write_cycle = 0xc0051073;
    uint32_t const read_sstatus = 0x10002573, read_mstatus = 0x30002573;
    uint32_t const sret = 0x10200073, mret = 0x30200073, sfence = 0x12000073, inval = 0x0005200f;
    run_riscv(NULL, rdcycle, "next", "illegal");
    run_riscv("scounteren_CY=1", rdcycle, "next", "next");
    run_riscv("scounteren_CY=1", rdtime, "next", "illegal");
    run_riscv("scounteren_TM=1", rdtime, "next", "next");
    run_riscv("scounteren_CY=1", write_cycle, "illegal", "illegal");
    run_riscv(NULL, read_sstatus, "next", "illegal");
    run_riscv(NULL, read_mstatus, "illegal", "illegal");
    run_riscv(NULL, sret, "next", "illegal");
    run_riscv(NULL, mret, "illegal", "illegal");
    run_riscv(NULL, sfence, "next", "illegal");
    run_riscv(NULL, inval, "illegal", "illegal");
    run_riscv("menvcfg_CBIE=3", inval, "next", "illegal");
    run_riscv("senvcfg_CBIE=3", inval, "illegal", "illegal");
}

// A jump that is not a return wants a landing pad where they are on.
static void test_landing_pads(void)
{
    struct bench b;
    bench_begin(&b, "isa-analyzer/isas/riscv-u.isa", 4096, "menvcfg_LPE=1");
    uint32_t const program[] = {0x00050067, 0x00000013, 0x12345017}; // jr a0; nop; lpad 12345
    memcpy((uint8_t *)b.cells + 0x100, program, sizeof program);
    concrete_reset(&b.c, 0x100);
    bench_set(&b, "x", 10, 0x104);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "ELP", 0), 1);
    STEP("software_check");
    bench_set(&b, "pc", 0, 0x108);
    STEP("software_check"); // the label is not t2's
    bench_set(&b, "x", 7, 0x12345678);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "ELP", 0), 0);
    bench_end(&b);
}

// ---------------------------------------------------------------- x86-32

enum {
    CODE_0 = 1, // the GDT's entries: code and data of ring 0 and of ring 3, a gate, conforming code
    DATA_0,
    CODE_3,
    DATA_3,
    GATE,
    CONFORMING,
    ABSENT,
};

static uint64_t gate_to(unsigned selector, uint32_t offset, unsigned type, unsigned dpl)
{
    return (uint64_t)(offset >> 16) << 48 | (uint64_t)(0x80 | dpl << 5 | type) << 40 |
           (uint64_t)selector << 16 | (offset & 0xffff);
}

static void begin_x86(struct bench *b, unsigned ring)
{
    static const uint8_t access[] = {0, 0x9a, 0x92, 0xfa, 0xf2, 0, 0x9e, 0x72};
    bench_begin(b, "isa-analyzer/isas/x86-32.isa", 0x10000, "memory_size=0x10000");
    for (unsigned i = 0; i < 8; i++)
        bench_set(b, "descriptor", i, 0x00cf00000000ffff | (uint64_t)access[i] << 40);
    bench_set(b, "descriptor", GATE, gate_to(CODE_0 << 3, 0x5000, 0xc, 3));
    bench_set(b, "inner_esp", 0, 0x8000);
    bench_set(b, "inner_ss", 0, DATA_0 << 3);
    bench_set(b, "CPL", 0, ring);
    bench_set(b, "CS_index", 0, (ring ? CODE_3 : CODE_0) << 1);
    bench_set(b, "SS_index", 0, (ring ? DATA_3 : DATA_0) << 1);
    bench_set(b, "r", 4, 0x9000);
    bench_set(b, "eip", 0, 0x1000);
}

static void test_x86_flags(void)
{
    for (unsigned ring = 0; ring < 4; ring += 3) {
        struct bench b;
        begin_x86(&b, ring);
        bench_set(&b, "IF", 0, 1);
        CODE(0x9000, 0x41, 0x30, 0, 0);                   // CF, ZF, IOPL 3, IF 0
        CODE(0x1000, 0x9d, 0x9c, 0xfa, 0x0f, 0x31, 0xf4); // popf; pushf; cli; rdtsc; hlt
        STEP("next");
        CU_ASSERT_EQUAL(bench_get(&b, "ZF", 0), 1);
        CU_ASSERT_EQUAL(bench_get(&b, "IF", 0), ring ? 1 : 0);
        CU_ASSERT_EQUAL(bench_get(&b, "IOPL", 0), ring ? 0 : 3);
        STEP("next");
        CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x9000, 4), ring ? 0x243 : 0x3043);
        STEP(ring ? "general_protection" : "next");
        bench_set(&b, "eip", 0, 0x1003);
        STEP("next");
        STEP(ring ? "general_protection" : "wait");
        bench_set(&b, "eip", 0, 0x1003);
        bench_set(&b, "CR4", 0, 4);
        STEP(ring ? "general_protection" : "next");
        bench_end(&b);
    }
}

static void test_x86_descriptors(void)
{
    struct bench b;
    begin_x86(&b, 3);
    CODE(0x1000, 0x0f, 0x02, 0xc3,            // lar eax, ebx
         0x0f, 0x03, 0xcb,                    // lsl ecx, ebx
         0x0f, 0x00, 0xe3,                    // verr bx
         0x0f, 0x00, 0xeb,                    // verw bx
         0x8e, 0xdb, 0x8c, 0xca, 0x8e, 0xd3); // mov ds, bx; mov edx, cs; mov ss, bx
    bench_set(&b, "r", 3, DATA_3 << 3 | 3);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "ZF", 0), 1);
    CU_ASSERT_EQUAL(bench_get(&b, "r", 0), 0x00cff200);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "r", 1), 0xffffffff);
    STEP("next");
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "ZF", 0), 1);
    STEP("next");
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "r", 2), CODE_3 << 3 | 3);
    STEP("next");
    // Ring 0's data are invisible here, and segments that are absent fault.
    bench_set(&b, "r", 3, DATA_0 << 3);
    bench_set(&b, "eip", 0, 0x1000);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "ZF", 0), 0);
    bench_set(&b, "eip", 0, 0x100c);
    STEP("general_protection");
    bench_set(&b, "r", 3, ABSENT << 3);
    STEP("segment_not_present");
    bench_end(&b);
}

static void test_x86_transfers(void)
{
    struct bench b;
    begin_x86(&b, 3);
    bench_set(&b, "gate", 3, gate_to(CODE_0 << 3, 0x4000, 0xe, 3));
    bench_set(&b, "gate", 4, gate_to(CODE_0 << 3, 0x4000, 0xf, 0));
    bench_set(&b, "IF", 0, 1);
    CODE(0x1000, 0xcd, 0x03, 0xcd, 0x04, 0x90);            // int 3; int 4
    CODE(0x4000, 0xcf);                                    // iret
    CODE(0x1004, 0x9a, 0, 0, 0, 0, GATE << 3, 0);          // call through the gate
    CODE(0x5000, 0xcb);                                    // retf
    CODE(0x100b, 0xea, 0, 0x60, 0, 0, CONFORMING << 3, 0); // jmp 30:6000
    CODE(0x6000, 0xea, 0, 0x70, 0, 0, CODE_0 << 3, 0);     // jmp 8:7000: not from ring 3
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "CPL", 0), 0);
    CU_ASSERT_EQUAL(bench_get(&b, "IF", 0), 0);
    CU_ASSERT_EQUAL(bench_get(&b, "eip", 0), 0x4000);
    CU_ASSERT_EQUAL(bench_get(&b, "r", 4), 0x8000 - 20);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x8000 - 20, 8), 0x0000001b00001002);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x8000 - 8, 8), 0x0000002300009000);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "CPL", 0), 3);
    CU_ASSERT_EQUAL(bench_get(&b, "IF", 0), 1);
    CU_ASSERT_EQUAL(bench_get(&b, "r", 4), 0x9000);
    CU_ASSERT_EQUAL(bench_get(&b, "eip", 0), 0x1002);
    STEP("general_protection");
    bench_set(&b, "eip", 0, 0x1004);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "CPL", 0), 0);
    CU_ASSERT_EQUAL(bench_get(&b, "eip", 0), 0x5000);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "CPL", 0), 3);
    CU_ASSERT_EQUAL(bench_get(&b, "eip", 0), 0x100b);
    CU_ASSERT_EQUAL(bench_get(&b, "r", 4), 0x9000);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "CPL", 0), 3);
    CU_ASSERT_EQUAL(bench_get(&b, "eip", 0), 0x6000);
    STEP("general_protection");
    bench_end(&b);
}

// From ring 0 a gate to ring 0 stays on the stack, and one that is not for users is open.
static void test_x86_within_a_ring(void)
{
    struct bench b;
    begin_x86(&b, 0);
    bench_set(&b, "gate", 4, gate_to(CODE_0 << 3, 0x4000, 0xf, 0));
    bench_set(&b, "IF", 0, 1);
    CODE(0x1000, 0xcd, 0x04); // int 4
    CODE(0x4000, 0xcf);       // iret
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "CPL", 0), 0);
    CU_ASSERT_EQUAL(bench_get(&b, "IF", 0), 1);
    CU_ASSERT_EQUAL(bench_get(&b, "r", 4), 0x9000 - 12);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x9000 - 12, 8), 0x0000000800001002);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x9000 - 4, 4), 0x202);
    STEP("next");
    CU_ASSERT_EQUAL(bench_get(&b, "eip", 0), 0x1002);
    CU_ASSERT_EQUAL(bench_get(&b, "r", 4), 0x9000);
    bench_end(&b);
}

// ---------------------------------------------------------------- what they cite

static void test_citations(void)
{
    struct dirent **names;
    int const n = scandir("isa-analyzer/isas", &names, NULL, alphasort);
    CU_ASSERT_TRUE_FATAL(n > 2);
    for (int k = 0; k < n; k++) {
        struct bench b;
        struct instruction *i;
        char file[300];
        snprintf(file, sizeof file, "isa-analyzer/isas/%s", names[k]->d_name);
        if (strstr(file, ".isa")) {
            bench_begin(&b, file, 16, NULL);
            LIST_EACH(i, b.m->instructions)
            {
                if (!i->citation) printf("%s: %s cites nothing\n", file, i->name);
                CU_ASSERT_PTR_NOT_NULL(i->citation);
            }
            bench_end(&b);
        }
        free(names[k]);
    }
    free(names);
}

void suite_machines(void)
{
    CU_pSuite s = CU_add_suite("machines", NULL, NULL);
    CU_add_test(s, "pg-word runs a user program", test_pg_word);
    CU_add_test(s, "PDP-10", test_pdp10);
    CU_add_test(s, "System/360-67", test_s360);
    CU_add_test(s, "68000", test_68000);
    CU_add_test(s, "68010", test_68010);
    CU_add_test(s, "RISC-V: who may what", test_riscv);
    CU_add_test(s, "RISC-V: landing pads", test_landing_pads);
    CU_add_test(s, "x86: flags", test_x86_flags);
    CU_add_test(s, "x86: descriptors", test_x86_descriptors);
    CU_add_test(s, "x86: transfers between rings", test_x86_transfers);
    CU_add_test(s, "x86: transfers within ring 0", test_x86_within_a_ring);
    CU_add_test(s, "every instruction cites its source", test_citations);
}
