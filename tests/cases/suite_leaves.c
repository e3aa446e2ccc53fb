// SPDX-License-Identifier: MIT
// For tests/command/runner.sh: a test that ends the process as if all were well.
#include "tests/suites.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>

static void test_true(void)
{
    CU_ASSERT_TRUE(true);
}

static void test_leave(void)
{
    exit(0);
}

void suite_leaves(void)
{
    CU_pSuite s = CU_add_suite("leaves", NULL, NULL);

    CU_add_test(s, "before", test_true);
    CU_add_test(s, "leave", test_leave);
}
