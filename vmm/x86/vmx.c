// SPDX-License-Identifier: MIT
// VMX operation: VMXON, VMCLEAR, VMPTRLD, INVEPT (SDM 3C, 30.3).

#include "vmm/x86/vmx.h"

#include "vmm/x86/cpu.h"
#include "vmm/x86/traps.h"

static uint32_t *region(void)
{
    static uint32_t frame[1024] __attribute__((aligned(4096)));
    return frame;
}

static uint32_t revision;

void vmx_open(const struct capabilities *c)
{
    uint8_t failed;
    uint64_t at = (uint64_t)region();

    revision = c->basic & 0x7fffffff;
    region()[0] = revision;
    write_cr0((read_cr0() | c->cr0_fixed0) & c->cr0_fixed1);
    // XSAVE where there is one: guests' extended states are swapped by it.
    const uint64_t xsave = cpuid(1, 0).ecx & 1 << 26 ? CR4_OSXSAVE : 0;
    write_cr4((read_cr4() | CR4_OSFXSR | CR4_VMXE | xsave | c->cr4_fixed0) & c->cr4_fixed1);
    __asm__ volatile("vmxon %1; setbe %0" : "=rm"(failed) : "m"(at) : "cc", "memory");
    if (failed) panic("VMXON failed");
}

uint32_t vmx_revision(void)
{
    return revision;
}

void vmx_clear(void *vmcs)
{
    uint8_t failed;
    uint64_t at = (uint64_t)vmcs;

    __asm__ volatile("vmclear %1; setbe %0" : "=rm"(failed) : "m"(at) : "cc", "memory");
    if (failed) panic("VMCLEAR of %lx failed", at);
}

void vmx_load(void *vmcs)
{
    uint8_t failed;
    uint64_t at = (uint64_t)vmcs;

    __asm__ volatile("vmptrld %1; setbe %0" : "=rm"(failed) : "m"(at) : "cc", "memory");
    if (failed) panic("VMPTRLD of %lx failed", at);
}

void vmx_invalidate(void)
{
    const uint64_t none[2] = {0, 0};
    const uint64_t all_contexts = 2;
    uint8_t failed;

    __asm__ volatile("invept %1, %2; setbe %0"
                     : "=rm"(failed)
                     : "m"(none), "r"(all_contexts)
                     : "cc", "memory");
    if (failed) panic("INVEPT failed");
}

void vmcs_write_failed(enum vmcs_field field, uint64_t value)
{
    panic("VMWRITE of %lx to %s (%x) failed, error %lu", value, vmcs_name(field), field,
          vmcs_read(INSTRUCTION_ERROR));
}

void vmcs_read_all(struct vmcs_image *v)
{
    *v = (struct vmcs_image){0};
    for (size_t i = 0; i < vmcs_names_count; i++) {
        const enum vmcs_field f = vmcs_names[i].field;
        uint64_t value;
        uint8_t failed;
        __asm__ volatile("vmread %2, %0; setbe %1"
                         : "=r"(value), "=rm"(failed)
                         : "r"((uint64_t)f)
                         : "cc");
        *vmcs_slot(v, f) = failed ? 0 : value;
    }
}
