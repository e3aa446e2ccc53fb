// SPDX-License-Identifier: MIT
// Virtual machines that share the processor: turns, measured by the VMX-preemption timer.
#ifndef TRAPEZE_VMM_X86_SCHEDULER_H
#define TRAPEZE_VMM_X86_SCHEDULER_H

#include "vmm/x86/vm.h"

enum { SCHEDULED = 4 };

struct scheduler {
    struct vm *vms[SCHEDULED];
    unsigned count;
    uint64_t slice;         // of a turn, in ticks of the processor's time-stamp counter
    uint64_t longest_sleep; // likewise, where all wait and nothing is to come
};

// Whether the processor has the timer; without it a guest that never exits keeps the processor.
bool scheduler_possible(const struct capabilities *c);

// Adds a virtual machine. There must be room; its VMCS becomes the current one.
void scheduler_add(struct scheduler *s, struct vm *v);

// A turn for each that has not ended and does not wait for an interrupt; where all wait, a sleep.
// Whether any has not ended.
bool scheduler_round(const struct scheduler *s);

#endif
