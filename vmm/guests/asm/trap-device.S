// SPDX-License-Identifier: MIT
// Cause 6: a waiting console byte interrupts for as long as it waits and only while IE = 1; the
// timer goes first. Needs one line of input; without any it halts with a line number.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    li a0, 1000000
    stm a0
    idle                                        // ended by the input, not by the timer
    rtm a0
    bnez a0, 1f
    li a0, __LINE__
    halt a0
1:  in a0, PORT_CONSOLE_STATUS
    andi a0, a0, CONSOLE_READY
    IS(a0, CONSOLE_READY)
    SUPERVISOR(spin)                            // IE = 0: nothing comes
    CAUSE(CAUSE_ECALL)
    SUPERVISOR_IE(spin)                         // before the first instruction
    CAUSE(CAUSE_DEVICE); STATUS(PSW_IE); WHERE_FLAT(spin); INFO(0)
    USER_IE(spin, spin, 64)                     // still
    CAUSE(CAUSE_DEVICE); STATUS(PSW_USER | PSW_IE); WHERE(spin, spin)
    li a0, 1                                    // both at once: the timer first, then the device
    stm a0
    nop
    SUPERVISOR_IE(spin)
    CAUSE(CAUSE_TIMER); WHERE_FLAT(spin)
    SUPERVISOR_IE(spin)
    CAUSE(CAUSE_DEVICE); WHERE_FLAT(spin)
    li a0, 100
    stm a0
    idle                                        // ends at once, for the byte still waits: one tick
    rtm a0
    IS(a0, 99)
    stm zero
    idle                                        // at once, too
read:
    in a0, PORT_CONSOLE
    out a0, PORT_CONSOLE
    li a1, '\n'
    beq a0, a1, 2f
    in a1, PORT_CONSOLE_STATUS
    andi a1, a1, CONSOLE_READY
    bnez a1, read
    li a1, 1000000                              // the rest of the line may arrive later
    stm a1
    idle
    stm zero
    j read
2:  in a1, PORT_CONSOLE_STATUS                  // nothing waits any more
    andi a1, a1, CONSOLE_READY
    IS(a1, 0)
    in a1, PORT_CONSOLE
    IS(a1, -1)
    SUPERVISOR_IE(spin)
    CAUSE(CAUSE_ECALL)
    PASS("the console interrupts while a byte waits\n")

    .balign 4
spin:
    li a0, 100
1:  addi a0, a0, -1
    bnez a0, 1b
    ecall
    .space 64 - (. - spin)
