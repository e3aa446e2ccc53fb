// SPDX-License-Identifier: MIT
// What a CUnit suite and the test runner know of each other. A suite is one function
// `void suite_NAME(void)` in a file tests/FOLDER/suite_NAME.c; make finds the files and writes the
// list. The function adds CUnit suites and tests; the runner gives each such function a process of
// its own, run from the repository's root.
#ifndef TRAPEZE_TESTS_SUITES_H
#define TRAPEZE_TESTS_SUITES_H

#include <stdbool.h>
#include <stdint.h>

#define SUITE(name) void suite_##name(void);
#include "suites.gen.h"
#undef SUITE

// How much a test with random or exhaustive cases shall do: --quick (all tests together take two
// minutes), neither (some minutes), --long (as much as is of use). At most one of the two holds.
bool tests_quick(void);
bool tests_long(void);

// Every access to memory is watched, by AddressSanitizer: some things take ten times as long.
bool tests_watched(void);

// The seed for random cases: TRAPEZE_SEED, or else one that the runner drew and printed.
uint64_t tests_seed(void);

// The build directory under test, relative to the root: "build", "build/asan".
const char *tests_build(void);

#endif
