// SPDX-License-Identifier: MIT
// Stubs for instructions that exit: what the monitor's interpreter routines do.

#include "vmm/x86/guests/stub.inc"

// ------------------------------------------------------------------ HLT

stub    hlt.off.real, real, "hlt:1", 0x1234
        mov     $0x1234, %eax
        hlt
end_stub

stub    hlt.off.protected, protected, "hlt:1", 0x12345678
        mov     $0x12345678, %eax
        hlt
end_stub

stub    hlt.off.long, long, "hlt:1", 0x123456789abcdef0
        mov     $0x123456789abcdef0, %rax
        hlt
end_stub

// Nothing is there that could wake it.
stub    hlt.on, long, "hlt:1", 1, idle
        mov     $1, %eax
        sti
        hlt
        mov     $2, %eax
        hlt
end_stub

// ------------------------------------------------------------------ CPUID

// VMX, MONITOR, x2APIC, TSC-deadline, OSXSAVE are hidden; the bare machine has the first
// four, if not all models.
stub    cpuid.1.ecx.long, long, "cpuid:1,hlt:1", 0, bare=*
        mov     $1, %eax
        cpuid
        and     $1 << 3 | 1 << 5 | 1 << 21 | 1 << 24 | 1 << 27, %ecx
        mov     %rcx, %rax
        hlt
end_stub

stub    cpuid.1.ecx.real, real, "cpuid:1,hlt:1", 0, bare=*
        mov     $1, %eax
        cpuid
        and     $1 << 3 | 1 << 5 | 1 << 21 | 1 << 24 | 1 << 27, %ecx
        mov     %ecx, %eax
        hlt
end_stub

// OSXSAVE follows the guest's CR4.
stub    cpuid.osxsave, protected, "cpuid:1,hlt:1", 1 << 27
        mov     %cr4, %eax
        or      $1 << 18, %eax
        mov     %eax, %cr4
        mov     $1, %eax
        cpuid
        mov     %ecx, %eax
        and     $1 << 27, %eax
        hlt
end_stub

// "Genu" and the upper halves cleared.
stub    cpuid.0, long, "cpuid:1,hlt:1", 0x756e6547
        mov     $-1, %rbx
        xor     %eax, %eax
        cpuid
        mov     %rbx, %rax
        hlt
end_stub

// SYSCALL is told of in 64-bit mode only.
stub    cpuid.syscall.protected, protected, "cpuid:1,hlt:1", 0
        mov     $0x80000001, %eax
        cpuid
        mov     %edx, %eax
        and     $1 << 11, %eax
        hlt
end_stub

stub    cpuid.syscall.long, long, "cpuid:1,hlt:1", 1 << 11
        mov     $0x80000001, %eax
        cpuid
        mov     %edx, %eax
        and     $1 << 11, %eax
        hlt
end_stub

// ------------------------------------------------------------------ ports

// The port is the virtual machine's: on the bare one nothing is there.
stub    io.dword, long, "hlt:1,io:2", 0xa5a5edcb, bare=0xffffffff
        mov     $0x5a5a1234, %eax
        mov     $port_echo, %dx
        out     %eax, %dx
        mov     $-1, %rax
        in      %dx, %eax
        hlt
end_stub

stub    io.word, protected, "hlt:1,io:2", 0x5a5aedcb, bare=0x5a5affff
        mov     $0x5a5a1234, %eax
        mov     $port_echo, %dx
        out     %ax, %dx
        in      %dx, %ax
        hlt
end_stub

stub    io.byte, real, "hlt:1,io:2", 0x12cb, bare=0x12ff
        mov     $0x1234, %eax
        mov     $port_echo, %dx
        out     %al, %dx
        in      %dx, %al
        hlt
end_stub

// A port where nothing is; 0x92 and 0x70 would be the machine's own, which the first one resets.
stub    io.none, real, "hlt:1,io:5", 0xffff, bare=-
        mov     $3, %al
        out     %al, $0x92
        in      $0x92, %al
        mov     %al, %ah
        out     %al, $0x70
        in      $0x71, %al
        out     %al, $0xcf
        hlt
end_stub

// OUTS and INS, one and many; the echo inverts. The bare machine has no such port.
stub    io.string.long, long, "hlt:1,io:2", 0xedcba987, bare=-
        movl    $0x12345678, data_at
        mov     $port_echo, %dx
        mov     $data_at, %esi
        mov     $data_at + 0xffe, %edi  // across a page
        outsl
        insl
        mov     data_at + 0xffe, %eax
        sub     $data_at + 0x1002, %edi
        or      %edi, %eax
        hlt
end_stub

