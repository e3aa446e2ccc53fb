// SPDX-License-Identifier: MIT
// For tests/command/runner.sh: a suite that ends in the middle.
#include "tests/suites.h"

#include <CUnit/CUnit.h>
#include <signal.h>

static void test_true(void)
{
    CU_ASSERT_TRUE(true);
}

static void test_crash(void)
{
    raise(SIGKILL);
}

void suite_crashes(void)
{
    CU_pSuite s = CU_add_suite("crashes", NULL, NULL);

    CU_add_test(s, "before", test_true);
    CU_add_test(s, "crash", test_crash);
    CU_add_test(s, "after", test_true);
}
