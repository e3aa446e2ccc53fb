// SPDX-License-Identifier: MIT
// Stubs that look at the state they begin in: it is the same on the bare machine, or what else is
// compared would mean little.

#include "vmm/x86/guests/stub.inc"

        .set    gdt_at, 0x500
        .set    level4_at, 0x3000
        .set    stack_at, 0x7000
        .set    MSR_PAT, 0x277
        .set    MSR_SYSENTER_EIP, 0x176
        .set    MSR_EFER, 0xc0000080
        .set    MSR_STAR, 0xc0000081
        .set    MSR_FMASK, 0xc0000084
        .set    MSR_KERNEL_GS_BASE, 0xc0000102

// RAX := the MSR, in 64-bit mode.
        .macro  get_msr number
        mov     $\number, %ecx
        rdmsr
        shl     $32, %rdx
        or      %rdx, %rax
        .endm

// RAX: what is not as after reset, but for what a stub's mode is.
stub    state.long, long, "cpuid:1,hlt:1,control-register:1", 0
        or      %rcx, %rax
        or      %rbx, %rax
        or      %rbp, %rax
        or      %rsi, %rax
        or      %rdi, %rax
        or      %r8, %rax
        or      %r9, %rax
        or      %r10, %rax
        or      %r11, %rax
        or      %r12, %rax
        or      %r13, %rax
        or      %r14, %rax
        or      %r15, %rax
        mov     %rax, %r15
        mov     %rdx, %r14

        .macro  should_be value
        xor     $\value, %rax
        or      %rax, %r15
        .endm

        pushf
        pop     %rax
        and     $~0xd5, %eax            // the flags of what has been computed
        should_be 2
        mov     %rsp, %rax
        should_be stack_at
        mov     $1, %eax
        cpuid
        xor     %r14, %rax
        should_be 0
        mov     %cr0, %rax
        mov     $0x80000031, %ecx
        xor     %rcx, %rax
        should_be 0
        mov     %cr2, %rax
        should_be 0
        mov     %cr3, %rax
        should_be level4_at
        mov     %cr4, %rax
        should_be 0x20
        mov     %cr8, %rax
        should_be 0
        mov     %dr0, %rax
        should_be 0
        mov     %dr3, %rax
        should_be 0
        mov     %dr6, %rax
        mov     $0xffff0ff0, %ecx
        xor     %rcx, %rax
        should_be 0
        mov     %dr7, %rax
        should_be 0x400
        get_msr MSR_EFER
        should_be 0x500
        get_msr MSR_STAR
        should_be 0
        get_msr MSR_FMASK
        should_be 0
        get_msr MSR_KERNEL_GS_BASE
        should_be 0
        get_msr MSR_SYSENTER_EIP
        should_be 0
        get_msr MSR_PAT
        mov     $0x0007040600070406, %rcx
        xor     %rcx, %rax
        should_be 0
        mov     %cs, %eax
        should_be 0x18
        mov     %ds, %eax
        should_be 0x10
        mov     %ss, %eax
        should_be 0x10
        mov     %gs, %eax
        should_be 0x10
        sldt    %eax
        should_be 0
        str     %eax
        should_be 0
        sgdt    data_at
        movzwl  data_at, %eax
        should_be 0x2f
        mov     data_at + 2, %rax
        should_be gdt_at
        sidt    data_at
        movzwl  data_at, %eax
        should_be 0x3ff
        mov     data_at + 2, %rax
        should_be 0x1000
        mov     %r15, %rax
        hlt
end_stub

stub    state.protected, protected, "hlt:1", 0
        or      %ecx, %eax
        or      %ebx, %eax
        or      %ebp, %eax
        or      %esi, %eax
        or      %edi, %eax
        mov     %eax, %ebx

        .macro  should_be_32 value
        xor     $\value, %eax
        or      %eax, %ebx
        .endm

        mov     %esp, %eax
        should_be_32 stack_at
        mov     %cr0, %eax
        should_be_32 0x31
        mov     %cr3, %eax
        should_be_32 0
        mov     %cr4, %eax
        should_be_32 0
        mov     %dr7, %eax
        should_be_32 0x400
        mov     $MSR_EFER, %ecx
        rdmsr
        should_be_32 0
        mov     %cs, %eax
        should_be_32 8
        mov     %es, %eax
        should_be_32 0x10
        mov     %fs, %eax
        should_be_32 0x10
        mov     $0x10, %ecx
        lsl     %ecx, %eax
        should_be_32 0xffffffff
        sgdt    data_at
        movzwl  data_at, %eax
        should_be_32 0x2f
        sidt    data_at
        movzwl  data_at, %eax
        should_be_32 0x1ff
        mov     %ebx, %eax
        hlt
end_stub

stub    state.real, real, "hlt:1", 0
        or      %ecx, %eax
        or      %ebx, %eax
        or      %ebp, %eax
        or      %esi, %eax
        or      %edi, %eax
        mov     %eax, %ebx
        mov     %esp, %eax
        should_be_32 stack_at
        mov     %cr0, %eax
        should_be_32 0x60000010
        mov     %cr4, %eax
        should_be_32 0
        mov     %cs, %eax
        should_be_32 0
        mov     %ds, %eax
        should_be_32 0
        mov     %gs, %eax
        should_be_32 0
        sidt    data_at
        movzwl  data_at, %eax
        should_be_32 0xffff
        mov     data_at + 2, %eax
        should_be_32 0
        mov     %ebx, %eax
        hlt
end_stub

        .section .note.GNU-stack, "", @progbits
