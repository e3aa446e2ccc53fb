// SPDX-License-Identifier: MIT
// Stubs for what a guest does to registers of its own without an exit, or almost: the processor
// must do under the monitor what it does alone.

#include "vmm/x86/guests/stub.inc"

        .set    gdt_at, 0x500
        .set    level4_at, 0x3000
        .set    level3_at, 0x4000
        .set    level2_at, 0x5000
        .set    stack_at, 0x7000

        .set    MSR_PAT, 0x277
        .set    MSR_SYSENTER_EIP, 0x176
        .set    MSR_EFER, 0xc0000080
        .set    MSR_STAR, 0xc0000081
        .set    MSR_LSTAR, 0xc0000082
        .set    MSR_FMASK, 0xc0000084
        .set    MSR_FS_BASE, 0xc0000100
        .set    MSR_GS_BASE, 0xc0000101
        .set    MSR_KERNEL_GS_BASE, 0xc0000102
        .set    MSR_TSC_AUX, 0xc0000103

        .macro  set_msr number, low, high=0
        mov     $\number, %ecx
        mov     $\low, %eax
        mov     $\high, %edx
        wrmsr
        .endm

// RAX := the MSR, in 64-bit mode.
        .macro  get_msr number
        mov     $\number, %ecx
        rdmsr
        shl     $32, %rdx
        or      %rdx, %rax
        .endm

// ------------------------------------------------------------------ MSRs and what reads them

// TSC_AUX comes with the time.
stub    rdtscp, long, "hlt:1,wrmsr:1", 0x112345678
        set_msr MSR_TSC_AUX, 0x12345678
        rdtsc
        shl     $32, %rdx
        lea     (%rax, %rdx), %rbx
        rdtscp
        shl     $32, %rdx
        or      %rdx, %rax
        cmp     %rbx, %rax
        seta    %al
        movzx   %al, %eax
        shl     $32, %rax
        or      %rcx, %rax
        hlt
end_stub

stub    rdtscp.read, protected, "hlt:1,rdmsr:1,wrmsr:1", 0x55
        set_msr MSR_TSC_AUX, 0x55
        xor     %eax, %eax
        rdmsr
        or      %edx, %eax
        hlt
end_stub

// It has 32 bits, and the others are reserved (SDM 4, table 2-2). Bochs's processor takes them.
stub    rdtscp.reserved, long, "hlt:1,wrmsr:1", 13, bare=0
        faults_to_7
        set_msr MSR_TSC_AUX, 0, 1
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

stub    msr.pat, long, "hlt:1", 0x0001050600070406
        set_msr MSR_PAT, 0x00070406, 0x00010506
        xor     %eax, %eax
        get_msr MSR_PAT
        hlt
end_stub

// There is no type of memory 2.
stub    msr.pat.reserved, protected, "hlt:1", 13
        faults_to_7
        set_msr MSR_PAT, 0x00070402, 0x00070406
        hlt
7:      mov     %ebp, %eax
        hlt
end_stub

stub    msr.fs.base, long, "hlt:1", 0x12340d000000
        movl    $0x1234, data_at + 8
        set_msr MSR_FS_BASE, data_at
        mov     %fs:8, %ebx
        get_msr MSR_FS_BASE
        shl     $32, %rbx
        shl     $12, %rax
        or      %rbx, %rax
        hlt
end_stub

stub    msr.fs.base.canonical, long, "hlt:1", 13
        faults_to_7
        set_msr MSR_FS_BASE, 0, 0x8000
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

// What GS is based on, and what will be; before and behind SWAPGS.
stub    swapgs, long, "hlt:1", 0x0000d040d0002211
        movl    $0x11, data_at
        movl    $0x22, data_at + 0x40
        set_msr MSR_GS_BASE, data_at
        set_msr MSR_KERNEL_GS_BASE, data_at + 0x40
        mov     %gs:0, %bl
        swapgs
        mov     %gs:0, %bh
        movzx   %bx, %ebx
        get_msr MSR_GS_BASE
        shl     $32, %rax
        or      %rax, %rbx
        get_msr MSR_KERNEL_GS_BASE
        shl     $16, %rax
        or      %rbx, %rax
        hlt
