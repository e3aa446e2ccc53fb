// SPDX-License-Identifier: MIT
// From a multiboot loader's 32-bit mode to 64-bit C: the header, page tables that map the first
// 4 GiB where they are, and the stack.

        .set    magic, 0x1badb002
        .set    flags, 2                // memory's size is wanted

        .section .multiboot, "a"
        .balign 4
        .long   magic, flags, -(magic + flags)

        .code32
        .text
        .globl  entry
entry:
        cli
        cld
        mov     %eax, %esi              // main's arguments, out of the way of what follows
        mov     %ebx, %edx
        mov     $bss_start, %edi
        mov     $bss_end, %ecx
        sub     %edi, %ecx
        xor     %eax, %eax
        rep stosb
        mov     $stack_top, %esp
        push    %edx
        push    %esi

        mov     $0x80000000, %eax       // is there a 64-bit mode?
        cpuid
        cmp     $0x80000001, %eax
        jb      no_long_mode
        mov     $0x80000001, %eax
        cpuid
        test    $1 << 29, %edx
        jz      no_long_mode

        movl    $directories + 3, level4
        movl    $directories, %edi      // the third level: four directories
        mov     $pages + 3, %eax
        mov     $4, %ecx
1:      mov     %eax, (%edi)
        add     $8, %edi
        add     $4096, %eax
        loop    1b
        mov     $pages, %edi            // 2048 pages of 2 MiB: present, writable, large
        mov     $0x83, %eax
        mov     $2048, %ecx
1:      mov     %eax, (%edi)
        add     $8, %edi
        add     $0x200000, %eax
        loop    1b

        mov     %cr4, %eax
        or      $0x20, %eax             // PAE
        mov     %eax, %cr4
        mov     $level4, %eax
        mov     %eax, %cr3
        mov     $0xc0000080, %ecx       // EFER: LME
        rdmsr
        or      $0x100, %eax
        wrmsr
        mov     %cr0, %eax
        or      $0x80010021, %eax       // PG, WP, NE, PE
        and     $0x9fffffff, %eax       // caches on
        mov     %eax, %cr0
        pop     %edi
        pop     %esi
        lgdt    gdt_pointer
        ljmp    $8, $long_mode

no_long_mode:
        mov     $message, %esi
        mov     $0xe9, %edx
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, (%dx)
        mov     $0x3f8, %edx
        out     %al, (%dx)
        mov     $0xe9, %edx
        jmp     1b
2:      mov     $0x8900, %edx           // Bochs's and QEMU's ways to end; see shutdown.c
        mov     $word, %esi
        mov     $8, %ecx
        rep outsb
        mov     $2, %eax
        mov     $0xf4, %edx
        out     %eax, (%dx)
3:      hlt
        jmp     3b

        .code64
long_mode:
        mov     $16, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %ss
        xor     %eax, %eax
        mov     %eax, %fs
        mov     %eax, %gs
        mov     %edi, %edi              // the upper halves are undefined after the switch
        mov     %esi, %esi
        mov     $stack_top, %esp
        xor     %ebp, %ebp
        call    monitor_main
1:      hlt
        jmp     1b

        .section .rodata
message:
        .ascii  "vmm: this processor has no 64-bit mode; use one with Intel VT-x "
        .asciz  "(in Bochs, cpu: model=tigerlake)\nvtx-refused no-long-mode\nvtx-end status=2\n"
word:   .ascii  "Shutdown"

// Code, data, and the task state segment that VM exits load (two entries, completed in traps.c).
        .data
        .balign 16
        .globl  gdt
gdt:    .quad   0
        .quad   0x00af9b000000ffff
        .quad   0x00cf93000000ffff
        .quad   0, 0
        .globl  gdt_pointer
gdt_pointer:
        .word   gdt_pointer - gdt - 1
        .quad   gdt

        .bss
        .balign 4096
level4: .skip   4096
directories: .skip 4096
pages:  .skip   4 * 4096
stack:  .skip   32768
        .globl  stack_top
stack_top:

        .section .note.GNU-stack, "", @progbits
