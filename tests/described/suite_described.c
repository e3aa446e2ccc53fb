// SPDX-License-Identifier: MIT
// Machines and monitors of any description: random guests bare and under every monitor, at depths 1
// to 3, compared in every bit.

#include "tests/described/exact.h"
#include "tests/suites.h"

#include <CUnit/CUnit.h>
#include <string.h>

enum { DEPTHS = 3 };

static void run_guests(const struct image_kind *kind)
{
    struct arena a = {0};
    const struct description *d = exact_machine(&a, kind->isa);
    bool good = true;

    memset(&exact_seen, 0, sizeof exact_seen);
    for (uint64_t k = 0; k < exact_guests() && good; k++)
        for (int m = 0; monitors[m] != NULL; m++)
            for (uint64_t depth = 1; depth <= DEPTHS; depth++)
                good = exact(d, kind, monitors[m], depth, tests_seed() + k, true) && good;
    CU_ASSERT_TRUE(good);
    CU_ASSERT_TRUE(exact_seen.direct > 100 * exact_guests());
    CU_ASSERT_TRUE(exact_seen.interpreted > 100 * exact_guests());
    CU_ASSERT_TRUE(exact_seen.emulated > 20 * exact_guests());
    CU_ASSERT_TRUE(exact_seen.traps > 20 * exact_guests());
    CU_ASSERT_TRUE(exact_seen.interrupts > exact_guests() || d->interrupts.n == 0);
    arena_free(&a);
}

static void test_word36(void)
{
    run_guests(&image_word36);
}

static void test_tri16(void)
{
    run_guests(&image_tri16);
}

static void test_clock24(void)
{
    run_guests(&image_clock24);
}

void suite_described(void)
{
    CU_pSuite s = CU_add_suite("machines of any description", NULL, NULL);

    CU_add_test(s, "36-bit words, two modes", test_word36);
    CU_add_test(s, "16-bit words, three modes", test_tri16);
    CU_add_test(s, "bytes, a clock", test_clock24);
}
