// SPDX-License-Identifier: MIT
// A job of the test runner: one process (a suite, or a command test), where its output goes, and
// the records that it left.
#ifndef TRAPEZE_TESTS_JOB_H
#define TRAPEZE_TESTS_JOB_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct record {
    char *name;
    char *why; // null: passed
};

struct job {
    char *name;        // as printed: "qemu", "command/help", "asan/qemu"
    char *build;       // the build directory under test: "build", "build/asan"
    const char *size;  // "quick", "normal", "long"
    char *suite;       // the suite's name, or null
    char *script;      // the command test's path, or null
    char *log;         // file: what the process printed (a command test: on stderr)
    char *results;     // file: its records (a command test: its stdout)
    pid_t pid;         // 0: not running
    double began, seconds;
    bool timed_out;
    char *skipped;     // why a command test did nothing, or less than it could; or null
    struct record *records;
    size_t records_n;
    size_t failures;
};

// Seconds on a clock that only goes forward.
double job_clock(void);

// Starts the job's process, in a process group of its own. False where that is impossible.
bool job_start(struct job *j);

// Ends everything in the job's process group, because its time is up.
void job_end(struct job *j);

// Reads what the process left when it ended with `status` (of waitpid), and adds a failed record
// for each thing that is not as it must be. Afterwards
// there are records unless the job says that it skipped everything.
void job_collect(struct job *j, int status);

// Frees what the job owns; not the job itself, nor the name of its build.
void job_free(struct job *j);

// Prints the job's line, and for each failure what is known about it.
void job_report(const struct job *j, FILE *out);

#endif
