// SPDX-License-Identifier: MIT
// For tests/command/runner.sh: a suite as it should be.
#include "tests/suites.h"

#include <CUnit/CUnit.h>

static void test_true(void)
{
    CU_ASSERT_TRUE(true);
}

void suite_good(void)
{
    CU_pSuite s = CU_add_suite("good", NULL, NULL);

    CU_add_test(s, "first", test_true);
    CU_add_test(s, "second", test_true);
}
