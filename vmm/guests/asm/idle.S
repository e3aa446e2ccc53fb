// SPDX-License-Identifier: MIT
// idle: waits for the timer, ends at once where an interrupt is pending, whatever IE.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    li a0, 1000000
    stm a0
    idle                                        // a million ticks pass in one instruction
    rtm a1
    IS(a1, 0)
    idle                                        // still pending (IE = 0): ends at once, twice
    idle
    SUPERVISOR_IE(quiet)                        // and is taken when IE = 1
    CAUSE(CAUSE_TIMER); WHERE_FLAT(quiet)
    // with IE = 1 the interrupt comes after idle, before the next instruction
    li a0, 50
    SUPERVISOR_IE(wait)
    CAUSE(CAUSE_TIMER); STATUS(PSW_IE); WHERE_FLAT(waited); TIMER(0)
    // T = 1: one tick, and one for idle itself
    li a0, 1
    SUPERVISOR_IE(wait)
    CAUSE(CAUSE_TIMER); WHERE_FLAT(waited)
    PASS("idle ends with the timer\n")

    .balign 4
wait:
    stm a0
    idle
waited:
    nop
quiet:
    ecall
