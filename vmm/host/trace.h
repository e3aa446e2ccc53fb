// SPDX-License-Identifier: MIT
// --trace: a line for every step.
//
//     count mode P word disassembly            what changed
//
// A line of an instruction that completed names what it changed, with the new value in hexadecimal:
// registers (a0=...), P unless it went on to the next instruction, l, b, M, IE, T unless it just
// counted down, pending; [address]=... for memory that it stored to, at its physical address;
// port[number]=... for a port that it wrote. A line of a trap, or of an interrupt before the
// instruction, says `trap CAUSE info=...` and what the new PSW changed. ready=1 stands in the first
// line before which a console byte waits, ready=0 where none does any more.
#ifndef TRAPEZE_VMM_HOST_TRACE_H
#define TRAPEZE_VMM_HOST_TRACE_H

#include <stdio.h>

#include "vmm/host/guest.h"

enum { TRACE_STORES = 8 }; // by one step, reported separately

struct trace {
    const char *path;
    FILE *out; // null: no trace
    struct guest *g;
    uint8_t *granules; // every one of them marked as decoded, so that every store is told
    struct {
        uint64_t address, n;
    } stores[TRACE_STORES];
    size_t stores_n;
    bool ready; // as the last line had it
};

// Opens `path`, or for "-" takes stdout, and makes g's machine (which must have been opened with
// engine_switch) tell the trace of every store.
bool trace_open(struct trace *t, const char *path, struct guest *g, struct failure *f);

// Runs a slice step by step and writes a line for each; `trace` is a struct trace.
guest_slice trace_go;

// False where any of it could not be written.
bool trace_close(struct trace *t, struct failure *f);

#endif
