// SPDX-License-Identifier: MIT
// Halts with 42: exit status 1, and the code is reported.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    li a0, 42
    halt a0
