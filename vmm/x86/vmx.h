// SPDX-License-Identifier: MIT
// The VMX instructions, and VMXON for the processor.
#ifndef TRAPEZE_VMM_X86_VMX_H
#define TRAPEZE_VMM_X86_VMX_H

#include "vmm/x86/controls.h"
#include "vmm/x86/vm.h"
#include "vmm/x86/vmcs.h"

// Enters VMX operation. Once, after the capabilities have been found to suffice.
void vmx_open(const struct capabilities *c);

// VMCLEAR and VMPTRLD. The VMCS is a frame that begins with the revision.
void vmx_clear(void *vmcs);
void vmx_load(void *vmcs);
uint32_t vmx_revision(void);

// Drops what the processor remembers of translations through all EPTs and VPIDs.
void vmx_invalidate(void);

// enter.S: enters the guest until it exits. 0: it exited; 1: there is no current VMCS; 2: the VMCS
// has the error's number in INSTRUCTION_ERROR.
unsigned vmx_enter(struct registers *g, bool launched);

// A field of the current VMCS. The field exists: anything else is the monitor's mistake.
static inline uint64_t vmcs_read(enum vmcs_field field)
{
    uint64_t value;
    __asm__ volatile("vmread %1, %0" : "=r"(value) : "r"((uint64_t)field) : "cc");
    return value;
}
void vmcs_write_failed(enum vmcs_field field, uint64_t value);
static inline void vmcs_write(enum vmcs_field field, uint64_t value)
{
    uint8_t failed;
    __asm__ volatile("vmwrite %1, %2; setbe %0"
                     : "=rm"(failed)
                     : "r"(value), "r"((uint64_t)field)
                     : "cc", "memory");
    if (failed) vmcs_write_failed(field, value);
}

// All fields that there are of the current VMCS, for the doctor.
void vmcs_read_all(struct vmcs_image *v);

#endif
