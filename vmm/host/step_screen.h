// SPDX-License-Identifier: MIT
// What the stepper shows of a guest: as lines of text, whether they go to a terminal or a pipe.
#ifndef TRAPEZE_VMM_HOST_STEP_SCREEN_H
#define TRAPEZE_VMM_HOST_STEP_SCREEN_H

#include "vmm/host/stepper.h"

enum { SCREEN_ROWS_LEAST = 12, SCREEN_COLUMNS_LEAST = 40 };

// All that there is to see at this moment, in at most `rows` lines of at most `columns` characters
// (at least as many as above): instructions, registers, status, memory, traps, console.
void stepper_screen(const struct stepper *s, unsigned rows, unsigned columns, FILE *out);

// The same as a text, the caller's.
char *stepper_screen_text(const struct stepper *s, unsigned rows, unsigned columns);

// A line for the moment that the guest is at, as in a trace.
void stepper_line(const struct stepper *s, FILE *out);

// Registers, in as many columns as there is room for; * marks those that the last command changed.
void stepper_registers(const struct stepper *s, unsigned columns, FILE *out);

// `n` instructions from a virtual address on; => marks P, * breakpoints.
void stepper_code(const struct stepper *s, uint32_t address, uint64_t n, FILE *out);

// What the guest has written since this was last called, `| ` before each line.
void stepper_console(struct stepper *s, FILE *out);

#endif
