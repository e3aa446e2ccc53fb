// SPDX-License-Identifier: MIT
// Shows a guest under the monitor, and what it exited for.
#ifndef TRAPEZE_VMM_X86_DEMO_H
#define TRAPEZE_VMM_X86_DEMO_H

#include "vmm/x86/controls.h"

// Runs the guest `tour` to its end. Whether it halted as it should.
bool demo_run(const struct capabilities *c);

#endif
