// SPDX-License-Identifier: MIT
// Expected to end in a check stop: the new PSW lets interrupts in while one is pending, so the
// handler is interrupted before its first instruction.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    la a0, text
    call print_text
    li a0, PSW_IE
    sw a0, LOW_NEW(zero)
    li a0, 1
    stm a0
    nop                                         // pending; IE = 0 holds it
    ecall
    li a0, 0
    halt a0
text:
    .asciz "a handler that is interrupted at once\n"
