// SPDX-License-Identifier: MIT
// Cause 0 by a P that is no multiple of 4, in both modes, even where a misaligned data access
// would do; bit 0 of jalr's target is dropped before.
#include "vmm/guests/bare.h"
    .include "pg32.inc"
#define TARGET 8 // of `target` in its block

    .text
    .globl main
main:
    la a1, target + 2
    SUPERVISOR(jump)
    CAUSE(CAUSE_MEMORY); STATUS(0); WHERE_FLAT(target + 2)
    lw a2, CAUGHT + 16(zero); AT(a2, target + 2)
    la a1, target + 1                           // bit 0 is dropped: fine
    SUPERVISOR(jump)
    CAUSE(CAUSE_ECALL); WHERE_FLAT(target)
    li a1, TARGET + 3                    // bit 1 stays
    USER(jump, block, 64)
    CAUSE(CAUSE_MEMORY); STATUS(PSW_USER); INFO(TARGET + 2)
    USER(block + 1, block, 64)                  // loaded with a PSW
    CAUSE(CAUSE_MEMORY); INFO(1)
    PASS("misaligned fetches trap\n")

    .balign 4
block:
jump:   jr a1
    nop
target: ecall
    .space 64 - (. - block)
