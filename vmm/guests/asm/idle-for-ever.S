// SPDX-License-Identifier: MIT
// Expected to end with status 1: idle, and neither timer nor input can end it.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    la a0, text
    call print_text
    stm zero
    idle
    li a0, 0
    halt a0
text:
    .asciz "nothing to wait for\n"
