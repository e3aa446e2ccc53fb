// SPDX-License-Identifier: MIT
// The table of all suites, from the list that make wrote.
#include "tests/suites.h"
#include "tests/suite.h"

#include <stddef.h>

#define SUITE(name) {#name, suite_##name},

const struct suite suites[] = {
#include "suites.gen.h"
    {NULL, NULL},
};