stub    io.string.real, real, "hlt:1,io:2", 0xed00a9, bare=-
        mov     $data_at, %esi
        movb    $0x12, (%si)
        movb    $0x56, -1(%si)
        mov     $port_echo, %dx
        mov     $2, %cx
        std
        rep outsb
        cld
        mov     $data_at, %edi
        xor     %eax, %eax
        movw    $0xed, 2(%di)
        movb    $0, 1(%di)
        insb
        mov     -1(%di), %eax
        hlt
end_stub

// More than at once: two exits.
stub    io.string.many, protected, "hlt:1,io:2", 0xffffffff, bare=-
        mov     $0x1234, %dx
        mov     $data_at, %edi
        mov     $2000, %ecx
        rep insb
        lea     (%ecx, %edi), %eax
        sub     $data_at + 2000, %eax
        or      data_at + 1996, %eax
        hlt
end_stub

// A page that is not there: the fault, CR2, what is left.
stub    io.string.fault, long, "hlt:1,io:1", 0x4000000e, bare=-
        faults_to_7
        mov     $1, %ecx
        mov     $port_echo, %dx
        mov     $0x40000000, %esi
        rep outsl
        hlt
7:      mov     %cr2, %rax
        or      %rbp, %rax
        dec     %ecx
        or      %rcx, %rax
        hlt
end_stub

// An address that is none; one beyond the limit of SS.
stub    io.string.canonical, long, "hlt:1,io:1", 13, bare=-
        faults_to_7
        mov     $port_echo, %dx
        mov     $0x800000000000, %rsi
        outsb
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

stub    io.string.limit, protected, "hlt:1,io:1", 12, bare=-
        faults_to_7
        mov     $port_echo, %dx
        mov     $0xffffffff, %esi
        outsw   %ss:(%esi), %dx
        hlt
7:      mov     %ebp, %eax
        hlt
end_stub

// ------------------------------------------------------------------ MSRs

// The guest's own, without an exit.
stub    msr.lstar, long, "hlt:1", 0x334455667788
        mov     $0xc0000082, %ecx
        mov     $0x55667788, %eax
        mov     $0x3344, %edx
        wrmsr
        xor     %eax, %eax
        xor     %edx, %edx
        rdmsr
        shl     $32, %rdx
        or      %rdx, %rax
        hlt
end_stub

// A new machine has none of what the last one left.
stub    msr.lstar.clean, long, "hlt:1", 0
        mov     $0xc0000082, %ecx
        rdmsr
        or      %rdx, %rax
        hlt
end_stub

stub    msr.unknown.read, long, "hlt:1,rdmsr:1", 13
        faults_to_7
        mov     $0x12345, %ecx
        rdmsr
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

stub    msr.unknown.write, protected, "hlt:1,wrmsr:1", 13
        faults_to_7
        mov     $0x12345, %ecx
        wrmsr
        hlt
7:      mov     %ebp, %eax
        hlt
end_stub

// A real machine's real mode has exceptions without codes: the stack stays in order.
stub    msr.unknown.real, real, "hlt:1,rdmsr:1", 13
        faults_to_7
        mov     $0x12345, %ecx
        rdmsr
        hlt
7:      mov     %ebp, %eax
        hlt
end_stub

// VMX's capabilities are not told; on the bare machine the VMCS's revision is read.
stub    msr.vmx, long, "hlt:1,rdmsr:1", 13, bare=*
        faults_to_7
        mov     $0x480, %ecx
        rdmsr
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

stub    msr.efer.nxe, long, "hlt:1,wrmsr:1", 0xd00
        mov     $0xc0000080, %ecx
        rdmsr
        or      $0x800, %eax
        wrmsr
        rdmsr
        hlt
end_stub

// LME while paging is on.
stub    msr.efer.lme, long, "hlt:1,wrmsr:1", 13
        faults_to_7
        mov     $0xc0000080, %ecx
        rdmsr
        and     $0xfffffeff, %eax
        wrmsr
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

stub    msr.mtrr, protected, "hlt:1,rdmsr:2,wrmsr:1", 0xc06
        mov     $0xfe, %ecx
        rdmsr
        mov     $0x2ff, %ecx
        mov     $0xc06, %eax
        xor     %edx, %edx
        wrmsr
        xor     %eax, %eax
        rdmsr
        hlt
end_stub

// ------------------------------------------------------------------ CR0, CR4, CR8

// CD and NW are the monitor's; the guest reads what it wrote. 0x21: PE and NE as they are.
stub    cr0.cd, protected, "hlt:1,control-register:2", 0x40000031
        mov     %cr0, %eax
        or      $0x60000000, %eax
        mov     %eax, %cr0
        mov     %cr0, %eax
        and     $0xdfffffff, %eax
        mov     %eax, %cr0
        mov     %cr0, %eax
        hlt
end_stub

