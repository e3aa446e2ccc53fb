// SPDX-License-Identifier: MIT
// ustm, which sets the timer in either mode.
#include "vmm/guests/bare.h"
    .include "pg32-ustm.inc"

    .text
    .globl main
main:
    li s2, 100
    ustm s2
    rtm s0
    IS(s0, 100)
    USER(set, 0, 0x100000)
    CAUSE(CAUSE_ECALL)
    TIMER(499)
    PASS("ustm sets the timer\n")

    .balign 4
set:
    li s2, 500
    ustm s2
    nop
    ecall
