// SPDX-License-Identifier: MIT
// The text of pg32.isa, for the reference engine: the description that the machine was built from.
    .section .rodata
    .globl pg32_isa_begin
    .globl pg32_isa_end
pg32_isa_begin:
    .incbin PG32_ISA // by the Makefile
pg32_isa_end:
    .section .note.GNU-stack, "", @progbits
