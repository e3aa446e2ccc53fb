// SPDX-License-Identifier: MIT
// lra, which adds l: the identity in supervisor mode, a real address in user mode.
#include "vmm/guests/bare.h"
    .include "pg32-lra.inc"

    .text
    .globl main
main:
    li s2, 0x1234
    lra s0, s2
    SAME(s0, s2)
    USER(look, look, 0x1000)
    CAUSE(CAUSE_ECALL); la t4, look; sub s1, s1, t4; SAME(s1, s2)
    PASS("lra tells the real address\n")

    .balign 4
look:
    lra s1, s2
    ecall
