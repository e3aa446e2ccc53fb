// SPDX-License-Identifier: MIT
// Cause 5: the timer interrupts a loop after exactly as many instructions as it was set to, in both
// modes; the saved P is that of the instruction not yet executed; it comes once.
#include "vmm/guests/bare.h"
    .include "pg32.inc"
#define LOOPS(ticks, count, label) \
    li a0, 0; li a1, ticks; SUPERVISOR_IE(start_loop); \
    CAUSE(CAUSE_TIMER); STATUS(PSW_IE); WHERE_FLAT(label); INFO(0); TIMER(0); IS(a0, count)

    .text
    .globl main
main:
    LOOPS(1, 1, loop + 4)
    LOOPS(2, 1, loop)
    LOOPS(3, 2, loop + 4)
    LOOPS(100, 50, loop)
    LOOPS(99999, 50000, loop + 4)
    // in user mode: 2 of the 1001 ticks pass between stm and the loop
    li a0, 0
    li a1, 1001
    li a3, PSW_USER | PSW_IE
    sw a3, 0xf0(zero)
    sw zero, 0xf4(zero)
    la a3, loop
    sw a3, 0xf8(zero)
    li a3, 8
    sw a3, 0xfc(zero)
    SUPERVISOR(dispatch)
    CAUSE(CAUSE_TIMER); STATUS(PSW_USER | PSW_IE); WHERE(loop + 4, loop); IS(a0, 500)
    li a1, 100
    SUPERVISOR_IE(quiet)                        // stm 0: none comes
    CAUSE(CAUSE_ECALL); TIMER(0)
    PASS("the timer interrupts to the instruction\n")

    .balign 4
start_loop:
    stm a1
loop:
    addi a0, a0, 1
    j loop
dispatch:
    stm a1
    li a2, 0xf0
    lpsw (a2)
quiet:
    stm a1
    stm zero
    li a0, 200
1:  addi a0, a0, -1
    bnez a0, 1b
    ecall
