// SPDX-License-Identifier: MIT
// The engine that evaluates the description itself, instruction by instruction: slow, and what the
// fast ones are compared with.
#ifndef TRAPEZE_VMM_HOST_REFERENCE_H
#define TRAPEZE_VMM_HOST_REFERENCE_H

#include "vmm/core/vm.h"
#include "vmm/machine/hardware.h"

extern const struct engine engine_reference;

// The interpreter routines that the description gives, evaluated: vm.interpret and vm.emulate of a
// virtual machine that follows another description than the one it was generated from.
struct run_result reference_interpret(struct vm *v, uint64_t target);
struct run_result reference_emulate(struct vm *v, const struct pg32_insn *i);

// What machine_reset does to the processor, but evaluated, like the engine.
void reference_reset(struct machine *m, uint32_t entry);

#endif
