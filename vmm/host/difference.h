// SPDX-License-Identifier: MIT
// In what two machines differ, as far as anything running on them could tell.
#ifndef TRAPEZE_VMM_HOST_DIFFERENCE_H
#define TRAPEZE_VMM_HOST_DIFFERENCE_H

#include "vmm/core/machine.h"

struct difference_found {
    char what[64]; // "a0", "T", "count", "memory at 00001000", "disk at 00000200", ...
    uint64_t a, b; // the two values
};

// Whether a and b differ; if so, *d says in what.
bool values_differ(struct difference_found *d, const char *what, uint64_t a, uint64_t b);

// The first thing in which *a and *b differ: registers, PSW, timer, times, traps delivered by
// cause, devices, memory, the disk's contents. Both have as much memory and as large a disk.
bool machines_differ(const struct machine *a, const struct machine *b, struct difference_found *d);

#endif
