// SPDX-License-Identifier: MIT
// Data may be misaligned: every width at every offset, across words and across a page.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    la s1, bytes
    lw a0, 1(s1); IS(a0, 0x85848382)
    lw a0, 2(s1); IS(a0, 0x86858483)
    lw a0, 3(s1); IS(a0, 0x87868584)
    lh a0, 1(s1); IS(a0, 0xffff8382)
    lhu a0, 3(s1); IS(a0, 0x8584)
    lh a0, 3(s1); IS(a0, 0xffff8584)
    lb a0, 3(s1); IS(a0, 0xffffff84)
    li a0, 0x20ffe                              // across the end of a page
    li a1, 0x11223344
    sw a1, 0(a0)
    lw a2, 0(a0); SAME(a1, a2)
    lw a2, -2(a0); IS(a2, 0x33440000)
    lw a2, 2(a0); IS(a2, 0x00001122)
    addi a0, a0, 1
    sh a1, 0(a0)
    lhu a2, 0(a0); IS(a2, 0x3344)
    lw a2, -1(a0); IS(a2, 0x11334444)
    sw zero, 1(s1)
    lw a0, 0(s1); IS(a0, 0x81)
    lw a0, 4(s1); IS(a0, 0x88878600)
    PASS("misaligned data\n")

    .balign 4
bytes:
    .byte 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88
