// SPDX-License-Identifier: MIT
// P&G's dispatcher D: what is done about each trap of the host's.
#ifndef TRAPEZE_VMM_CORE_DISPATCHER_H
#define TRAPEZE_VMM_CORE_DISPATCHER_H

#include "vmm/core/vm.h"

// `trap` is what the host raised (RUN_TRAP) while v's guest ran on it, whose virtual state is that
// of before the trap. RUN_LIMIT: the instruction has been emulated and has completed. RUN_TRAP: a
// trap of the virtual machine's, not yet delivered. Else the guest has stopped its machine.
struct run_result dispatch(struct vm *v, struct run_result trap);

// What emulating an instruction is by default: its routine on the virtual state.
struct run_result emulate_by_routine(struct vm *v, const struct pg32_insn *i);

#endif
