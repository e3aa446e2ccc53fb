// SPDX-License-Identifier: MIT
// One step of a machine of any description, watched, and --trace: a line for every step.
//
//     count mode P word disassembly            what changed
//
// What changed are components with their new values, the counter only where it is not the next
// instruction's address; [address]=... for cells that were stored to; port[number]=... for a
// device that was written. Numbers but the count are hexadecimal. A line of a trap says `trap
// CAUSE info=...`.
#ifndef TRAPEZE_VMM_DESCRIBED_TRACE_H
#define TRAPEZE_VMM_DESCRIBED_TRACE_H

#include <stdio.h>

#include "vmm/described/guest.h"

struct described_step {
    uint64_t count, P; // before it
    uint64_t mode;
    uint64_t word;  // the instruction, of `width` bits
    unsigned width; // 0: an interrupt came first, or the fetch traps
    struct described_result result;
};

// Runs described_step. RUN_IDLE and RUN_INPUT mean that nothing happened.
void described_step_take(struct described *m, struct described_step *s);

// Prints `count mode P word disassembly`, without a newline.
void described_step_print(FILE *out, const struct description *d, const struct described_step *s);

// Prints `trap memory info=00fff`, `check stop: trap ...` or `stop code=0`; nothing for an
// instruction that completed otherwise. Returns whether it did.
bool described_step_print_event(FILE *out, const struct description *d,
                                const struct described_step *s);

// The mode's name, or its number where it has none: valid until the next call.
const char *described_mode_name(const struct description *d, uint64_t mode);

enum { DESCRIBED_STORES = 8 }; // by one step, reported separately

struct described_trace {
    const char *path;
    FILE *out; // null: no trace
    struct described_guest *g;
    struct concrete before; // the step
    struct {
        uint64_t address, n;
    } stores[DESCRIBED_STORES];
    size_t stores_n;
};

// Opens `path`, or for "-" takes stdout, and makes g's machine tell the trace of every store.
bool described_trace_open(struct described_trace *t, const char *path, struct described_guest *g,
                          struct failure *f);

// Runs a slice step by step and writes a line for each; `trace` is a struct described_trace.
described_slice described_trace_go;

// False where any of it could not be written.
bool described_trace_close(struct described_trace *t, struct failure *f);

#endif
