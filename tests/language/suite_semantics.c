// SPDX-License-Identifier: MIT
// What the language means: operators by enumeration against their definitions, and small programs
// on machines unlike PG32 (machines/).
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "isa-analyzer/language/operate.h"
#include "tests/language/bench.h"
#include "tests/suites.h"

// ---------------------------------------------------------------- operators

static long as_signed(long v, int width)
{
    return v >= 1L << (width - 1) ? v - (1L << width) : v;
}

static long modulo(long v, int width)
{
    long const n = 1L << width;
    return ((v % n) + n) % n;
}

// The definitions, in unbounded integers.
static long define(enum op op, long a, long b, int width)
{
    long const x = as_signed(a, width), y = as_signed(b, width);
    long power = 1;
    for (long i = 0; i < b && i < width; i++) power *= 2;
    long floor_quotient = x / power;
    if (x % power != 0 && x < 0) floor_quotient--;
    switch (op) {
    case OP_ADD: return modulo(a + b, width);
    case OP_SUB: return modulo(a - b, width);
    case OP_MUL: return modulo(a * b, width);
    case OP_UDIV: return b == 0 ? (1L << width) - 1 : a / b;
    case OP_UREM: return b == 0 ? a : a % b;
    case OP_SDIV: return modulo(y == 0 ? (x < 0 ? 1 : -1) : x / y, width);
    case OP_SREM: return modulo(y == 0 ? x : x % y, width);
    case OP_SHL: return modulo(a * power, width);
    case OP_SHR: return a / power;
    case OP_SAR: return modulo(floor_quotient, width);
    case OP_CONCAT: return a * (1L << width) + b;
    case OP_EQ: return a == b;
    case OP_NE: return a != b;
    case OP_ULT: return a < b;
    case OP_ULE: return a <= b;
    case OP_UGT: return a > b;
    case OP_UGE: return a >= b;
    case OP_SLT: return x < y;
    case OP_SLE: return x <= y;
    case OP_SGT: return x > y;
    case OP_SGE: return x >= y;
    default: return -1;
    }
}

static void test_operators(void)
{
    int const most = tests_quick() ? 4 : 6;
    for (int width = 1; width <= most; width++) {
        for (int op = 0; op < OPS; op++) {
            long const n = 1L << width;
            if (define((enum op)op, 0, 0, width) < 0) continue;
            for (long a = 0; a < n; a++) {
                for (long b = 0; b < n; b++) {
                    bits const found = operate_binary((enum op)op, (bits)a, (bits)b,
                                                      (unsigned)width, (unsigned)width);
                    if ((long)found != define((enum op)op, a, b, width))
                        printf("width %d: %ld %s %ld = %ld\n", width, a, op_texts[op], b,
                               (long)found);
                    CU_ASSERT_EQUAL((long)found, define((enum op)op, a, b, width));
                }
            }
        }
    }
    // The greatest width, where C's own integers end.
    bits const top = (bits)1 << 127;
    CU_ASSERT(operate_binary(OP_SDIV, top, bits_ones(128), 128, 128) == top);
    CU_ASSERT(operate_binary(OP_SREM, top, bits_ones(128), 128, 128) == 0);
    CU_ASSERT(operate_binary(OP_SHL, 1, 127, 128, 8) == top);
    CU_ASSERT(operate_binary(OP_SHL, 1, 128, 128, 8) == 0);
    CU_ASSERT(operate_binary(OP_SAR, top, 200, 128, 8) == bits_ones(128));
    CU_ASSERT(operate_unary(OP_NEG, top, 128) == top);
}

// ---------------------------------------------------------------- machines

static uint64_t word36(unsigned op, unsigned ac, unsigned indirect, unsigned index, unsigned y)
{
    return (uint64_t)op << 27 | (uint64_t)ac << 23 | (uint64_t)indirect << 22 |
           (uint64_t)index << 18 | y;
}

