// SPDX-License-Identifier: MIT
// Variants of the described machines for which a theorem fails: random guests tell the difference,
// or take what is not theirs, under those monitors whose theorem it is, and under no others.

#include "tests/described/exact.h"
#include "tests/suites.h"

#include <CUnit/CUnit.h>

// Whether one of `most` random guests can tell, or takes what is not its own, under a monitor.
static bool broken(const struct description *d, const struct image_kind *kind,
                   const struct monitor *m, uint64_t depth, uint64_t most)
{
    bool found = false;

    for (uint64_t k = 0; k < most && !found; k++)
        found = !exact(d, kind, m, depth, tests_seed() + k, false);
    return found;
}

// Under a monitor whose theorem holds none can; under another one, one is soon found.
static bool as_expected(const struct description *d, const struct image_kind *kind,
                        const struct monitor *m, uint64_t depth, bool holds)
{
    return broken(d, kind, m, depth, holds ? exact_guests() : 150) == !holds;
}

static void variant(const char *name, const struct image_kind *kind, bool trap, bool hybrid)
{
    struct arena a = {0};
    const struct description *d = exact_machine(&a, name);

    for (uint64_t depth = 1; depth <= 2; depth++) {
        CU_ASSERT_TRUE(as_expected(d, kind, &monitor_interpret, depth, true));
        CU_ASSERT_TRUE(as_expected(d, kind, &monitor_trap, depth, trap));
        CU_ASSERT_TRUE(as_expected(d, kind, &monitor_hybrid, depth, hybrid));
    }
    arena_free(&a);
}

static void test_theorem_1_fails(void)
{
    variant("word36-jrst1", &image_word36, false, true);
    variant("tri16-drop", &image_tri16, false, true);
    variant("clock24-mask", &image_clock24, false, true);
}

static void test_both_fail(void)
{
    variant("word36-map", &image_word36, false, false);
    variant("tri16-limit", &image_tri16, false, false);
    variant("clock24-setc", &image_clock24, false, false);
}

void suite_described_broken(void)
{
    CU_pSuite s = CU_add_suite("broken variants of described machines", NULL, NULL);

    CU_add_test(s, "theorem 1 fails", test_theorem_1_fails);
    CU_add_test(s, "both theorems fail", test_both_fail);
}
