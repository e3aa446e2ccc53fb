// SPDX-License-Identifier: MIT
// Where every bare guest begins, in assembly or C: a stack, a trap handler, main(), halt with what
// main returned. The handler needs no scratch register: x0-relative stores reach the save area,
// and `lpsw (zero)` returns through the PSW at address 0.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .section .text.start, "ax"
    .globl start, enter, print_text, trap, trap_end
start:
    la sp, stack_top
    la tp, __tls_base
    li t0, LOW_NEW
    spsw (t0)                       # supervisor, no interrupts, all of memory
    la t0, trap
    sw t0, LOW_NEW_P(zero)
    call main
    halt a0

// Leave for the PSW at ENTRY; the next trap returns to our caller, in supervisor mode with R as
// from reset and the registers as the trap found them.
enter:
    sw ra, RESUME(zero)
    li t0, ENTRY
    lpsw (t0)

trap:
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sw x\n, SAVED(\n)(zero)
    .endr
    .irp word, 0,4,8,12,16,20
    lw t0, \word(zero)
    sw t0, CAUGHT + \word(zero)
    .endr
    lw t0, TRAPS(zero)
    addi t0, t0, 1
    sw t0, TRAPS(zero)
    lw t0, RESUME(zero)
    beqz t0, unexpected
    sw zero, RESUME(zero)
    sw zero, LOW_STATUS(zero)
    sw t0, LOW_P(zero)
    sw zero, LOW_L(zero)
    lw t0, LOW_NEW_B(zero)
    sw t0, LOW_B(zero)
    lw t0, SAVED(5)(zero)
    lpsw (zero)
trap_end:

// A trap that nobody asked for: halt with 10000 + its cause.
unexpected:
    lw a0, LOW_STATUS(zero)
    srli a0, a0, PSW_CAUSE_SHIFT
    li t0, 10000
    add a0, a0, t0
    halt a0

// Write the string at a0 to the console.
print_text:
    lbu t0, 0(a0)
    beqz t0, 1f
    out t0, PORT_CONSOLE
    addi a0, a0, 1
    j print_text
1:  ret
