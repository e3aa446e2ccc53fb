// SPDX-License-Identifier: MIT
// A store is visible to the next fetch, and so is what a trap writes.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    // the very next instruction, again and again: addi a0, a0, n for n = 1 to 100
    lw s1, pattern
    li s2, 100
    li a0, 0
    la a2, patched
again:
    slli a1, s2, 20
    or a1, a1, s1
    sw a1, 0(a2)
patched:
    nop
    addi s2, s2, -1
    bnez s2, again
    IS(a0, 5050)
    // one byte of it: the immediate's high byte
    la a2, byte_patched
    li a1, 0x7f
    sb a1, 3(a2)
    li a0, 0
byte_patched:
    addi a0, a0, 0
    IS(a0, 0x7f0)
    // an instruction earlier in a loop that has run already
    li a0, 0
    li s2, 3
    la a2, earlier
loop:
earlier:
    addi a0, a0, 1
    slli a1, s2, 20
    or a1, a1, s1
    sw a1, 0(a2)
    addi s2, s2, -1
    bnez s2, loop
    IS(a0, 1 + 3 + 2)
    // spsw writes code: the status word, 0, is illegal where an instruction was
    la a2, stored
    SUPERVISOR(store)
    CAUSE(CAUSE_ILLEGAL); WHERE_FLAT(stored); INFO(0)
    // a trap writes code: its information word and T, executed at 0x10. First something else
    // runs there, so that an engine has it decoded.
    la t0, first
    call at_10
    IS(a0, 11)
    la a1, denied                               // rtm a0, in user mode: info is its word;
    li a2, 0x8067 + 2                           // T is the word of `ret` after li and lpsw
    li a3, PSW_USER
    sw a3, 0xf0(zero)
    sw a1, 0xf4(zero)
    sw zero, 0xf8(zero)
    lw a3, LOW_NEW_B(zero)
    sw a3, 0xfc(zero)
    SUPERVISOR(leave)
    CAUSE(CAUSE_PRIVILEGED); TIMER(0x8067)
    li a1, 77
    stm a1
    li a0, 0x10
    jalr a0
    IS(a0, 75)
    PASS("stores and traps are visible to the next fetch\n")

// Put the two words at t0 to 0x10 and run them.
at_10:
    lw t1, 0(t0)
    sw t1, 0x10(zero)
    lw t1, 4(t0)
    sw t1, 0x14(zero)
    li t1, 0x10
    jr t1
first:
    li a0, 11
    ret

    .balign 4
pattern:
    addi a0, a0, 0
store:
    spsw (a2)
stored:
    nop
    nop
    nop
    nop
    ecall
leave:
    stm a2
    li a2, 0xf0
    lpsw (a2)
denied:
    rtm a0
