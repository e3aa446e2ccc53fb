// SPDX-License-Identifier: MIT
// Guests that share the processor: one that fills its memory and its registers with a pattern of
// its own and checks them again and again; and some that never exit.

#include "vmm/x86/guests/stub.inc"

        .set    from_at, 0x100000
        .set    quads, 0x80000          // 4 MiB
        .set    MSR_LSTAR, 0xc0000082
        .set    MSR_FMASK, 0xc0000084
        .set    MSR_KERNEL_GS_BASE, 0xc0000102
        .set    MSR_SYSENTER_EIP, 0x176

// Adds one to R8 where RAX and RDX (EDX:EAX) are not R9's lower 31 bits.
        .macro  check_msr number
        mov     $\number, %ecx
        rdmsr
        shl     $32, %rdx
        or      %rdx, %rax
        compare
        .endm

        .macro  compare
        cmp     %rax, %r9
        je      9f
        inc     %r8
9:
        .endm

        .macro  set_msr number
        mov     $\number, %ecx
        mov     %r9d, %eax
        xor     %edx, %edx
        wrmsr
        .endm

// RBX: the pattern, which differs between machines. RAX at the end: how much was wrong.
stub    pattern, long, "hlt:1", 0, section=.shared
        mov     %cr4, %rax
        or      $1 << 9, %rax           // OSFXSR
        mov     %rax, %cr4
        xor     %r8d, %r8d
        mov     $2, %r15d
pass:   mov     %ebx, %r9d
        and     $0x7fffffff, %r9d
        movq    %r9, %xmm0
        movq    %r9, %xmm15
        mov     %r9, %cr2
        mov     %r9, %dr0
        mov     %r9, %dr3
        set_msr MSR_LSTAR
        set_msr MSR_FMASK
        set_msr MSR_KERNEL_GS_BASE
        set_msr MSR_SYSENTER_EIP

        mov     $from_at, %edi
        mov     $quads, %ecx
        mov     %rbx, %rax
1:      add     %rbx, %rax
        mov     %rax, (%rdi)
        add     $8, %edi
        dec     %ecx
        jnz     1b

        mov     $from_at, %edi
        mov     $quads, %ecx
        mov     %rbx, %rax
1:      add     %rbx, %rax
        cmp     %rax, (%rdi)
        je      2f
        inc     %r8
2:      add     $8, %edi
        dec     %ecx
        jnz     1b

        movq    %xmm0, %rax
        compare
        movq    %xmm15, %rax
        compare
        mov     %cr2, %rax
        compare
        mov     %dr0, %rax
        compare
        mov     %dr3, %rax
        compare
        check_msr MSR_LSTAR
        check_msr MSR_FMASK
        check_msr MSR_KERNEL_GS_BASE
        check_msr MSR_SYSENTER_EIP
        rol     $7, %rbx
        dec     %r15d
        jnz     pass
        mov     %r8, %rax
        hlt
end_stub

// Interrupts are off, so none could stop it either.
stub    spin.long, long, "", 0, section=.shared
        cli
1:      jmp     1b
end_stub

stub    spin.real, real, "", 0, section=.shared
        cli
1:      jmp     1b
end_stub

stub    spin.protected, protected, "", 0, section=.shared
        cli
1:      push    %eax
        pop     %eax
        jmp     1b
end_stub

// An instruction that exits again and again before it is done.
stub    storm.protected, protected, "", 0, section=.shared
        mov     $0x1234, %dx
        mov     $data_at, %edi
        mov     $-1, %ecx
        rep insb
end_stub

        .section .note.GNU-stack, "", @progbits