static void test_word36(void)
{
    struct bench b;
    bench_begin(&b, "tests/language/machines/word36.isa", 4096, NULL);
    uint64_t const program[] = {
        word36(0201, 1, 0, 0, 0777777), // movei 1, 777777
        word36(0202, 1, 0, 0, 0200),    // movem 1, 200
        word36(0270, 1, 0, 0, 0200),    // add 1, 200
        word36(0200, 2, 0, 0, 0201),    // move 2, 201: all ones
        word36(0224, 2, 0, 0, 0201),    // mul 2, 201: -1 * -1 = 0, 1
        word36(0201, 4, 0, 0, 0100),    // movei 4, 100
        word36(0200, 5, 1, 4, 0102),    // move 5, @102(4): through 202
        word36(0302, 4, 0, 0, 0100),    // caie 4, 100: skips
        word36(0254, 4, 0, 0, 0),       // (halt)
        word36(0540, 6, 0, 0, 0201),    // hrr 6, 201
        word36(0264, 0, 0, 0, 0300),    // jsr 300
    };
    for (size_t i = 0; i < sizeof program / sizeof *program; i++)
        concrete_store(&b.c, 0100 + i, 1, program[i]);
    concrete_store(&b.c, 0201, 1, 0777777777777);
    concrete_store(&b.c, 0202, 1, 0200);
    concrete_store(&b.c, 0301, 1, word36(0254, 1, 0, 0, 010)); // jrst 1, 10: to user mode
    bench_set(&b, "AC", 6, 0123456000000);
    concrete_reset(&b.c, 0100);
    bench_set(&b, "AC", 6, 0123456000000);
    bench_run(&b, 10);
    CU_ASSERT_EQUAL(bench_get(&b, "AC", 1), 01777776);
    CU_ASSERT_EQUAL(bench_get(&b, "AC", 2), 0);
    CU_ASSERT_EQUAL(bench_get(&b, "AC", 3), 1);
    CU_ASSERT_EQUAL(bench_get(&b, "AC", 5), 0777777);
    CU_ASSERT_EQUAL(bench_get(&b, "AC", 6), 0123456777777);
    CU_ASSERT_EQUAL(bench_get(&b, "PC", 0), 0301);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0300, 1), 0113); // flags 0, PC of the next
    bench_set(&b, "Rl", 0, 01000);
    bench_set(&b, "Pr", 0, 020);
    concrete_store(&b.c, 01010, 1, word36(0200, 7, 0, 0, 017)); // move 7, 17: inside
    concrete_store(&b.c, 01011, 1, word36(0200, 7, 0, 0, 020)); // move 7, 20: outside
    concrete_store(&b.c, 01017, 1, 42);
    bench_run(&b, 2);
    CU_ASSERT_EQUAL(bench_get(&b, "USER", 0), 1);
    CU_ASSERT_EQUAL(bench_get(&b, "AC", 7), 42);
    bench_run(&b, 1);
    CU_ASSERT_EQUAL(b.last.outcome, STEP_TRAP);
    CU_ASSERT_EQUAL(b.last.value, 020);
    CU_ASSERT_EQUAL(bench_get(&b, "USER", 0), 0);
    CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x20, 1), 0400000000011); // USER, PC 11
    bench_end(&b);
}

