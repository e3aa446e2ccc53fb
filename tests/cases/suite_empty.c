// SPDX-License-Identifier: MIT
// For tests/command/runner.sh: a suite without tests.
#include "tests/suites.h"

#include <CUnit/CUnit.h>

void suite_empty(void)
{
    CU_add_suite("empty", NULL, NULL);
}
