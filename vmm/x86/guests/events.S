// SPDX-License-Identifier: MIT
// Stubs for what no single instruction asks for: interrupts, exceptions, memory that is not there,
// changes of mode, the triple fault.

#include "vmm/x86/guests/stub.inc"

// ------------------------------------------------------------------ interrupts

// The ports that make interrupts are none on the bare machine.

// Taken at once where interrupts are on.
stub    interrupt.on.long, long, "hlt:1,io:1", 0x30, bare=-
        mov     $port_interrupt, %dx
        mov     $0x30, %al
        sti
        nop
        out     %al, %dx
        cli
        mov     %rbp, %rax
        hlt
end_stub

// Else not before STI and the instruction behind it.
stub    interrupt.window.long, long, "interrupt-window:1,hlt:1,io:1", 0x31, bare=-
        xor     %ebp, %ebp
        mov     $port_interrupt, %dx
        mov     $0x31, %al
        out     %al, %dx
        mov     %ebp, %ebx
        sti
        mov     %ebp, %ecx
        nop
        cli
        mov     %ebp, %eax
        or      %ebx, %ecx
        shl     $8, %ecx
        or      %ecx, %eax
        hlt
end_stub

stub    interrupt.window.protected, protected, "interrupt-window:1,hlt:1,io:1", 0x32, bare=-
        mov     $port_interrupt, %dx
        mov     $0x32, %al
        out     %al, %dx
        sti
        nop
        nop
        cli
        mov     %ebp, %eax
        hlt
end_stub

stub    interrupt.window.real, real, "interrupt-window:1,hlt:1,io:1", 0x33, bare=-
        mov     $port_interrupt, %dx
        mov     $0x33, %al
        out     %al, %dx
        sti
        nop
        nop
        cli
        mov     %ebp, %eax
        hlt
end_stub

// Of two that wait the higher one comes first; both come.
stub    interrupt.two, long, "interrupt-window:2,hlt:1,io:2", 0x34, bare=-
        mov     $port_interrupt, %dx
        mov     $0x34, %al
        out     %al, %dx
        mov     $0x35, %al
        out     %al, %dx
        sti
        nop
        nop
        nop
        cli
        mov     %ebp, %eax
        hlt
end_stub

// STI, HLT: no interrupt comes between the two; the one that waits ends the halt.
stub    interrupt.hlt, long, "hlt:2,io:1", 0x36, bare=-
        mov     $port_interrupt, %dx
        mov     $0x36, %al
        out     %al, %dx
        sti
        hlt
        cli
        mov     %ebp, %eax
        hlt
end_stub

// The machine's own timer interrupts while the guest, whose interrupts are off, computes: it does
// not notice.
stub    interrupt.external, long, "external-interrupt:1,hlt:1,io:1", 0, bare=-
        xor     %ebp, %ebp
        mov     $port_tick, %edx
        out     %al, %dx
        mov     $100000, %ecx
8:      dec     %ecx
        jnz     8b
        sti
        nop
        cli
        mov     %ebp, %eax
        hlt
end_stub

// ------------------------------------------------------------------ exceptions

// Those that the monitor does not look at do not exit.
stub    exception.ud, long, "hlt:1", 6
        faults_to_7
        ud2
7:      mov     %rbp, %rax
        hlt
end_stub

stub    exception.de, real, "hlt:1", 0
        faults_to_7
        mov     $1, %ebp
        xor     %ax, %ax
        div     %al
7:      mov     %ebp, %eax
        hlt
end_stub

// A single step: the debug exception exits, and comes to the guest with DR6 set.
stub    exception.step, long, "exception:1,hlt:1", 0x4001
        faults_to_7
        pushf
        orl     $0x100, (%rsp)
        popf
        nop
        nop
7:      mov     %dr6, %rax
        and     $0x4000, %eax
        or      %rbp, %rax
        hlt
end_stub

// A single step over an instruction that the monitor does for the guest: the exception comes right
// behind it.
stub    exception.step.cpuid, long, "exception:1,cpuid:1,hlt:1", 0x4001
        faults_to_7
        xor     %eax, %eax
        xor     %r12d, %r12d
        pushf
        orl     $0x100, (%rsp)
        popf
        cpuid
        mov     $0x100, %r12d
        mov     $0x200, %r12d
7:      mov     %dr6, %rax
        and     $0x4000, %eax
        or      %rbp, %rax
        or      %r12, %rax
        hlt
end_stub

// ------------------------------------------------------------------ memory

