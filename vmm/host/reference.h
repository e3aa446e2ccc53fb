// SPDX-License-Identifier: MIT
// The engine that evaluates the description itself, instruction by instruction: slow, and what the
// fast ones are compared with.
#ifndef TRAPEZE_VMM_HOST_REFERENCE_H
#define TRAPEZE_VMM_HOST_REFERENCE_H

#include "vmm/machine/hardware.h"

extern const struct engine engine_reference;

// What machine_reset does to the processor, but evaluated, like the engine.
void reference_reset(struct machine *m, uint32_t entry);

#endif
