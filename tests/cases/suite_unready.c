// SPDX-License-Identifier: MIT
// For tests/command/runner.sh: a suite whose set-up fails.
#include "tests/suites.h"

#include <CUnit/CUnit.h>

static int set_up(void)
{
    return 1;
}

static void test_true(void)
{
    CU_ASSERT_TRUE(true);
}

void suite_unready(void)
{
    CU_pSuite s = CU_add_suite("unready", set_up, NULL);

    CU_add_test(s, "never run", test_true);
}