// Small pages, and the large ones behind them, are the guest's own and zero at first.
stub    memory.own, long, "hlt:1", 0x30
        mov     $0x1ffffc, %ebx
        mov     (%rbx), %eax
        movl    $0x10, (%rbx)
        mov     $0x200000, %ecx
        or      (%rcx), %eax
        movl    $0x20, (%rcx)
        mov     $0x5ffffc, %edx
        or      (%rdx), %eax
        or      (%rbx), %eax
        or      (%rcx), %eax
        hlt
end_stub

// What the last one wrote is gone.
stub    memory.clean, protected, "hlt:1", 0
        mov     0x1ffffc, %eax
        or      0x200000, %eax
        or      0x5ffffc, %eax
        hlt
end_stub

// On the bare machine there is memory of the screen, and memory behind a stub's.
stub    memory.hole, protected, "ept-violation:1", 0x55, unhandled, bare=0x66
        mov     $0x55, %eax
        mov     %eax, hole_at
        mov     $0x66, %eax
        hlt
end_stub

stub    memory.outside, long, "ept-violation:1", 0x55, unhandled, bare=0x66
        mov     $0x55, %eax
        mov     0x600000, %ebx
        mov     $0x66, %eax
        hlt
end_stub

// ------------------------------------------------------------------ modes

// From real mode to protected and 64-bit mode by the guest's own doing, and what CR0 and EFER then
// are. The descriptors and page tables are there; GDTR is not.
stub    mode.real.to.long, real, "hlt:1,control-register:1,wrmsr:1", 0x050080000033
        lgdtl   %cs:code_at + (3f - 5b)
        mov     %cr0, %eax
        and     $0x9fffffff, %eax       // caches on
        or      $0x21, %eax
        mov     %eax, %cr0
        ljmpl   $8, $code_at + (1f - 5b)
        .code32
1:      mov     $16, %eax
        mov     %eax, %ds
        mov     %eax, %ss
        mov     %cr4, %eax
        or      $0x20, %eax
        mov     %eax, %cr4
        mov     $0x3000, %eax
        mov     %eax, %cr3
        mov     $0xc0000080, %ecx
        rdmsr
        or      $0x100, %eax
        wrmsr
        mov     %cr0, %eax
        or      $0x80000000, %eax       // the monitor owns no bit that this changes
        or      $2, %eax                // MP
        mov     %eax, %cr0
        ljmp    $0x18, $code_at + (2f - 5b)
        .code64
2:      mov     $0xc0000080, %ecx
        rdmsr
        shl     $32, %rax
        mov     %cr0, %rbx
        or      %rbx, %rax
        hlt
        .balign 4
3:      .word   0x2f
        .long   0x500
end_stub

// The same where one MOV turns paging on and the caches, too: the monitor switches to 64 bits.
stub    mode.paging.exit, protected, "hlt:1,control-register:1,wrmsr:1", 0x050080000031
        mov     %cr4, %eax
        or      $0x20, %eax
        mov     %eax, %cr4
        mov     $0x3000, %eax
        mov     %eax, %cr3
        mov     $0xc0000080, %ecx
        rdmsr
        or      $0x100, %eax
        wrmsr
        mov     %cr0, %eax
        and     $0xffffffdf, %eax       // NE: the monitor's
        or      $0x80000000, %eax
        mov     %eax, %cr0
        ljmp    $0x18, $code_at + (2f - 5b)
        .code64
2:      mov     $0xc0000080, %ecx
        rdmsr
        shl     $32, %rax
        mov     %cr0, %rbx
        or      $0x20, %ebx
        or      %rbx, %rax
        hlt
end_stub

// Back out of 64-bit mode, by a MOV that exits: LMA goes off.
stub    mode.long.leave, long, "hlt:1,control-register:1", 0x100
        pushq   $8
        pushq   $code_at + (1f - 5b)
        lretq
        .code32
1:      mov     %cr0, %eax
        and     $0x7fffffdf, %eax
        mov     %eax, %cr0
        mov     $0xc0000080, %ecx
        rdmsr
        hlt
end_stub

// ------------------------------------------------------------------ the end

// Without an IDT there is no way out.
stub    triple.fault.long, long, "triple-fault:1", 7, reset
        mov     $7, %eax
        pushq   $0
        pushq   $0
        lidt    (%rsp)
        ud2
end_stub

stub    triple.fault.protected, protected, "triple-fault:1", 7, reset
        mov     $7, %eax
        pushl   $0
        pushl   $0
        lidt    (%esp)
        int3
end_stub

        .section .note.GNU-stack, "", @progbits
