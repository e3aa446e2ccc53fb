// SPDX-License-Identifier: MIT
// The way into a guest on the bare machine and out of it: system-management mode. An SMI puts all
// of a processor's state but the floating-point unit's, debug registers and MSRs into memory, and
// RSM loads it from there: both in any mode, and unseen by what was interrupted (SDM 3C, 34). So
// one that exchanges the state saved with another one changes from a program to the other.

        .set    save_area, 0xafe00      // SMBASE 0xa0000, where the firmware puts it; bare/smm.h
        .set    save_words, 0x200 / 4

        .section .rodata
        .globl  smm_start, smm_end
        .code16
smm_start:                              // at SMBASE + 0x8000; segments at 0, with a limit of 4 GiB
        mov     $smm_other, %esi
        mov     $save_area, %edi
        mov     $save_words, %ecx
1:      mov     (%esi), %eax
        xchg    %eax, (%edi)
        mov     %eax, (%esi)
        add     $4, %esi
        add     $4, %edi
        dec     %ecx
        jnz     1b
        mov     $smm_count, %esi
        incl    (%esi)
        rsm
smm_end:

        .section .note.GNU-stack, "", @progbits
