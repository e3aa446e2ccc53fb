// SPDX-License-Identifier: MIT
// P&G's dispatcher D: what is done about each trap of the host's.
#ifndef TRAPEZE_VMM_DESCRIBED_DISPATCHER_H
#define TRAPEZE_VMM_DESCRIBED_DISPATCHER_H

#include "vmm/described/vm.h"

// `trap` is what the host raised (RUN_TRAP) while v's guest ran on it, whose virtual state is that
// of before the trap. RUN_LIMIT: the instruction has been emulated and has completed. RUN_TRAP: a
// trap of the virtual machine's, not yet delivered. Else the guest has stopped its machine.
struct described_result described_dispatch(struct described_vm *v, struct described_result trap);

#endif
