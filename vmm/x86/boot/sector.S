// SPDX-License-Identifier: MIT
// The boot sector: loads an image, the monitor's or another one, from the disk to where it is
// linked, and enters it as a multiboot loader would. On the disk, as tools/vtx writes it: this
// sector; two sectors with the command line and the modules' texts (each ends with a zero byte), at
// 0x300 the number of sectors of modules, the number of modules, and from 0x310 a struct
// multiboot_module for each; the image; the modules, each from a sector of its own on, that go to
// bss_end and behind. image_start, image_sectors, entry and bss_end
// are the image's symbols.

        .set    buffer, 0x10000         // where the BIOS reads to, a track at most
        .set    command_line, 0x8000
        .set    module_sectors, command_line + 0x300
        .set    module_count, command_line + 0x304
        .set    modules, command_line + 0x310
        .set    information, 0x8400     // struct multiboot_information, as boot/multiboot.h has it

        .code16
        .text
        .globl  start
start:
        ljmp    $0, $1f
1:      cli
        xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %es
        mov     %ax, %ss
        mov     $0x7c00, %sp
        sti
        cld
        mov     %dl, drive

        mov     $0x2401, %ax            // the A20 line: by the BIOS
        int     $0x15
        in      $0x92, %al              // and by the chip set
        or      $2, %al
        and     $0xfe, %al
        out     %al, $0x92

        mov     $0xe801, %ax            // memory from 1 MiB: KiB to 16 MiB, 64 KiB blocks above
        int     $0x15
        jc      failed
        movzwl  %ax, %eax
        movzwl  %bx, %ebx
        shl     $6, %ebx
        add     %ebx, %eax
        movl    $13, information        // flags: memory, command line, modules are told
        movl    $640, information + 4
        mov     %eax, information + 8
        movl    $command_line, information + 16

        movl    $command_line, packet_buffer    // sectors 1 and 2, segment 0
        movw    $2, packet_count
        call    read
        movl    $(buffer >> 4) << 16, packet_buffer
        mov     module_count, %eax
        mov     %eax, information + 20
        movl    $modules, information + 24

        mov     $image_start, %edi
        mov     $image_sectors, %ebp
        call    load
        mov     $bss_end, %edi
        mov     module_sectors, %ebp
        call    load

        cli
        lgdt    table
        mov     %cr0, %eax
        or      $1, %al
        mov     %eax, %cr0
        ljmpl   $8, $protected

        .code32
protected:
        mov     $16, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %ss
        mov     $0x2badb002, %eax
        mov     $information, %ebx
        mov     $entry, %ecx
        jmp     *%ecx
        .code16

// EBP sectors to EDI.
load:   test    %ebp, %ebp
        jz      2f
        mov     $64, %eax
        cmp     %eax, %ebp
        jae     1f
        mov     %ebp, %eax
1:      mov     %ax, packet_count
        sub     %eax, %ebp
        push    %eax
        call    read
        call    unreal                  // the BIOS may have loaded segments
        pop     %ecx
        shl     $7, %ecx
        mov     $buffer, %esi
        .byte   0x67                    // 32-bit addresses
        rep movsl
        jmp     load
2:      ret

// Reads the packet's sectors and goes on to the next.
read:   mov     $0x42, %ah
        mov     drive, %dl
        mov     $packet, %si
        int     $0x13
        jc      failed
        movzwl  packet_count, %eax
        add     %eax, packet_sector
        ret

// DS and ES with a limit of 4 GiB, in real mode.
unreal: cli
        lgdt    table
        mov     %cr0, %eax
        or      $1, %al
        mov     %eax, %cr0
        mov     $16, %bx
        mov     %bx, %ds
        mov     %bx, %es
        and     $0xfe, %al
        mov     %eax, %cr0
        xor     %bx, %bx
        mov     %bx, %ds
        mov     %bx, %es
        sti
        ret

failed: mov     $message, %si
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, $0xe9
        mov     $0x0e, %ah
        int     $0x10
        jmp     1b
2:      cli
        hlt
        jmp     2b

message: .asciz "trapeze: the disk cannot be read\r\n"

        .balign 8
gdt:    .quad   0
        .quad   0x00cf9a000000ffff
        .quad   0x00cf92000000ffff
table:  .word   table - gdt - 1
        .long   gdt

        .balign 4
packet: .byte   16, 0
packet_count:   .word 1
packet_buffer:  .long 0
packet_sector:  .long 1, 0
drive:  .byte   0

        .org    510
        .word   0xaa55
