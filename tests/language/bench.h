// SPDX-License-Identifier: MIT
// A described machine on the bench: a state of its own in the reference evaluator, for tests that
// set it up by name, run some instructions and look at it. Failures to read a description are
// CUnit's.
#ifndef TRAPEZE_TESTS_LANGUAGE_BENCH_H
#define TRAPEZE_TESTS_LANGUAGE_BENCH_H

#include "isa-analyzer/semantics/concrete.h"

struct bench {
    struct arena arena;
    struct description *m;
    struct concrete c;
    void *cells;
    struct step last; // of bench_run
};

// Reads a description, with one setting "NAME=VALUE" or null, and makes a state of all zeros with
// so many cells of memory. bench_end frees it.
void bench_begin(struct bench *b, const char *file, uint64_t cells, const char *setting);
void bench_end(struct bench *b);

// An element of a component; the index of a scalar is 0.
uint64_t bench_get(struct bench *b, const char *name, uint64_t index);
void bench_set(struct bench *b, const char *name, uint64_t index, uint64_t value);

// Executes n instructions, delivering traps; ends early where one stops the machine or waits.
void bench_run(struct bench *b, int n);

// Executes one instruction, delivering nothing, and returns what came of it: "next", "stop", "wait"
// or the name of a trap.
const char *bench_step(struct bench *b);

#endif
