// SPDX-License-Identifier: MIT
// stm and rtm to the tick: stm sets T after its own tick and clears pending, rtm reads before its
// own; pending is held while IE = 0; T runs on through traps.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    li a0, 100
    stm a0
    rtm a1
    rtm a2
    IS(a1, 100)
    IS(a2, 99)
    li a0, 3                                    // it stops at 0
    stm a0
    nop
    nop
    nop
    nop
    rtm a1
    IS(a1, 0)
    // pending is held, whatever time passes, and taken before the first instruction with IE = 1
    SUPERVISOR_IE(count)
    CAUSE(CAUSE_TIMER); WHERE_FLAT(count)
    SUPERVISOR_IE(count)                        // once: taking it has cleared it
    CAUSE(CAUSE_ECALL)
    // stm clears it
    li a0, 1
    stm a0
    nop
    stm zero
    SUPERVISOR_IE(count)
    CAUSE(CAUSE_ECALL)
    // even when it comes from stm's own tick; what stm sets does not lose that tick
    li a0, 1
    li a1, 100
    stm a0
    stm a1
    rtm a2
    IS(a2, 100)
    SUPERVISOR_IE(count)
    CAUSE(CAUSE_TIMER)
    // a trap takes no time: T as stored is T as the handler finds it; the handler is straight-line
    // code, so what is left afterwards is known
    la s1, trap
    la s2, trap_end
    sub s2, s2, s1
    srli s2, s2, 2
    li a0, 1000
    SUPERVISOR(call)
    rtm a1
    CAUSE(CAUSE_ECALL); TIMER(999)
    li a2, 999
    sub a2, a2, s2
    SAME(a1, a2)
    // a trapped load does not count either
    li a0, 1000
    li a2, -1
    SUPERVISOR(load)
    rtm a1
    CAUSE(CAUSE_MEMORY); TIMER(1000)
    li a2, 1000
    sub a2, a2, s2
    SAME(a1, a2)
    // the largest value
    li a0, -1
    stm a0
    nop
    rtm a1
    IS(a1, 0xfffffffe)
    stm zero
    PASS("the timer counts instructions\n")

    .balign 4
count:
    li a0, 200
1:  addi a0, a0, -1
    bnez a0, 1b
    ecall
call:
    stm a0
    nop
    ecall
load:
    stm a0
    lw a1, 0(a2)
