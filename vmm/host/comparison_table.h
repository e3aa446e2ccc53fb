// SPDX-License-Identifier: MIT
// The table that `vmm compare` prints, whatever machines are compared.
#ifndef TRAPEZE_VMM_HOST_COMPARISON_TABLE_H
#define TRAPEZE_VMM_HOST_COMPARISON_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/core/machine.h"

// How a run ends, in words: "halted with code".
const char *comparison_end(enum run_reason reason);

// The bare run, how it ended (with `value`, where it halted) and when, and the head of the table.
void comparison_head(const char *guest, enum run_reason end, uint64_t value, uint64_t completed,
                     uint64_t count);

struct comparison_row {
    const char *monitor;
    uint64_t depth;
    bool equivalent, control;
    double direct; // share of the instructions
    uint64_t traps, emulated;
    double slowdown;
};

void comparison_row(const struct comparison_row *r);

#endif
