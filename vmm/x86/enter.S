// SPDX-License-Identifier: MIT
// Into the guest and out of it: unsigned vmx_enter(struct registers *g, bool launched).

        .set    HOST_RSP, 0x6c14
        .set    CR2, 16 * 8             // in struct registers

        .text
        .globl  vmx_enter, vmx_exit
vmx_enter:
        push    %rbx
        push    %rbp
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        push    %rdi                    // found again at the exit
        mov     $HOST_RSP, %eax
        vmwrite %rsp, %rax

        mov     CR2(%rdi), %rax
        mov     %rax, %cr2
        mov     1 * 8(%rdi), %rcx
        mov     2 * 8(%rdi), %rdx
        mov     3 * 8(%rdi), %rbx
        mov     5 * 8(%rdi), %rbp
        mov     8 * 8(%rdi), %r8
        mov     9 * 8(%rdi), %r9
        mov     10 * 8(%rdi), %r10
        mov     11 * 8(%rdi), %r11
        mov     12 * 8(%rdi), %r12
        mov     13 * 8(%rdi), %r13
        mov     14 * 8(%rdi), %r14
        mov     15 * 8(%rdi), %r15
        test    %sil, %sil              // MOV leaves the flag alone
        mov     6 * 8(%rdi), %rsi
        mov     0 * 8(%rdi), %rax
        mov     7 * 8(%rdi), %rdi
        jnz     1f
        vmlaunch
        jmp     2f
1:      vmresume

2:      mov     $1, %eax                // still here: CF is VMfailInvalid, ZF VMfailValid
        mov     $2, %ecx
        cmovz   %ecx, %eax
        pop     %rdi
        jmp     3f

vmx_exit:
        xchg    %rdi, (%rsp)            // now the guest's is on the stack
        mov     %rax, 0 * 8(%rdi)
        mov     %rcx, 1 * 8(%rdi)
        mov     %rdx, 2 * 8(%rdi)
        mov     %rbx, 3 * 8(%rdi)
        mov     %rbp, 5 * 8(%rdi)
        mov     %rsi, 6 * 8(%rdi)
        mov     %r8, 8 * 8(%rdi)
        mov     %r9, 9 * 8(%rdi)
        mov     %r10, 10 * 8(%rdi)
        mov     %r11, 11 * 8(%rdi)
        mov     %r12, 12 * 8(%rdi)
        mov     %r13, 13 * 8(%rdi)
        mov     %r14, 14 * 8(%rdi)
        mov     %r15, 15 * 8(%rdi)
        pop     7 * 8(%rdi)
        mov     %cr2, %rax
        mov     %rax, CR2(%rdi)
        xor     %eax, %eax

3:      pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %rbp
        pop     %rbx
        ret

        .section .note.GNU-stack, "", @progbits