end_stub

// Into user mode and back: flags as they were (R11), the user's CS, and the one now. FMASK turns
// interrupts off.
stub    syscall, long, "hlt:1,wrmsr:1", 0x246002b0018
        orl     $4, level4_at
        orl     $4, level3_at
        orl     $4, level2_at
        mov     %cr3, %rax
        mov     %rax, %cr3
        set_msr MSR_EFER, 0x501
        set_msr MSR_STAR, 0, 0x001b0018
        set_msr MSR_LSTAR, code_at + (2f - 5b)
        set_msr MSR_FMASK, 0x200
        mov     $code_at + (1f - 5b), %ecx
        mov     $0x202, %r11d
        sysretq
1:      xor     %r11d, %r11d
        mov     %cs, %eax
        syscall
        ud2
2:      mov     %cs, %ebx
        shl     $16, %eax
        or      %ebx, %eax
        shl     $32, %r11
        or      %r11, %rax
        hlt
end_stub

// A privileged instruction in user mode: the stack for its fault is in a task state segment.
stub    user.hlt, long, "hlt:1,wrmsr:1", 13
        faults_to_7
        orl     $4, level4_at
        orl     $4, level3_at
        orl     $4, level2_at
        mov     %cr3, %rax
        mov     %rax, %cr3
        movl    $stack_at, data_at + 4
        movl    $0xd0000067, gdt_at + 0x20      // the segment, at data_at
        movl    $0x00008900, gdt_at + 0x24
        mov     $0x20, %eax
        ltr     %ax
        set_msr MSR_EFER, 0x501
        set_msr MSR_STAR, 0, 0x001b0018
        mov     $code_at + (1f - 5b), %ecx
        mov     $2, %r11d
        sysretq
1:      hlt
7:      mov     %rbp, %rax
        hlt
end_stub

// ------------------------------------------------------------------ translations, XSAVES

// The page of 2 MiB at 4 MiB becomes the one at 2 MiB, and the processor is told.
stub    invlpg, long, "hlt:1", 0x0201
        mov     $0x200000, %esi
        mov     $0x400000, %edi
        movb    $1, (%rdi)
        movb    $2, (%rsi)
        mov     (%rdi), %al
        movl    $0x200083, level2_at + 2 * 8
        invlpg  (%rdi)
        mov     (%rdi), %ah
        movzx   %ax, %eax
        hlt
end_stub

// RAX: 1 where INVPCID is there just if CPUID tells of it, and takes the operand.
        .macro  has_invpcid
        mov     $7, %eax
        xor     %ecx, %ecx
        cpuid
        shr     $10, %ebx
        and     $1, %ebx
        .endm

stub    invpcid, long, "cpuid:1,hlt:1", 1
        faults_to_7
        has_invpcid
        mov     $2, %eax                // all contexts
        invpcid data_at, %rax
        mov     %ebx, %eax
        hlt
7:      cmp     $6, %ebp
        sete    %al
        movzx   %al, %eax
        xor     %ebx, %eax
        hlt
end_stub

stub    invpcid.reserved, long, "cpuid:1,hlt:1", 1
        faults_to_7
        has_invpcid
        movl    $0x1000, data_at        // a context's number has 12 bits
        mov     $1, %eax
        invpcid data_at, %rax
        hlt
7:      imul    $7, %ebx                // #GP, or #UD
        add     $6, %ebx
        cmp     %ebx, %ebp
        sete    %al
        movzx   %al, %eax
        hlt
end_stub

// The virtual machine has none, and CPUID says so.
stub    xsaves, long, "cpuid:1,hlt:1", 6, bare=*
        faults_to_7
        mov     %cr4, %rax
        or      $1 << 18, %rax
        mov     %rax, %cr4
        mov     $0xd, %eax
        mov     $1, %ecx
        cpuid
        and     $8, %eax
        mov     %eax, %ebx
        xor     %edx, %edx
        mov     $1, %eax
        xsaves  data_at
