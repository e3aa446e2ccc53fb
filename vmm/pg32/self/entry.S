// SPDX-License-Identifier: MIT
// The self-hosted monitor's assembly: where it starts, how it leaves for the guest, and where the
// guest's traps enter. The entry needs no scratch register: x0-relative stores reach the save area,
// and `lpsw (zero)` leaves through the PSW at 0.
#include "vmm/pg32/self/low.h"
    .include "pg32.inc"
    .option norelax                 // ticks are counted below

    .section .text.start, "ax"
    .globl start
start:
    la sp, stack_top
    call main
    halt a0

// void leave(uint32_t T): to the guest whose registers and PSW are in low memory, with its host's
// timer at T when its first instruction begins. Comes back when it traps.
    .globl leave
leave:
    addi sp, sp, -64
    .set at, 0
    .irp n, 1,8,9,18,19,20,21,22,23,24,25,26,27
    sw x\n, at(sp)
    .set at, at + 4
    .endr
    sw sp, LOW_STACK(zero)
    addi a0, a0, LEAVE_TICKS
    stm a0
leave_stm:
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    lw x\n, LOW_X(\n)(zero)
    .endr
    lpsw (zero)
leave_end:
    .if leave_end - leave_stm != 4 * LEAVE_TICKS
    .error "low.h: LEAVE_TICKS"
    .endif

// Every trap comes here, in supervisor mode, with R as from reset and without interrupts; the
// registers are the guest's. A trap in the monitor itself would be a mistake of ours: the old
// status word tells.
    .globl trap
trap:
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sw x\n, LOW_X(\n)(zero)
    .endr
    lw t0, LOW_STATUS(zero)
    andi t0, t0, PSW_USER
    beqz t0, lost
    lw sp, LOW_STACK(zero)
    .set at, 0
    .irp n, 1,8,9,18,19,20,21,22,23,24,25,26,27
    lw x\n, at(sp)
    .set at, at + 4
    .endr
    addi sp, sp, 64
    ret

lost:
    la sp, stack_top
    j panic
