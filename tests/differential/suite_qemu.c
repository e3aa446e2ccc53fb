// SPDX-License-Identifier: MIT
// RV32IM against qemu-riscv32: random straight-line programs, every engine, every result compared.

#include "tests/differential/bare.h"
#include "tests/differential/comparison.h"
#include "tests/differential/qemu.h"
#include "tests/engines.h"
#include "tests/suites.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    UNITS = 24000,             // a program: about 90,000 instructions
    PROGRAMS = 4,
    PROGRAMS_LONG = 40,
    EXECUTED_LEAST = 100000,   // in all (issue 2)
    EACH_LEAST = 300,          // of every operation
};

// Tells the difference on the least program that shows it; in full once only, for a wrong
// description makes all engines wrong.
static void tell(const struct program *p, const struct engine *e, const char *name)
{
    static bool told;

    if (told) {
        fprintf(stderr, "  %s differs too (seed %" PRIu64 ")\n", name, p->seed);
        return;
    }
    told = true;
    struct program least = program_shrink(p, e);
    const char *error;
    const struct difference d = qemu_compare(&least, e, &error);

    comparison_report(stderr, &least, name, d);
    if (error != NULL) fprintf(stderr, "  %s\n", error);
    program_free(&least);
}

// Compares one engine's result (null: single steps) with qemu's.
static bool agrees(const struct program *p, const struct engine *e, const uint8_t *expected)
{
    const char *name = e != NULL ? e->name : "machine_step";
    uint8_t *found = malloc(p->result_size);

    if (found == NULL) abort();
    const char *error = bare_run(p, e, found);
    const bool same = memcmp(expected, found, p->result_size) == 0;
    free(found);
    if (error == NULL && same) return true;
    tell(p, e, name);
    return false;
}

static bool program_agrees(uint64_t seed)
{
    struct program p = program_random(seed, UNITS);
    uint8_t *expected = malloc(p.result_size);
    bool good = true;

    if (expected == NULL) abort();
    const char *error = qemu_run(&p, expected);
    if (error != NULL) {
        fprintf(stderr, "\n%s (seed %" PRIu64 ")\n", error, seed);
        good = false;
    } else {
        good = agrees(&p, NULL, expected);
        for (int k = 0; k < TESTED_ENGINES; k++)
            good = agrees(&p, tested_engines[k], expected) && good;
    }
    free(expected);
    program_free(&p);
    return good;
}

static void test_random_programs(void)
{
    const int programs = tests_long() ? PROGRAMS_LONG : tests_quick() ? 2 : PROGRAMS;
    uint64_t executed = 0;
    bool good = true;

    for (int k = 0; k < programs && good; k++) good = program_agrees(tests_seed() + (uint64_t)k);
    CU_ASSERT_TRUE(good);
    if (!good) return;
    for (unsigned op = 0; op < RV32_QUIET; op++) {
        executed += bare_executed[op];
        if (bare_executed[op] >= EACH_LEAST) continue;
        fprintf(stderr, "\n%s was executed %" PRIu64 " times only\n", rv32_name(op),
                bare_executed[op]);
        CU_FAIL("an instruction was hardly tested");
    }
    CU_ASSERT_TRUE(executed >= EXECUTED_LEAST);
    CU_ASSERT_TRUE(bare_executed[RV32_OPS] == 0);
}

// PG32 with one wrong bit: SRA forgets the sign where the count is 31.
static struct run_result broken_run(struct hardware *h, uint64_t limit)
{
    struct machine *m = &h->m;
    for (; limit > 0; limit--) {
        uint32_t word, count;

        memcpy(&word, m->s.E + m->s.P, 4);
        count = m->s.x[word >> 20 & 31] & 31;
        const struct run_result r = plain_step(h);
        if (r.reason != RUN_LIMIT) return r;
        if (rv32_find(word) == RV32_SRA && count == 31 && (word >> 7 & 31) != 0)
            m->s.x[word >> 7 & 31] &= 1;
    }
    return (struct run_result){.reason = RUN_LIMIT};
}

// The comparison finds a subtle mistake, and shrinks the program to little more than it.
static void test_finds_a_wrong_bit(void)
{
    static const struct engine broken = {.name = "broken", .run = broken_run};
    const char *error;
    struct program p = program_random(tests_seed(), 8000);
    struct difference d = qemu_compare(&p, &broken, &error);

    CU_ASSERT_PTR_NULL(error);
    CU_ASSERT_EQUAL(d.place, IN_LOG);
    if (error == NULL && d.place == IN_LOG) {
        struct program least = program_shrink(&p, &broken);
        // No unit can go; a chain that carries the wrong bit to the log may have some links.
        CU_ASSERT_TRUE(least.units_n >= 1 && least.units_n <= 8);
        d = qemu_compare(&least, &broken, &error);
        CU_ASSERT_EQUAL(d.place, IN_LOG);
        bool has_sra = false;
        for (size_t k = 0; k < least.units_n; k++)
            for (int w = 0; w < least.units[k].n; w++)
                has_sra = has_sra || rv32_find(least.units[k].words[w]) == RV32_SRA;
        CU_ASSERT_TRUE(has_sra);
        program_free(&least);
    }
    program_free(&p);
}

void suite_qemu(void)
{
    CU_pSuite s = CU_add_suite("RV32IM against qemu-riscv32", NULL, NULL);

    CU_add_test(s, "random programs have the same results", test_random_programs);
    CU_add_test(s, "a wrong bit is found and the program shrunk", test_finds_a_wrong_bit);
}
