// SPDX-License-Identifier: MIT
// For tests/command/runner.sh: two tests of one name, which CUnit would let pass.
#include "tests/suites.h"

#include <CUnit/CUnit.h>

static void test_true(void)
{
    CU_ASSERT_TRUE(true);
}

void suite_twice(void)
{
    CU_pSuite s = CU_add_suite("twice", NULL, NULL);

    CU_add_test(s, "same", test_true);
    CU_add_test(s, "same", test_true);
    CU_add_test(s, "other", test_true);
}
