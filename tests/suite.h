// SPDX-License-Identifier: MIT
// The list of suites, and one of them run in this process.
#ifndef TRAPEZE_TESTS_SUITE_H
#define TRAPEZE_TESTS_SUITE_H

struct suite {
    const char *name;
    void (*add)(void); // adds CUnit suites and tests
};

extern const struct suite suites[]; // ends with a null name

// Runs the suite and writes its records to the new file `results`: `plan N`, then for each test
// `ok NAME` or `not ok NAME: why`. Returns the exit status for the process: 0 when every test ran,
// whatever its outcome; 64 where the suite itself is at fault.
int suite_run(const char *name, const char *build, const char *results);

#endif