// NW without CD.
stub    cr0.nw, protected, "hlt:1,control-register:1", 13
        faults_to_7
        mov     %cr0, %eax
        or      $0x20000000, %eax
        mov     %eax, %cr0
        hlt
7:      mov     %ebp, %eax
        hlt
end_stub

// PAE paging by a MOV that exits (it clears NE), with an entry of the third level whose address is
// none: the processor would refuse to enter.
stub    cr0.pae.reserved, protected, "hlt:1,control-register:1", 13
        faults_to_7
        movl    $1, data_at
        movl    $0x80000, data_at + 4   // bit 51
        mov     $data_at, %eax
        mov     %eax, %cr3
        mov     %cr4, %eax
        or      $0x20, %eax
        mov     %eax, %cr4
        mov     %cr0, %eax
        and     $0xffffffdf, %eax
        or      $0x80000000, %eax
        mov     %eax, %cr0
        hlt
7:      mov     %ebp, %eax
        hlt
end_stub

// TS is the guest's own: CLTS, LMSW and MOV do not exit.
stub    cr0.ts, protected, "hlt:1", 0x31
        mov     %cr0, %eax
        or      $8, %eax
        mov     %eax, %cr0
        clts
        smsw    %eax
        hlt
end_stub

// The bare machine has VMX, and PAE is on.
stub    cr4.vmxe, long, "hlt:1,control-register:1", 13, bare=0x2020
        faults_to_7
        mov     %cr4, %rax
        or      $1 << 13, %rax
        mov     %rax, %cr4
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

// VMXE is on in the real CR4, and not in this one.
stub    cr4.read, long, "hlt:1", 0x20
        mov     %cr4, %rax
        hlt
end_stub

stub    cr8, long, "hlt:1,control-register:2", 9
        mov     $9, %eax
        mov     %rax, %cr8
        xor     %eax, %eax
        mov     %cr8, %rax
        hlt
end_stub

stub    cr8.reserved, long, "hlt:1,control-register:1", 13
        faults_to_7
        mov     $0x10, %eax
        mov     %rax, %cr8
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

// ------------------------------------------------------------------ the rest

stub    invd, long, "hlt:1,invd:1", 0x77
        movl    $0x77, data_at
        invd
        mov     data_at, %eax
        hlt
end_stub

stub    wbinvd, real, "hlt:1,wbinvd:1", 5
        mov     $5, %eax
        wbinvd
        hlt
end_stub

// The bare machine has what the virtual one does not tell of: performance counters, MONITOR.
stub    rdpmc, long, "hlt:1,rdpmc:1", 13, bare=0
        faults_to_7
        xor     %ecx, %ecx
        rdpmc
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

stub    monitor, long, "hlt:1,monitor:1", 6, bare=0xd000
        faults_to_7
        mov     $data_at, %eax
        xor     %ecx, %ecx
        xor     %edx, %edx
        monitor
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

stub    mwait, protected, "hlt:1,mwait:1", 6, bare=0
        faults_to_7
        xor     %eax, %eax
        xor     %ecx, %ecx
        mwait
        hlt
7:      mov     %ebp, %eax
        hlt
end_stub

stub    vmcall, long, "hlt:1,vmcall:1", 6
        faults_to_7
        vmcall
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

stub    vmxon, long, "hlt:1,vmxon:1", 6
        faults_to_7
        vmxon   data_at
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

stub    vmlaunch, protected, "hlt:1,vmlaunch:1", 6
        faults_to_7
        vmlaunch
        hlt
7:      mov     %ebp, %eax
        hlt
end_stub

stub    xsetbv, long, "hlt:1,xsetbv:1", 3
        mov     %cr4, %rax
        or      $1 << 18, %rax
        mov     %rax, %cr4
        xor     %ecx, %ecx
        xor     %edx, %edx
        mov     $3, %eax
        xsetbv
        xor     %eax, %eax
        xgetbv
        hlt
end_stub

// x87 cannot be off.
stub    xsetbv.invalid, long, "hlt:1,xsetbv:1", 13
        faults_to_7
        mov     %cr4, %rax
        or      $1 << 18, %rax
        mov     %rax, %cr4
        xor     %ecx, %ecx
        xor     %edx, %edx
        mov     $2, %eax
        xsetbv
        hlt
7:      mov     %rbp, %rax
        hlt
end_stub

// Time goes on, without an exit.
stub    rdtsc, long, "hlt:1", 1
        rdtsc
        shl     $32, %rdx
        lea     (%rax, %rdx), %rbx
        rdtsc
        shl     $32, %rdx
        or      %rdx, %rax
        cmp     %rbx, %rax
        seta    %al
        movzx   %al, %eax
        hlt
end_stub

        .section .note.GNU-stack, "", @progbits
