// SPDX-License-Identifier: MIT
// HLT: row `hlt` of x86-32.isa.

#include "vmm/x86/cpu.h"
#include "vmm/x86/exits/routines.h"
#include "vmm/x86/vmx.h"

// v_hlt: the virtual machine waits for an interrupt. With interrupts off none will come, which is
// how a guest ends; where there are no devices, none comes that does not wait already.
enum vm_end v_hlt(struct vm *v)
{
    vm_advance(v);
    if (!(vmcs_read(GUEST_RFLAGS) & FLAG_IF)) return VM_HALTED;
    if (vm_interrupt_waits(v)) return VM_RUNS;
    if (v->board == NULL) return VM_IDLE;
    v->waiting = v->turn_over = true;
    return VM_RUNS;
}
