// SPDX-License-Identifier: MIT
// Where the results of one program differ, what the least program is whose results do, and how
// that is told to people.
#ifndef TRAPEZE_TESTS_DIFFERENTIAL_COMPARISON_H
#define TRAPEZE_TESTS_DIFFERENTIAL_COMPARISON_H

#include "tests/differential/program.h"
#include "vmm/machine/hardware.h"

#include <stdio.h>

// The first place where two results differ.
struct difference {
    enum { SAME, IN_LOG, IN_DATA, IN_FIRST } place;
    size_t index;             // log entry, or byte of the data, or register
    uint32_t expected, found; // word, or byte of the data
};

struct difference result_compare(const struct program *p, const uint8_t *expected,
                                 const uint8_t *found);

// Whether and where engine `e` (null: single steps) differs from qemu on `p`. Where a run itself
// failed, *error says how, else it is null.
struct difference qemu_compare(const struct program *p, const struct engine *e,
                               const char **error);

// A program with as few of the units of `p`, which differs, as a greedy search of bounded time
// finds, and which still differs. The caller frees it.
struct program program_shrink(const struct program *p, const struct engine *e);

// Tells on `out` the seed, the first difference of `p`, and the instructions that led to it.
void comparison_report(FILE *out, const struct program *p, const char *engine,
                       struct difference d);

#endif
