// SPDX-License-Identifier: MIT
// Cause 4: EBREAK, from both modes, with information 0.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    SUPERVISOR(point)
    CAUSE(CAUSE_EBREAK); STATUS(0); WHERE_FLAT(point); INFO(0)
    USER(point, block, 64)
    CAUSE(CAUSE_EBREAK); STATUS(PSW_USER); WHERE(point, block); INFO(0)
    PASS("ebreak traps\n")

    .balign 4
block:
    nop
point:
    ebreak
    .space 64 - (. - block)
