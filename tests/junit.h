// SPDX-License-Identifier: MIT
// The records of all jobs as JUnit XML, which continuous integration services read.
#ifndef TRAPEZE_TESTS_JUNIT_H
#define TRAPEZE_TESTS_JUNIT_H

#include "tests/job.h"

// Writes the file; false (errno set) where it cannot be written.
bool junit_write(const char *path, const struct job *jobs, size_t n);

#endif
