// SPDX-License-Identifier: MIT
// A guest that starts in real mode like a PC's, and goes to protected and 64-bit mode by itself. In
// each it says on the serial line where it is. It knows of no monitor.

        .set    at, 0x8000              // where it is loaded
        .set    stack, 0x7000
        .set    level4, 0x10000
        .set    port, 0x3f8

// Sends the zero-terminated text at ESI, whose offset in 16-bit code is below 64 KiB.
        .macro  define_say
        mov     $port + 5, %dx
1:      in      %dx, %al
        test    $0x20, %al
        jz      1b
        lodsb
        test    %al, %al
        jz      2f
        mov     $port, %dx
        out     %al, %dx
        mov     $port + 5, %dx
        jmp     1b
2:      ret
        .endm

        .section .rodata.tour, "a"
        .balign 16
        .globl  tour_start, tour_end
        .code16
tour_start:
        cli
        cld
        xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %ss
        mov     $stack, %sp
        mov     $at + (text_real - tour_start), %si
        call    say_16
        lgdtl   at + (pointer - tour_start)
        mov     %cr0, %eax
        and     $0x9fffffff, %eax       // caches on
        or      $1, %eax
        mov     %eax, %cr0
        ljmpl   $8, $at + (protected - tour_start)
say_16: define_say

        .code32
protected:
        mov     $16, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %ss
        mov     $stack, %esp
        mov     $at + (text_protected - tour_start), %esi
        call    say_32

        mov     $level4, %edi           // a page of 2 MiB, three tables
        movl    $level4 + 0x1003, (%edi)
        movl    $level4 + 0x2003, 0x1000(%edi)
        movl    $0x83, 0x2000(%edi)
        mov     %edi, %cr3
        mov     %cr4, %eax
        or      $0x20, %eax             // PAE
        mov     %eax, %cr4
        mov     $0xc0000080, %ecx       // EFER: LME
        rdmsr
        or      $0x100, %eax
        wrmsr
        mov     %cr0, %eax
        or      $0x80000000, %eax       // PG
        mov     %eax, %cr0
        ljmp    $24, $at + (long_mode - tour_start)
say_32: define_say

        .code64
long_mode:
        mov     $at + (text_long - tour_start), %esi
        call    say_64
        mov     $1, %eax
        cpuid
        mov     $at + (text_vmx - tour_start), %esi
        test    $1 << 5, %ecx
        jnz     3f
        mov     $at + (text_no_vmx - tour_start), %esi
3:      call    say_64
        mov     $at + (text_end - tour_start), %esi
        call    say_64
        cli
4:      hlt
        jmp     4b
say_64: define_say

text_real:      .asciz "real mode: 16 bits, no protection\n"
text_protected: .asciz "protected mode: 32 bits\n"
text_long:      .asciz "64-bit mode, behind page tables of my own\n"
text_vmx:       .asciz "this processor has VMX\n"
text_no_vmx:    .asciz "this processor has no VMX, says CPUID\n"
text_end:       .asciz "interrupts off, and halt\n"

        .balign 8
table:  .quad   0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00af9a000000ffff
pointer: .word  pointer - table - 1
        .long   at + (table - tour_start)
tour_end:

        .section .note.GNU-stack, "", @progbits
