// SPDX-License-Identifier: MIT
// Cause 0 by loads: each width ends exactly at the bound, then one byte further. A load that traps
// leaves its register alone and names its address.
#include "vmm/guests/bare.h"
    .include "pg32.inc"
#define SIZE 256
#define LOAD(op, n) \
    li a0, 0x5555; li a1, SIZE - n; USER(try_##op, block, SIZE); CAUSE(CAUSE_ECALL); IS(a0, 0); \
    li a0, 0x5555; li a1, SIZE - n + 1; USER(try_##op, block, SIZE); \
    CAUSE(CAUSE_MEMORY); STATUS(PSW_USER); WHERE(try_##op, block); INFO(SIZE - n + 1); \
    IS(a0, 0x5555)

    .text
    .globl main
main:
    LOAD(lb, 1)
    LOAD(lbu, 1)
    LOAD(lh, 2)
    LOAD(lhu, 2)
    LOAD(lw, 4)
    // and far outside, where address and width pass 2^32
    li a1, -1; USER(try_lw, block, SIZE); CAUSE(CAUSE_MEMORY); INFO(0xffffffff)
    PASS("loads trap beyond the bound\n")

    .balign 4
block:
try_lb:  lb a0, 0(a1);  ecall
try_lbu: lbu a0, 0(a1); ecall
try_lh:  lh a0, 0(a1);  ecall
try_lhu: lhu a0, 0(a1); ecall
try_lw:  lw a0, 0(a1);  ecall
    .space SIZE - (. - block)
