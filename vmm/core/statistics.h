// SPDX-License-Identifier: MIT
// What a monitor counts while it runs a virtual machine: who executed the instructions, what came
// to the dispatcher, and whether the guest touched a resource of the host's.
#ifndef TRAPEZE_VMM_CORE_STATISTICS_H
#define TRAPEZE_VMM_CORE_STATISTICS_H

#include "vmm/core/machine.h"

// Which resource of the host was found different from what the allocator had set.
enum control {
    CONTROL_MODE,
    CONTROL_RELOCATION, // R
    CONTROL_INTERRUPTS, // IE
    CONTROL_TIMER,      // T or pending: not what was set less what was executed
    CONTROL_DEVICES,    // a port of the host's was used
    CONTROL_PROCESSOR,  // the host was stopped, or idle passed its time
    CONTROLS,
};

extern const char *const control_names[CONTROLS];

struct vm_statistics {
    uint64_t direct;             // instructions that the host executed
    uint64_t interpreted;        // in software, one after the other
    uint64_t emulated[PG32_ops]; // by an interpreter routine after a trap
    uint64_t traps[PG32_traps];  // of the host's that the dispatcher got, by cause
    uint64_t violations[CONTROLS];
};

uint64_t vm_emulated(const struct vm_statistics *s);
uint64_t vm_traps(const struct vm_statistics *s);
uint64_t vm_violations(const struct vm_statistics *s);

#endif
