// SPDX-License-Identifier: MIT
// Cause 3: ECALL, from both modes. The saved P is ECALL's own, information is 0, every register is
// untouched, and the trapped instruction takes no time.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    li a0, 1000
    SUPERVISOR(with_timer)
    CAUSE(CAUSE_ECALL); STATUS(0); WHERE_FLAT(the_call); INFO(0); TIMER(998)
    USER_IE(all, all, 256)
    CAUSE(CAUSE_ECALL); STATUS(PSW_USER | PSW_IE); WHERE(all_call, all); INFO(0)
    li a0, LOW_SAVE + 4                         // x[n] = 0x1111 n, all as ECALL found them
    li a1, 0x1111
1:  lw a2, 0(a0)
    addi a3, a0, -LOW_SAVE
    mul a3, a3, a1
    slli a2, a2, 2
    SAME(a2, a3)
    addi a0, a0, 4
    li a2, SAVED(32)
    bne a0, a2, 1b
    lw a0, TRAPS(zero); IS(a0, 2)
    PASS("ecall traps and touches no register\n")

    .balign 4
with_timer:
    stm a0
    nop
    nop
the_call:
    ecall
all:
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    li x\n, 0x1111 * \n
    .endr
all_call:
    ecall
