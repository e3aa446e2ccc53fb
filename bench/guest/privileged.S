// SPDX-License-Identifier: MIT
// A privileged instruction that a monitor emulates: `rounds` times eight of them, in supervisor
// mode.
    .include "pg32.inc"

    .text
    .globl _start
_start:
    la t0, rounds
    lw s0, 0(t0)
1:  .rept 8
    rtm a0
    .endr
    addi s0, s0, -1
    bnez s0, 1b
    ebreak                      // the end: not delivered, the runner stops there

    .section .data.first, "aw"
rounds: .word 1
