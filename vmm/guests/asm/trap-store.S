// SPDX-License-Identifier: MIT
// Cause 0 by stores: as trap-load, and nothing is written by a store that traps, not even the
// bytes of it that lie inside the bound.
#include "vmm/guests/bare.h"
    .include "pg32.inc"
#define SIZE 256
#define STORE(op, n, seen) \
    sw zero, -4(s1); sw zero, 0(s1); \
    li a0, 0x87654321; li a1, SIZE - n + 1; USER(try_##op, block, SIZE); \
    CAUSE(CAUSE_MEMORY); STATUS(PSW_USER); WHERE(try_##op, block); INFO(SIZE - n + 1); \
    lw a2, -4(s1); IS(a2, 0); lw a2, 0(s1); IS(a2, 0); \
    li a1, SIZE - n; USER(try_##op, block, SIZE); CAUSE(CAUSE_ECALL); \
    lw a2, -4(s1); IS(a2, seen); lw a2, 0(s1); IS(a2, 0)

    .text
    .globl main
main:
    la s1, block_end
    STORE(sb, 1, 0x21000000)
    STORE(sh, 2, 0x43210000)
    STORE(sw, 4, 0x87654321)
    li a1, -2; USER(try_sw, block, SIZE); CAUSE(CAUSE_MEMORY); INFO(0xfffffffe)
    PASS("stores trap beyond the bound and write nothing\n")

    .balign 4
block:
try_sb: sb a0, 0(a1); ecall
try_sh: sh a0, 0(a1); ecall
try_sw: sw a0, 0(a1); ecall
    .space SIZE - (. - block)
block_end:
    .word 0
