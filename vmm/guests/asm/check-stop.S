// SPDX-License-Identifier: MIT
// Expected to end in a check stop: the new PSW cannot run, so the trap is followed by another
// before one instruction has completed.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    la a0, text
    call print_text
    lw a0, LOW_NEW_B(zero)                      // P beyond all memory
    sw a0, LOW_NEW_P(zero)
    ecall
    li a0, 0
    halt a0
text:
    .asciz "a new PSW that cannot run\n"
