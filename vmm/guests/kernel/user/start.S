// SPDX-License-Identifier: MIT
// Where a user program starts, and its system calls: number in a7, ECALL, result in a0.
    .section .text.start, "ax"
    .globl start
start:
    la sp, stack_top
    call main
    call exit

    .macro system_call name, number
    .globl \name
\name:
    li a7, \number
    ecall
    ret
    .endm

    system_call write, 1
    system_call read, 2
    system_call exit, 3
    system_call yield, 4
    system_call time, 5
