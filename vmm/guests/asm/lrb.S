// SPDX-License-Identifier: MIT
// lrb: the next fetch already goes through the new R; in supervisor mode R binds as in user mode.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    // l moves the program: the instruction after lrb is fetched from `moved`
    la a0, moved
    la a1, after
    sub a0, a0, a1
    li a1, 0x100000
    li a2, 0
    SUPERVISOR(move)
    CAUSE(CAUSE_ECALL); STATUS(0); IS(a2, 2)
    lw a3, CAUGHT + 4(zero); AT(a3, after + 4)  // P is virtual and went on
    lw a3, CAUGHT + 8(zero); SAME(a3, a0)
    lw a3, CAUGHT + 12(zero); IS(a3, 0x100000)
    // b may end right behind the code
    li a0, 0
    la a1, after_end
    SUPERVISOR(move)
    CAUSE(CAUSE_ECALL); IS(a2, 1)
    // or in the middle of the next instruction, which is not fetched then
    la a1, after + 2
    SUPERVISOR(move)
    CAUSE(CAUSE_MEMORY); STATUS(0); WHERE_FLAT(after)
    lw a3, CAUGHT + 16(zero); AT(a3, after)
    lw a3, CAUGHT + 12(zero); AT(a3, after + 2)
    li a1, 0                                    // b = 0: nothing can be fetched at all
    SUPERVISOR(move)
    CAUSE(CAUSE_MEMORY); WHERE_FLAT(after)
    // data of the supervisor obeys R as well
    la a1, end
    la s1, end
    SUPERVISOR(touch)
    CAUSE(CAUSE_MEMORY); STATUS(0); WHERE_FLAT(touched)
    lw a3, CAUGHT + 16(zero); AT(a3, end)
    addi a1, s1, 4
    SUPERVISOR(touch)
    CAUSE(CAUSE_ECALL)
    PASS("lrb moves and bounds the next fetch\n")

    .balign 4
move:
    lrb a0, a1
after:
    li a2, 1
    ecall
after_end:
    nop
moved:
    li a2, 2
    ecall
touch:
    lrb zero, a1
touched:
    lw a3, 0(s1)
    ecall
end:
    .word 7
