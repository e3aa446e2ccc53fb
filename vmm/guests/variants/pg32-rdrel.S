// SPDX-License-Identifier: MIT
// rdrel, which reads l: 0 in supervisor mode, the partition's base in user mode.
#include "vmm/guests/bare.h"
    .include "pg32-rdrel.inc"

    .text
    .globl main
main:
    rdrel s0
    IS(s0, 0)
    USER(look, look, 0x1000)
    CAUSE(CAUSE_ECALL); AT(s1, look)
    PASS("rdrel tells the base\n")

    .balign 4
look:
    rdrel s1
    ecall
