// SPDX-License-Identifier: MIT
// An entry for each exception, 16 bytes apart, and what they have in common: struct trap_frame.

        .text
        .balign 16
        .globl  trap_entries
trap_entries:
        .set    n, 0
        .rept   32
        .balign 16
        .if     n != 8 && n != 10 && n != 11 && n != 12 && n != 13 && n != 14 && n != 17 && n != 21
        push    $0
        .endif
        push    $n
        jmp     save
        .set    n, n + 1
        .endr

save:   push    %r15
        push    %r14
        push    %r13
        push    %r12
        push    %r11
        push    %r10
        push    %r9
        push    %r8
        push    %rbp
        push    %rdi
        push    %rsi
        push    %rdx
        push    %rcx
        push    %rbx
        push    %rax
        mov     %rsp, %rdi
        and     $-16, %rsp
        call    trap
1:      hlt
        jmp     1b

        .section .note.GNU-stack, "", @progbits
