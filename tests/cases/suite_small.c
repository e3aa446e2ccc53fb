// SPDX-License-Identifier: MIT
// For tests/command/runner.sh: a suite that is meant to run quickly.
#include "tests/suites.h"

#include <CUnit/CUnit.h>

static void test_quick(void)
{
    CU_ASSERT_TRUE(tests_quick());
    CU_ASSERT_FALSE(tests_long());
}

void suite_small(void)
{
    CU_pSuite s = CU_add_suite("small", NULL, NULL);

    CU_add_test(s, "quick", test_quick);
}
