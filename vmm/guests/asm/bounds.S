// SPDX-License-Identifier: MIT
// Relocation at its edges: a + n = b, R reaching beyond memory, l outside it, sums past 2^32.
#include "vmm/guests/bare.h"
    .include "pg32.inc"
#define SIZE 64

// Load `n` bytes at `address` with R = (s2, s3), code copied there; then check.
#define WITHIN(n, address) li a1, address; call load_##n; CAUSE(CAUSE_ECALL)
#define BEYOND(n, address) \
    li a1, address; call load_##n; CAUSE(CAUSE_MEMORY); INFO(address)

    .text
    .globl main
main:
    lw s1, LOW_NEW_B(zero)                      // q

    // R = (q - 64, 0x1000): memory ends before the bound does
    addi s2, s1, -SIZE
    li s3, 0x1000
    call copy
    WITHIN(1, 63)
    WITHIN(2, 62)
    WITHIN(4, 60)
    BEYOND(1, 64)
    BEYOND(2, 63)
    BEYOND(4, 61)
    BEYOND(4, 0xffc)
    BEYOND(1, 0x1000)

    // the largest bound: a + n stays within it, l + a + n passes 2^32 and is outside all the same
    li s3, -1
    WITHIN(4, 60)
    BEYOND(4, 61)
    BEYOND(1, 0xfffffffe)
    BEYOND(1, 0xffffffff)
    neg a1, s2                                  // l + a = 2^32: would be address 0
    mv s5, a1
    call load_1
    CAUSE(CAUSE_MEMORY); lw t4, CAUGHT + 16(zero); SAME(t4, s5)

    // R = (q - 64, 32): the bound before the end of memory
    li s3, 32
    WITHIN(4, 28)
    BEYOND(4, 29)
    BEYOND(2, 31)
    BEYOND(1, 32)
    BEYOND(4, 0xfffffffc)

    // l = q, l beyond, and l so large that l + P wraps: nothing can be fetched
    mv a2, s1
    call fetch
    addi a2, s1, 4
    call fetch
    li a2, -256
    call fetch
    la a2, code
    neg a2, a2
    call fetch

    // from reset's R = (0, q), at the end of memory
    li s2, 0
    mv s3, s1
    addi a1, s1, -4
    SUPERVISOR(code_4); CAUSE(CAUSE_ECALL)
    addi a1, s1, -3
    SUPERVISOR(code_4); CAUSE(CAUSE_MEMORY)
    mv a1, s1
    SUPERVISOR(code_1); CAUSE(CAUSE_MEMORY)
    PASS("relocation and bounds\n")

// The loads, at s2.
copy:
    la a0, code
    mv a1, s2
    li a2, 3
1:  lw a3, 0(a0)
    lw a4, 4(a0)
    sw a3, 0(a1)
    sw a4, 4(a1)
    addi a0, a0, 8
    addi a1, a1, 8
    addi a2, a2, -1
    bnez a2, 1b
    ret

// Each runs in user mode and then, the same way, in supervisor mode: causes must agree.
load_1: li a2, 0; j load
load_2: li a2, 8; j load
load_4: li a2, 16
load:
    mv s4, ra
    li a3, PSW_USER
    call go
    lw s6, CAUGHT(zero)
    lw s7, CAUGHT + 16(zero)
    li a3, 0
    call go
    lw a3, CAUGHT(zero)
    ori a3, a3, PSW_USER
    SAME(a3, s6)
    lw a3, CAUGHT + 16(zero)
    SAME(a3, s7)
    jr s4
go:
    sw a3, ENTRY(zero)
    sw a2, ENTRY + 4(zero)
    sw s2, ENTRY + 8(zero)
    sw s3, ENTRY + 12(zero)
    tail enter

// R = (a2, 2^32 - 1), P such that l + P is `code` modulo 2^32 (0 where l is below 2^31).
fetch:
    mv s4, ra
    sw zero, ENTRY(zero)
    sw a2, ENTRY + 8(zero)
    li a3, -1
    sw a3, ENTRY + 12(zero)
    li a3, 0
    bgez a2, 1f
    la a3, code
    sub a3, a3, a2
1:  sw a3, ENTRY + 4(zero)
    mv s5, a3
    call enter
    CAUSE(CAUSE_MEMORY); STATUS(0)
    lw t4, CAUGHT + 4(zero); SAME(t4, s5)
    lw t4, CAUGHT + 16(zero); SAME(t4, s5)
    jr s4

    .balign 8
code:
code_1: lbu a0, 0(a1); ecall
code_2: lhu a0, 0(a1); ecall
code_4: lw a0, 0(a1); ecall
