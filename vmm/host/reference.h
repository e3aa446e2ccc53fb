// SPDX-License-Identifier: MIT
// The engine that evaluates the description itself, instruction by instruction: slow, and what the
// fast ones are compared with.
#ifndef TRAPEZE_VMM_HOST_REFERENCE_H
#define TRAPEZE_VMM_HOST_REFERENCE_H

#include "vmm/core/vm.h"
#include "vmm/machine/hardware.h"

extern const struct engine engine_reference;

// Gives *v the interpreter routines that the description gives, evaluated: for a virtual machine
// that follows another description than the one it was generated from.
void reference_routines(struct vm *v);

// What machine_reset does to the processor, but evaluated, like the engine.
void reference_reset(struct machine *m, uint32_t entry);

#endif
