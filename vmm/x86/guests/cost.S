// SPDX-License-Identifier: MIT
// What an exit costs: instructions from the guest's to the guest's next, the mean of 1000, at most
// so many. In Bochs without synchronization the time-stamp counter counts instructions. On the bare
// machine what is left is the loop's own.

#include "vmm/x86/guests/stub.inc"

// The two instructions of the loop are not counted.
        .macro  begin_cost
        rdtsc
        shl     $32, %rdx
        lea     (%rax, %rdx), %r14
        mov     $1000, %r15d
        .endm

        .macro  end_cost
        rdtsc
        shl     $32, %rdx
        or      %rdx, %rax
        sub     %r14, %rax
        xor     %edx, %edx
        mov     $1000, %ecx
        div     %rcx
        sub     $2, %rax
        hlt
        .endm

stub    cost.cpuid, long, "cpuid:1000,hlt:1", 250, most=1, bare=2
        begin_cost
8:      mov     $1, %eax
        cpuid
        dec     %r15d
        jnz     8b
        end_cost
end_stub

stub    cost.out, long, "hlt:1,io:1000", 400, most=1, bare=1
        begin_cost
        mov     $port_echo, %edx
8:      out     %eax, %dx
        dec     %r15d
        jnz     8b
        end_cost
end_stub

stub    cost.in, long, "hlt:1,io:1000", 400, most=1, bare=1
        begin_cost
        mov     $port_echo, %edx
8:      in      %dx, %eax
        dec     %r15d
        jnz     8b
        end_cost
end_stub

        .section .note.GNU-stack, "", @progbits
