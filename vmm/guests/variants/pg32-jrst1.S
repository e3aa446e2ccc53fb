// SPDX-License-Identifier: MIT
// jrst1, which leaves supervisor mode without a trap: the jump's target must be in user mode.
#include "vmm/guests/bare.h"
    .include "pg32-jrst1.inc"

    .text
    .globl main
main:
    // from supervisor mode: what follows is privileged, so it must trap
    SUPERVISOR(leave)
    CAUSE(CAUSE_PRIVILEGED); STATUS(PSW_USER); WHERE_FLAT(left)
    // from user mode: a jump
    USER(jump, 0, 0x100000)
    CAUSE(CAUSE_ECALL); STATUS(PSW_USER); WHERE_FLAT(jumped)
    PASS("jrst1 leaves supervisor mode\n")

    .balign 4
leave:
    la t1, left
    jrst1 t1
    ebreak
left:
    rtm t2
    ecall
jump:
    la t1, jumped
    jrst1 t1
    ebreak
jumped:
    ecall