7:      shl     $8, %ebx
        mov     %ebx, %eax
        or      %ebp, %eax
        hlt
end_stub

// ------------------------------------------------------------------ debug registers

stub    dr.move, long, "hlt:1", 0x123456789abc0400
        mov     $0x123456789abc, %rax
        mov     %rax, %dr0
        xor     %ecx, %ecx
        mov     %rcx, %dr7              // bit 10 stays
        mov     %dr0, %rax
        mov     %dr7, %rcx
        shl     $16, %rax
        or      %rcx, %rax
        hlt
end_stub

stub    dr.reserved, long, "hlt:1", 13
        faults_to_7
        mov     $0x100000000, %rax
        mov     %rax, %dr7
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

// DR4 is DR6, until CR4.DE.
stub    dr.alias, protected, "hlt:1", 0xffff0ff6
        faults_to_7
        mov     %cr4, %eax
        or      $8, %eax
        mov     %dr4, %ebx
        mov     %eax, %cr4
        mov     %dr4, %ebx
        hlt
7:      mov     %ebx, %eax
        or      %ebp, %eax
        hlt
end_stub

// Before an instruction: ECX stays.
stub    dr.execute, long, "exception:1,hlt:1", 0x1001
        faults_to_7
        mov     $code_at + (1f - 5b), %eax
        mov     %rax, %dr0
        mov     $0x401, %eax
        mov     %rax, %dr7
        mov     $0x10, %ecx
1:      mov     $0x20, %ecx
        mov     $0x30, %ecx
7:      mov     %dr6, %rax
        and     $15, %eax
        shl     $8, %ecx
        or      %ecx, %eax
        or      %ebp, %eax
        hlt
end_stub

// Behind one that writes there.
stub    dr.write, protected, "exception:1,hlt:1", 0x2005
        faults_to_7
        mov     $data_at, %eax
        mov     %eax, %dr2
        mov     $0x0d000410, %eax       // L2, 4 bytes, writes
        mov     %eax, %dr7
        mov     $0x10, %ecx
        mov     data_at, %eax
        mov     $0x20, %ecx
        mov     %eax, data_at
        mov     $0x30, %ecx
7:      mov     %dr6, %eax
        and     $15, %eax
        shl     $8, %ecx
        or      %ecx, %eax
        or      %ebp, %eax
        hlt
end_stub

// Somebody else uses the debug registers: DR6.BD, and DR7.GD is off for the handler.
stub    dr.detect, protected, "exception:1,hlt:1", 0x2401
        faults_to_7
        mov     $0x2400, %eax
        mov     %eax, %dr7
        mov     %eax, %dr0
        hlt
7:      mov     %dr6, %eax
        mov     %dr7, %ecx
        and     $0x2000, %eax
        or      %ecx, %eax
        or      %ebp, %eax
        hlt
end_stub

// ------------------------------------------------------------------ CR0, CR2, flags

// The processor sees TS, and CLTS.
stub    clts, long, "hlt:1", 7
        faults_to_7
        mov     %cr0, %rax
        or      $8, %rax
        mov     %rax, %cr0
        clts
        fninit
        mov     %rax, %cr0
        fninit
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

// Into protected mode; NE, CD and NW stay.
stub    lmsw.real, real, "hlt:1", 0x6000001f
        mov     $0xffff, %ax
        lmsw    %ax
        mov     %cr0, %eax
        hlt
end_stub

// Not out of it.
stub    lmsw.protected, protected, "hlt:1", 0x0037003b
        mov     $6, %eax
        lmsw    %ax
        smsw    %eax
        mov     %eax, %ebx
        mov     $0xfff2, %eax
        lmsw    %ax
        mov     $8, %eax
        lmsw    %ax
        smsw    %eax
        or      $2, %eax
        shl     $16, %ebx
        or      %ebx, %eax
        hlt
end_stub

// To memory 16 bits.
stub    smsw.real, real, "hlt:1", 0x12340010
        movl    $0x12345678, data_at
        smsw    data_at
        mov     data_at, %eax
        hlt
