// SPDX-License-Identifier: MIT
// What takes a stub's exceptions and interrupts, for each mode: see stub.h.

        .set    stack_at, 0x7000

        .macro  vectors
        .set    n, 0
        .rept   64
        .balign 16
        mov     $n, %ebp
        .if     n < 32
        jmp     1f
        .else
        jmp     2f
        .endif
        .set    n, n + 1
        .endr
        .endm

        .section .rodata.vectors, "a"
        .balign 16
        .globl  vectors_real, vectors_protected, vectors_long, vectors_end
        .code16
vectors_real:
        vectors
1:      mov     $stack_at, %sp
        jmp     *%di
2:      iret

        .balign 16
        .code32
vectors_protected:
        vectors
1:      mov     $stack_at, %esp
        jmp     *%edi
2:      iret

        .balign 16
        .code64
vectors_long:
        vectors
1:      mov     $stack_at, %esp
        jmp     *%rdi
2:      iretq
vectors_end:

        .section .note.GNU-stack, "", @progbits
