// SPDX-License-Identifier: MIT
// The trap round trip: a user program calls the supervisor `rounds` times. With SKIP defined the
// handler does what one without a prepared PSW must: it steps the saved P over the ECALL, and
// saves and restores the register that this takes.

    .include "pg32.inc"

    .equ new_psw, 0x20
    .equ saved, 0x30
    .equ user_psw, 0x40
    .equ call_psw, 0x50

    .macro store_word value, at
    li t1, \value
    sw t1, \at(x0)
    .endm

    .macro store_label label, at
    la t1, \label
    sw t1, \at(x0)
    .endm

    .text
    .globl _start
_start:
    la t0, rounds
    lw s0, 0(t0)
    store_word 0, new_psw
    store_label handler, new_psw+4
    store_word 0, new_psw+8
    store_word 0x300000, new_psw+12
    store_word 1, user_psw
    store_label user, user_psw+4
    store_word 0, user_psw+8
    store_word 0x300000, user_psw+12
    store_word 1, call_psw
    store_label called, call_psw+4
    store_word 0, call_psw+8
    store_word 0x300000, call_psw+12
    li s1, call_psw
    li t0, user_psw
    lpsw (t0)

user:
    ecall
called:
    addi s0, s0, -1
    bnez s0, user
    ebreak                      // the end: not delivered, the runner stops there

handler:
#ifdef SKIP
    sw t0, saved(x0)
    lw t0, 4(x0)
    addi t0, t0, 4
    sw t0, 4(x0)
    lw t0, saved(x0)
    lpsw (x0)
#else
    lpsw (s1)
#endif

    .section .data.first, "aw"
rounds: .word 1