end_stub

stub    cr2, long, "hlt:1", 0x123456789abcdef0
        mov     $0x123456789abcdef0, %rax
        mov     %rax, %cr2
        xor     %eax, %eax
        mov     %cr2, %rax
        hlt
end_stub

stub    exception.pf, long, "hlt:1", 0x4000123e
        faults_to_7
        mov     $0x40001230, %eax       // the tables have the first GiB
        mov     (%rax), %ebx
        hlt
7:      mov     %cr2, %rax
        or      %rbp, %rax
        hlt
end_stub

// All but TF and IF: VM, RF, VIF and VIP do not come.
stub    popf.protected, protected, "hlt:1", 0x247cd7
        pushl   $0xfffffcff
        popfl
        pushfl
        pop     %eax
        cld
        hlt
end_stub

stub    popf.real, real, "hlt:1", 0x7cd7
        pushw   $0xfcff
        popfw
        pushfl
        pop     %eax
        cld
        hlt
end_stub

stub    pushf.long, long, "hlt:1", 0x246
        xor     %eax, %eax
        sti
        pushf
        cli
        pop     %rax
        hlt
end_stub

stub    int.long, long, "hlt:1", 0x2a
        int     $0x2a
        mov     %rbp, %rax
        hlt
end_stub

stub    int.real, real, "hlt:1", 0x2a
        int     $0x2a
        mov     %ebp, %eax
        hlt
end_stub

// ------------------------------------------------------------------ tables

stub    lgdt, long, "hlt:1", 0x123456789abc0017
        mov     $0x123456789abc, %rax
        movw    $0x17, data_at
        mov     %rax, data_at + 2
        lgdt    data_at
        sgdt    data_at + 0x20
        mov     data_at + 0x20 + 2, %rax
        shl     $16, %rax
        movzwl  data_at + 0x20, %ecx
        or      %rcx, %rax
        hlt
end_stub

// With 16-bit operands the base has 24 bits.
stub    lgdt.real, real, "hlt:1", 0x00563f00
        movl    $0x12563f00, data_at + 2
        movw    $0x17, data_at
        lgdtw   data_at
        sgdtl   data_at + 0x20
        mov     data_at + 0x20 + 2, %eax
        hlt
end_stub

stub    lidt, protected, "hlt:1", 0x123457ef
        movw    $0x1ff, data_at
        movl    $0x12345600, data_at + 2
        lidt    data_at
        sidt    data_at + 0x20
        mov     data_at + 0x20 + 2, %eax
        movzwl  data_at + 0x20, %ecx
        or      %ecx, %eax
        and     $~0x10, %eax
        hlt
end_stub

// A data segment that is in the LDT.
stub    lldt, protected, "hlt:1", 0x200055
        movl    $0xd000000f, gdt_at + 0x20      // 16 bytes at data_at
        movl    $0x00008200, gdt_at + 0x24
        movl    $0xd100000f, data_at + 8
        movl    $0x00009200, data_at + 12
        movl    $0x55, data_at + 0x100
        mov     $0x20, %eax
        lldt    %ax
        mov     $0xc, %ecx
        mov     %ecx, %fs
        sldt    %eax
        shl     $16, %eax
        or      %fs:0, %eax
        hlt
end_stub

// No LDT.
stub    lldt.wrong, long, "hlt:1", 13
        faults_to_7
        mov     $0x10, %eax
        lldt    %ax
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

// It becomes busy, and cannot be loaded again.
stub    ltr, protected, "hlt:1", 0x28008b0d
        faults_to_7
        movl    $0xd0000067, gdt_at + 0x28
        movl    $0x00008900, gdt_at + 0x2c
        mov     $0x28, %ebx
        ltr     %bx
        str     %ecx
        ltr     %bx
        hlt
7:      mov     gdt_at + 0x2c, %eax
        shl     $24, %ecx
        or      %ecx, %eax
        or      %ebp, %eax
        hlt
end_stub

        .section .note.GNU-stack, "", @progbits