static void test_bytes(void)
{
    static const uint8_t program[] = {
        0xb8, 0x78, 0x56, 0x34, 0x12, // mov eax, 0x12345678
        0xbc, 0x00, 0x80, 0x00, 0x00, // mov esp, 0x8000
        0xb9, 0x00, 0x90, 0x00, 0x00, // mov ecx, 0x9000
        0x0f, 0x01, 0xe2,             // smsw edx
        0x0f, 0x01, 0x01,             // sgdt (ecx)
        0x9c,                         // pushf
        0x0f, 0x06,                   // clts
        0x90, 0xfa, 0x0f, 0x01, 0xc0, // nop, cli, then nothing that exists
    };
    for (int umip = 0; umip < 2; umip++) {
        struct bench b;
        bench_begin(&b, "tests/language/machines/bytes.isa", 65536, umip ? "UMIP=1" : NULL);
        concrete_reset(&b.c, 0x1000);
        memcpy((uint8_t *)b.cells + 0x1000, program, sizeof program);
        bench_set(&b, "cr0", 0, 0x8000001b);
        bench_set(&b, "gdtr", 0, 0x123456789abc);
        bench_set(&b, "IF", 0, 1);
        bench_set(&b, "carry", 0, 1);
        bench_run(&b, 3);
        CU_ASSERT_EQUAL(bench_get(&b, "r", 0), 0x12345678);
        CU_ASSERT_EQUAL(bench_get(&b, "eip", 0), 0x100f);
        bench_set(&b, "CPL", 0, 3);
        bench_run(&b, 1);
        if (umip) {
            CU_ASSERT_EQUAL(b.last.outcome, STEP_TRAP);
            CU_ASSERT_EQUAL(bench_get(&b, "r", 0), 13);
            bench_end(&b);
            continue;
        }
        CU_ASSERT_EQUAL(bench_get(&b, "r", 2), 0x1b);
        bench_run(&b, 2);
        CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x9000, 6), 0x123456789abc);
        CU_ASSERT_EQUAL((uint64_t)concrete_load(&b.c, 0x7ffc, 4), 0x201);
        bench_set(&b, "CPL", 0, 0);
        bench_run(&b, 3);
        CU_ASSERT_EQUAL(bench_get(&b, "cr0", 0), 0x80000013);
        CU_ASSERT_EQUAL(bench_get(&b, "IF", 0), 0);
        bench_run(&b, 1);
        CU_ASSERT_EQUAL(b.last.outcome, STEP_TRAP);
        CU_ASSERT_STRING_EQUAL(b.last.cause->name, "undefined_opcode");
        bench_end(&b);
    }
}

static uint64_t second(void *context, uint64_t alternatives)
{
    (void)context;
    return alternatives == UINT64_MAX ? 0xdeadbeef : 1;
}

static void test_selectors(void)
{
    struct bench b;
    bench_begin(&b, "tests/language/machines/selectors.isa", 65536, NULL);
    uint32_t const program[] = {
        0x14051573, // csrrw a0, sscratch, a0
        0x340595f3, // csrrw a1, mscratch, a1 (+ a selector of a higher level)
        0xc0001673, // csrrw a2, cycle, zero
        0x10500073, // wfi
        0x0200068b, // any a3
    };
    concrete_reset(&b.c, 0x100);
    memcpy((uint8_t *)b.cells + 0x100, program, sizeof program);
    bench_set(&b, "x", 10, 7);
    bench_set(&b, "s_scratch", 0, 9);
    bench_set(&b, "level", 0, 1);
    bench_run(&b, 1);
    CU_ASSERT_EQUAL(bench_get(&b, "x", 10), 9);
    CU_ASSERT_EQUAL(bench_get(&b, "s_scratch", 0), 7);
    bench_run(&b, 1);
    CU_ASSERT_EQUAL(b.last.outcome, STEP_TRAP);
    CU_ASSERT_EQUAL(b.last.value, 0x340595f3);
    CU_ASSERT_EQUAL(bench_get(&b, "level", 0), 3);
    bench_set(&b, "pc", 0, 0x104);
    bench_run(&b, 2);
    CU_ASSERT_EQUAL(bench_get(&b, "x", 12), 2); // two have completed before it
    bench_set(&b, "level", 0, 0);
    bench_run(&b, 1);
    CU_ASSERT_EQUAL(b.last.outcome, STEP_NEXT);
    b.c.answer = second;
    bench_set(&b, "pc", 0, 0x10c);
    bench_run(&b, 1);
    CU_ASSERT_EQUAL(b.last.outcome, STEP_TRAP);
    bench_set(&b, "pc", 0, 0x110);
    bench_run(&b, 1);
    CU_ASSERT_EQUAL(bench_get(&b, "x", 13), 0xdeadbeef);
    bench_set(&b, "x", 0, 5);
    CU_ASSERT_EQUAL(bench_get(&b, "x", 0), 0);
    bench_end(&b);
}

void suite_semantics(void)
{
    CU_pSuite s = CU_add_suite("semantics", NULL, NULL);
    CU_add_test(s, "operators, every value", test_operators);
    CU_add_test(s, "words of 36 bits", test_word36);
    CU_add_test(s, "instructions of several bytes", test_bytes);
    CU_add_test(s, "selectors and choices", test_selectors);
}
