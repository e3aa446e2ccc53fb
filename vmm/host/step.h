// SPDX-License-Identifier: MIT
// One step of a machine, watched: what was there before, what happened, how to say it in a line.
// The trace and the report on a check stop are made of these.
#ifndef TRAPEZE_VMM_HOST_STEP_H
#define TRAPEZE_VMM_HOST_STEP_H

#include <stdio.h>

#include "vmm/core/machine.h"

struct step {
    uint64_t count;     // machine count before it
    struct pg32 before; // the processor before it; `ready` is up to date
    uint32_t word;      // the instruction, where `fetched`
    bool fetched;       // false: an interrupt came first, or the fetch trapped
    struct run_result result;
};

// Runs machine_step. RUN_IDLE and RUN_INPUT mean that nothing happened.
void step_take(struct machine *m, struct step *s);

// Prints, without a newline:
//
//     count mode P word disassembly
//
// mode is s or u; the word is dashes where none was fetched, and an interrupt has no instruction.
void step_print(FILE *out, const struct step *s);

// Prints `trap memory info=00fff000` for a trap that was delivered, `check stop: trap ...`, or
// `stop code=0`; nothing for an instruction that completed otherwise. Returns whether it did.
bool step_print_event(FILE *out, const struct step *s);

// An interrupt, rather than an instruction, raised this cause: DESIGN 3, "Trap".
bool step_is_interrupt(uint32_t cause);

#endif
