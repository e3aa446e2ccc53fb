// SPDX-License-Identifier: MIT
// HLT: row `hlt` of x86-32.isa.

#include "vmm/x86/cpu.h"
#include "vmm/x86/exits/routines.h"
#include "vmm/x86/vmx.h"

// v_hlt: the virtual machine waits for an interrupt. With interrupts off none will come, which is
// how a guest ends. No device sends any by itself so far: what does not wait already never comes.
enum vm_end v_hlt(struct vm *v)
{
    vm_advance(v);
    if (!(vmcs_read(GUEST_RFLAGS) & FLAG_IF)) return VM_HALTED;
    return v->pending[0] | v->pending[1] | v->pending[2] | v->pending[3] ? VM_RUNS : VM_IDLE;
}
