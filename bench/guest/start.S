// SPDX-License-Identifier: MIT
// The frame of a benchmark loop, the same bytes for every runner: takes the number of rounds from
// memory, calls loop(rounds), and ends in Linux's exit(result), which on PG32 is a trap.

    .text
    .globl _start
_start:
    la sp, stack_end
    la t0, rounds
    lw a0, 0(t0)
    call loop
    la t0, result
    sw a0, 0(t0)
    li a7, 93
done:
    ecall

// What the runners know: these are the first words of the data segment, at 0x200000.
    .section .data.first, "aw"
rounds: .word 1
result: .word 0
        .word done

    .bss
    .balign 16
    .space 1024
stack_end:
