// SPDX-License-Identifier: MIT
// The kernel's assembly: where it starts, where traps enter and leave, and the one routine that
// reaches a task's memory.
#include "vmm/guests/kernel/low.h"
    .include "pg32.inc"
    .option norelax                 // ticks are counted below

    .section .text.start, "ax"
    .globl start
start:
    li t0, LONG
    stm t0
start_ticks:
    la sp, stack_top
    call main

// Every trap comes here, with the kernel's R, in supervisor mode and without interrupts. The
// registers are still the task's: x0-relative stores save them. A trap in the kernel itself is told
// by the old status word and must not overwrite the task's registers.
    .globl trap
trap:
    sw t0, LOW_SCRATCH(zero)
    lw t0, LOW_STATUS(zero)
    andi t0, t0, PSW_USER
    beqz t0, kernel_trap
from_task:                          # 4 ticks so far
    lw t0, LOW_SCRATCH(zero)
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sw x\n, LOW_X(\n)(zero)
    .endr
    li t0, LONG
    stm t0
trap_ticks:
    la sp, stack_top
    call task_trap

// Go on with the task whose registers and PSW are in low memory, for a0 instructions.
    .globl resume
resume:
    rtm a1
    sw a1, LOW_LEFT(zero)
    addi a0, a0, RESTORE_TICKS
    stm a0
resume_stm:
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    lw x\n, LOW_X(\n)(zero)
    .endr
    lpsw (zero)
resume_end:

    // the distances, as low.h has them
    .if start_ticks - start != 4 * START_TICKS || trap_ticks - from_task != 4 * (TRAP_TICKS - 4)
    .error "low.h: START_TICKS, TRAP_TICKS"
    .endif
    .if resume_end - resume != 4 * RESUME_TICKS || resume_end - resume_stm != 4 * RESTORE_TICKS
    .error "low.h: RESUME_TICKS, RESTORE_TICKS"
    .endif

// int copy(void *to, const void *from, uint32_t n, uint32_t top)
// Copies bytes between the kernel and a task, under R = (0, top): `top` is where the task's memory
// ends, so the hardware stops a copy that would go further. The kernel lies at 0, below every task,
// so this code can still be fetched. 0; -1 if it was stopped, with some bytes copied.
    .globl copy
copy:
    lrb zero, a3
1:  beqz a2, 2f
    lbu t0, 0(a1)
    sb t0, 0(a0)
    addi a0, a0, 1
    addi a1, a1, 1
    addi a2, a2, -1
    j 1b
2:  la t0, kernel_end
    lrb zero, t0
    li a0, 0
    ret
copy_end:

// The only trap that the kernel expects of itself: `copy` was stopped by the bound. The trap has
// already put the kernel's R back, so return from copy. Anything else is a mistake of ours.
kernel_trap:
    lw t0, LOW_P(zero)
    la t1, copy
    bltu t0, t1, 1f
    la t1, copy_end
    bgeu t0, t1, 1f
    lw t0, LOW_STATUS(zero)
    srli t0, t0, PSW_CAUSE_SHIFT
    bnez t0, 1f                     // CAUSE_MEMORY is 0
    li a0, -1
    ret
1:  la sp, stack_top
    j panic
