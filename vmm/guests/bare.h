// SPDX-License-Identifier: MIT
// For guests in assembly that test the bare machine: enter some code under a PSW, get back when it
// traps, check what the trap stored. The first check that fails halts the machine with its line
// number as the code. Checks use t4 to t6; entering uses t0 and ra. start.S has the other half.
#ifndef TRAPEZE_VMM_GUESTS_BARE_H
#define TRAPEZE_VMM_GUESTS_BARE_H

#include "vmm/guests/psw.h"

// what start.S keeps in the save area
#define SAVED(n) (LOW_SAVE + 4 * (n)) // register x[n] as the last trap found it
#define CAUGHT 0xb0                   // PSW, information and T of the last trap: 6 words
#define TRAPS 0xc8                    // how many there were
#define RESUME 0xcc                   // where to go after the next; 0: none is expected
#define ENTRY 0xd0                    // PSW for `enter`

// Run the code at label `at` in user mode with R = (base, size) until it traps.
#define USER(at, base, size) UNDER(PSW_USER, at, base, size)
// The same with interrupts enabled.
#define USER_IE(at, base, size) UNDER(PSW_USER | PSW_IE, at, base, size)
// Run it in supervisor mode with R as it is from reset.
#define SUPERVISOR(at) ALL_OF_MEMORY(0, at)
#define SUPERVISOR_IE(at) ALL_OF_MEMORY(PSW_IE, at)

#define UNDER(status, at, base, size) \
    li t0, status; sw t0, ENTRY(zero); \
    la t0, at; sw t0, ENTRY + 4(zero); \
    la t0, base; sw t0, ENTRY + 8(zero); \
    lw ra, ENTRY + 4(zero); sub t0, ra, t0; sw t0, ENTRY + 4(zero); \
    li t0, size; sw t0, ENTRY + 12(zero); \
    call enter
#define ALL_OF_MEMORY(status, at) \
    li t0, status; sw t0, ENTRY(zero); \
    la t0, at; sw t0, ENTRY + 4(zero); \
    sw zero, ENTRY + 8(zero); \
    lw t0, LOW_NEW_B(zero); sw t0, ENTRY + 12(zero); \
    call enter

// Checks. SAME: two registers; IS: register and number; AT: register and label.
#define SAME(one, other) beq one, other, 99f; li a0, __LINE__; halt a0; 99:
#define IS(one, number) li t6, number; SAME(one, t6)
#define AT(one, label) la t6, label; SAME(one, t6)

// Checks of the last trap: cause; its P less the base that it ran under, and its information.
#define CAUSE(number) lw t4, CAUGHT(zero); srli t4, t4, PSW_CAUSE_SHIFT; IS(t4, number)
#define STATUS(bits) lw t4, CAUGHT(zero); andi t4, t4, 0xff; IS(t4, bits)
#define WHERE(label, base) \
    lw t4, CAUGHT + 4(zero); la t5, base; add t4, t4, t5; AT(t4, label)
#define WHERE_FLAT(label) lw t4, CAUGHT + 4(zero); AT(t4, label)
#define INFO(number) lw t4, CAUGHT + 16(zero); IS(t4, number)
#define TIMER(number) lw t4, CAUGHT + 20(zero); IS(t4, number)

// All checks passed: say so and halt with 0.
#define PASS(text) \
    la a0, 98f; call print_text; li a0, 0; halt a0; \
    .pushsection .rodata; 98: .asciz text; .popsection

    .option norelax // labels stay where they are; distances are constants

#endif
