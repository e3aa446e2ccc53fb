// SPDX-License-Identifier: MIT
// Executing a guest in software, instruction by instruction, without the host's help.
#ifndef TRAPEZE_VMM_PG32_INTERPRET_H
#define TRAPEZE_VMM_PG32_INTERPRET_H

#include "vmm/core/vm.h"

// Executes on the virtual state until a trap, a stop, the m.completed of `target`, or (RUN_LIMIT
// too) a virtual mode in which the monitor lets the host execute.
struct run_result interpret(struct vm *v, uint64_t target);

#endif
