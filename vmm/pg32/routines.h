// SPDX-License-Identifier: MIT
// P&G's interpreter routines v_i: each does to a virtual processor what its instruction does to a
// real one. There are two tables of them, which a test holds against each other.
#ifndef TRAPEZE_VMM_PG32_ROUTINES_H
#define TRAPEZE_VMM_PG32_ROUTINES_H

#include "vmm/core/machine.h"

// Executes `i`, which is at s->P, on the virtual processor `s` of a machine in supervisor mode, the
// timer's tick included. PG32_NEXT: P is the next instruction's. PG32_TRAP: nothing has changed but
// s->cause and s->value. PG32_STOP, PG32_WAIT: as pg32_exec_NAME, P not advanced.
typedef enum pg32_outcome routine(struct pg32 *s, const struct pg32_insn *i);

// By enum pg32_op. By hand: the privileged instructions, null for the others. Derived: every
// instruction, from its description.
extern routine *const routines_by_hand[PG32_ops];
extern routine *const routines_derived[PG32_ops];

#endif
