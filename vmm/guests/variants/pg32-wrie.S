// SPDX-License-Identifier: MIT
// wrie, which sets IE in supervisor mode and does nothing in user mode.
#include "vmm/guests/bare.h"
    .include "pg32-wrie.inc"

    .text
    .globl main
main:
    // a timer that is pending is taken as soon as wrie enables interrupts
    li s2, 1
    SUPERVISOR(enable)
    CAUSE(CAUSE_TIMER); STATUS(PSW_IE); WHERE_FLAT(enabled)
    // in user mode interrupts stay off, and nothing says so
    USER(try, 0, 0x100000)
    CAUSE(CAUSE_ECALL); STATUS(PSW_USER)
    PASS("wrie enables interrupts in supervisor mode\n")

    .balign 4
enable:
    li t1, 1
    stm t1
    nop
    wrie s2
enabled:
    li t1, 0
    stm t1
    ecall
try:
    wrie s2
    ecall
