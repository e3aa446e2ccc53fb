// SPDX-License-Identifier: MIT
// Exceptions of the monitor's own. There should be none: each ends in a dump and status 64.
#ifndef TRAPEZE_VMM_X86_TRAPS_H
#define TRAPEZE_VMM_X86_TRAPS_H

#include <stdint.h>

// Loads IDT and task register, and masks the interrupt controllers: the monitor runs with
// interrupts off.
void traps_open(void);

// Selectors and tables that a VM exit loads again.
enum { SELECTOR_CODE = 8, SELECTOR_DATA = 16, SELECTOR_TASK = 24 };
extern uint64_t gdt[5], idt[32][2], task_state[13];

// The monitor's own invariant is broken: says where, and ends with status 64.
__attribute__((noreturn, format(printf, 3, 4))) void panic_at(const char *file, int line,
                                                              const char *text, ...);
#define panic(...) panic_at(__FILE__, __LINE__, __VA_ARGS__)

#endif
