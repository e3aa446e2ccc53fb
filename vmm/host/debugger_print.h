// SPDX-License-Identifier: MIT
// The state of a guest that is being debugged, as text for people: lines that gdb's `monitor`
// commands and the stepper share.
#ifndef TRAPEZE_VMM_HOST_DEBUGGER_PRINT_H
#define TRAPEZE_VMM_HOST_DEBUGGER_PRINT_H

#include <stdio.h>

#include "vmm/host/debugger.h"

// The mode and the words of the PSW, and the timer; two lines.
void print_psw(FILE *out, const struct machine *m);

// Time: steps, instructions, count, T; a line each.
void print_time(FILE *out, const struct debugger *d);

// `n` words of physical memory from `address` on, four to a line; what lies beyond its end is left
// out.
void print_physical(FILE *out, const struct machine *m, uint32_t address, uint64_t n);

// The same from a virtual address on, through R; false where not even one word is there.
bool print_memory(FILE *out, const struct debugger *d, uint32_t address, uint64_t n);

// The last `most` traps up to this moment, the latest last, a line each; says so where there are
// more, or none.
void print_traps(FILE *out, const struct debugger *d, size_t most);

// Whose memory is where: for each level from the hardware up the partition in the one below, and in
// the hardware; and the guest's R within the last.
void print_map(FILE *out, const struct debugger *d);

// Why the guest has stopped, a line; nothing for STOP_STEP.
void print_stop(FILE *out, const struct debugger *d, const struct stop *stop);

#endif
