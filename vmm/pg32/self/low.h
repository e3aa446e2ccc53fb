// SPDX-License-Identifier: MIT
// The self-hosted monitor's low memory, and the ticks that entry.S spends: what entry.S and
// hardware.c must agree on.
#ifndef TRAPEZE_VMM_PG32_SELF_LOW_H
#define TRAPEZE_VMM_PG32_SELF_LOW_H

#include "vmm/guests/psw.h"

// The save area: the guest's registers (x[0] has a place too) and the monitor's stack pointer.
#define LOW_X(n) (LOW_SAVE + 4 * (n))
#define LOW_STACK 0xb0

// Instructions from setting the timer to the guest's first one: the registers and lpsw.
#define LEAVE_TICKS 32

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

#include "vmm/guests/pg32.h"

// Low memory as the machine and entry.S use it. The linker puts it at 0.
struct low {
    struct psw old;       // what a trap stored, and what lpsw (zero) loads
    uint32_t information; // of the trap
    uint32_t T;           // at the trap
    uint32_t unused[2];
    struct psw new; // what a trap loads
    uint32_t x[32];
    uint32_t stack;
};

extern volatile struct low low;

_Static_assert(offsetof(struct low, new) == LOW_NEW, "struct low is low memory");
_Static_assert(offsetof(struct low, x) == LOW_X(0), "struct low is low memory");
_Static_assert(offsetof(struct low, stack) == LOW_STACK, "struct low is low memory");
#endif

#endif
