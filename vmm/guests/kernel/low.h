// SPDX-License-Identifier: MIT
// What entry.S and the C part of the kernel must agree on.
#ifndef TRAPEZE_VMM_GUESTS_KERNEL_LOW_H
#define TRAPEZE_VMM_GUESTS_KERNEL_LOW_H

#include "vmm/guests/psw.h"

// The save area: the current task's registers (x[0] has a place too), and two words of entry.S's.
#define LOW_X(n) (LOW_SAVE + 4 * (n))
#define LOW_SCRATCH 0xb0
#define LOW_LEFT 0xb4

// While the kernel runs, the timer counts down from here, far from 0: that is how it knows its own
// time. entry.S spends START_TICKS from reset until then, TRAP_TICKS from a trap until then;
// RESUME_TICKS from reading the timer for the last time to the task's first instruction, the last
// RESTORE_TICKS of these after it has set the timer for the task.
#define LONG 0x7fffffff
#define START_TICKS 3
#define TRAP_TICKS 39
#define RESUME_TICKS 36
#define RESTORE_TICKS 32

#endif
