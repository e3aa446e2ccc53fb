// SPDX-License-Identifier: MIT
// rdmode, which reads the mode: 0 in supervisor mode, 1 in user mode.
#include "vmm/guests/bare.h"
    .include "pg32-rdmode.inc"

    .text
    .globl main
main:
    rdmode s0
    IS(s0, 0)
    USER(look, 0, 0x100000)
    CAUSE(CAUSE_ECALL); IS(s1, 1)
    PASS("rdmode tells the mode\n")

    .balign 4
look:
    rdmode s1
    ecall
