// SPDX-License-Identifier: MIT
// P&G's interpreter routines v_i, derived: the routine of an instruction is what the description
// says of it, evaluated on the virtual state. (By hand, for PG32: vmm/pg32/routines.h.)
#ifndef TRAPEZE_VMM_DESCRIBED_ROUTINES_H
#define TRAPEZE_VMM_DESCRIBED_ROUTINES_H

#include "vmm/described/vm.h"

// The instruction at the virtual counter, after it has trapped on the host: RUN_LIMIT, it has
// completed; RUN_TRAP, it traps on the virtual machine; or a stop.
struct described_result described_routine(struct described_vm *v);

// The next step of the virtual machine in software: an interrupt (RUN_TRAP) or an instruction.
struct described_result described_interpret(struct described_vm *v);

#endif
