// SPDX-License-Identifier: MIT
// lpsw and spsw: what they load and store, one access of 16 bytes, all or nothing.
#include "vmm/guests/bare.h"
    .include "pg32.inc"
#define SIZE 64

    .text
    .globl main
main:
    // spsw stores cause 0, M and IE, P of the next instruction, R
    la s1, area
    li a0, -1
    sw a0, 0(s1)
    sw a0, 16(s1)
    SUPERVISOR(store)
    CAUSE(CAUSE_ECALL)
    lw a0, 0(s1); IS(a0, 0)
    lw a0, 4(s1); AT(a0, stored)
    lw a0, 8(s1); IS(a0, 0)
    lw a0, 12(s1); lw a1, LOW_NEW_B(zero); SAME(a0, a1)
    lw a0, 16(s1); IS(a0, -1)
    SUPERVISOR_IE(store)
    lw a0, 0(s1); IS(a0, PSW_IE)
    li a3, SIZE - 16                            // under another R, and just inside it
    UNDER(0, store_in, block, SIZE)
    CAUSE(CAUSE_ECALL)
    la a1, block + SIZE - 16
    lw a0, 4(a1); IS(a0, 8)                     // stored_in
    lw a0, 8(a1); AT(a0, block)
    lw a0, 12(a1); IS(a0, SIZE)

    // one access: 16 bytes that end at the bound do; one byte further they trap, named by the
    // first of them, and nothing is stored, nothing loaded
    li a0, SIZE - 15
    sw zero, 0(a1)
    UNDER(0, store_at, block, SIZE)
    CAUSE(CAUSE_MEMORY); STATUS(0); WHERE(store_at, block); INFO(SIZE - 15)
    lw a2, 0(a1); IS(a2, 0)
    UNDER(0, load_at, block, SIZE)
    CAUSE(CAUSE_MEMORY); STATUS(0); WHERE(load_at, block); INFO(SIZE - 15)
    li a0, -16
    UNDER(0, load_at, block, SIZE)
    CAUSE(CAUSE_MEMORY); INFO(0xfffffff0)

    // lpsw loads M, IE, P and R at once, from a misaligned address too; a cause is ignored
    la a0, user + 2
    li a1, 0xff00 | PSW_USER | PSW_IE
    sw a1, 0(a0)
    sw zero, 4(a0)
    la a1, block
    sw a1, 8(a0)
    li a1, 8
    sw a1, 12(a0)
    SUPERVISOR(load)
    CAUSE(CAUSE_ECALL); STATUS(PSW_USER | PSW_IE); WHERE(block, block)
    lw a2, CAUGHT + 8(zero); AT(a2, block)
    lw a2, CAUGHT + 12(zero); IS(a2, 8)
    li a1, 0xff00 | PSW_USER
    sw a1, 0(a0)
    SUPERVISOR(load)
    CAUSE(CAUSE_ECALL); STATUS(PSW_USER)
    // to the same mode with another R, and to a P that cannot be fetched: the trap is the fetch's
    sw zero, 0(a0)
    li a1, 8
    sw a1, 4(a0)
    SUPERVISOR(load)
    CAUSE(CAUSE_MEMORY); STATUS(0); INFO(8)
    PASS("lpsw and spsw\n")

    .balign 4
store:
    spsw (s1)
stored:
    ecall
load:
    lpsw (a0)
area:
    .space 20
user:
    .space 20

block:
    ecall
store_in:
    spsw (a3)
stored_in:
    ecall
store_at:
    spsw (a0)
    ecall
load_at:
    lpsw (a0)
    ecall
    .space SIZE - (. - block)
