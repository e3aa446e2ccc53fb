// SPDX-License-Identifier: MIT
// Red pills: a program for PG32, extended by instructions, that tells a virtual machine from a real
// one. It brings the machine into a state like the one in which the analyzer saw an instruction do
// another thing than it would on the virtual machine, executes it, and looks.
#ifndef TRAPEZE_ISA_REDPILL_REDPILL_H
#define TRAPEZE_ISA_REDPILL_REDPILL_H

#include <stdbool.h>
#include <stdio.h>

#include "isa-analyzer/classify/classify.h"

enum {
    PILL_WINDOW = 0x8000, // where the instruction's window of memory begins,
    PILL_SIZE = 0x1000,   // how large it is,
    PILL_P = 0x100,       // and where in it the instruction stands; all else there is ECALL
    PILL_TIMER = 1000,    // T when the instruction begins
    PILL_REGISTERS = 32,
};

// What is set before the instruction.
struct pill_state {
    uint32_t x[PILL_REGISTERS];
    bool user, IE;
};

// What the trap that follows lets a program see.
struct pill_view {
    uint32_t x[PILL_REGISTERS];
    uint32_t status, P, l, b, information, T;
};

struct pill {
    const struct instruction *instruction;
    uint32_t word;
    struct pill_state before;
    struct pill_view real;    // on the bare machine
    struct pill_view virtual; // under a trap-and-emulate monitor
    bool kept_only;           // they differ only where the monitor keeps the timer to itself
};

// Whether the machine is PG32, perhaps with more instructions; if not, *why says what is missing.
bool pill_possible(const struct description *m, const char **why);

// Looks for a state that shows what the witness says of a row's instruction; false if there is none
// among those tried.
bool pill_find(struct description *m, const struct row *r, struct pill *out);

// The program, in assembly for the GNU assembler with the macros that `emit gas` writes; it prints
// 0 and halts with 0 on the bare machine, and 1 on a virtual one.
void pill_write(const struct description *m, const struct pill *p, FILE *out);

#endif
