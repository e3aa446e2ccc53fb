// SPDX-License-Identifier: MIT
// For tests/command/runner.sh: a failing assertion, with characters that XML has to escape, and a
// test that asserts nothing.
#include "tests/suites.h"

#include <CUnit/CUnit.h>
#include <stdio.h>

static void test_false(void)
{
    fputs("what the test printed\n", stderr);
    CU_ASSERT_TRUE(1 < 0 && "<quoted>");
}

static void test_nothing(void)
{
}

static void test_true(void)
{
    CU_ASSERT_TRUE(true);
}

void suite_fails(void)
{
    CU_pSuite s = CU_add_suite("fails", NULL, NULL);

    CU_add_test(s, "false", test_false);
    CU_add_test(s, "nothing", test_nothing);
    CU_add_test(s, "true", test_true);
}
