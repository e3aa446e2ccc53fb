// SPDX-License-Identifier: MIT
// Cause 0 by fetches beyond the bound: by running off the end, by a jump, by a branch. The jump
// itself completes; P and the information are the address that could not be fetched.
#include "vmm/guests/bare.h"
    .include "pg32.inc"
#define OUTSIDE(at, address) \
    USER(at, block, 32); CAUSE(CAUSE_MEMORY); STATUS(PSW_USER); INFO(address); \
    lw t4, CAUGHT + 4(zero); IS(t4, address)

    .text
    .globl main
main:
    li a0, 0
    OUTSIDE(run_off, 32)
    IS(a0, 1)
    li a1, 0x1000; li a2, 0
    OUTSIDE(jump, 0x1000)
    lw a2, SAVED(12)(zero); IS(a2, 12)          // the link register was written
    OUTSIDE(branch, 36)
    li a1, -4
    OUTSIDE(jump, 0xfffffffc)
    USER(last, block, 30)                       // an instruction half inside is outside
    CAUSE(CAUSE_MEMORY); INFO(28)
    PASS("fetches trap beyond the bound\n")

    .balign 4
block:
branch:  beqz zero, outside
    nop
jump:    jalr a2, 0(a1)
    nop
    nop
    nop
    nop
run_off:
last:    addi a0, a0, 1
    ecall                                       // 32: beyond the bound
outside:
    ecall
