// SPDX-License-Identifier: MIT
// P&G's dispatcher D: what is done about each exit.
#ifndef TRAPEZE_VMM_X86_DISPATCHER_H
#define TRAPEZE_VMM_X86_DISPATCHER_H

#include "vmm/x86/vm.h"

// v, whose VMCS is current, has exited: the exit's routine does what the guest wanted, or ends it.
enum vm_end dispatch(struct vm *v);

// VM entry failed with `how` as vmx_enter says it: prints why, as far as the doctor finds it.
enum vm_end entry_failed(struct vm *v, unsigned how);

// Before v's first entry: VM_RUNS where the doctor finds nothing; else prints what it finds, and v
// has failed.
enum vm_end entry_examine(struct vm *v);

// The exit reason's name in lower case; "unknown" for others.
const char *exit_name(unsigned reason);

// "cpuid:1,hlt:1": what v has exited for and how often, in the order of the reasons' numbers.
void exits_text(const struct vm *v, char *to, unsigned room);

#endif
