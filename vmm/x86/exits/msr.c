// SPDX-License-Identifier: MIT
// RDMSR and WRMSR of what the MSR bitmap does not let through: rows `rdmsr` and `wrmsr` of
// x86-32.isa. A number that this machine does not have is a general-protection fault.

#include "vmm/x86/cpu.h"
#include "vmm/x86/exits/routines.h"
#include "vmm/x86/vmx.h"

enum {
    EFER_CHANGEABLE = EFER_SCE | EFER_LME | EFER_NXE,
    MTRR_COUNT = MTRR_VARIABLE / 2,
    MTRR_HAS_FIXED = 1 << 8,
    MTRR_HAS_WRITE_COMBINING = 1 << 10,
};

// The fixed-range MTRRs' numbers, in the order of vm.mtrr_fixed.
static const uint32_t fixed_ranges[MTRR_FIXED] = {0x250, 0x258, 0x259, 0x268, 0x269, 0x26a,
                                                  0x26b, 0x26c, 0x26d, 0x26e, 0x26f};

// The monitor keeps MTRRs for the guest to read again; EPT says what memory is like.
static uint64_t *mtrr(struct vm *v, uint32_t number)
{
    if (number == MSR_MTRR_DEFAULT) return &v->mtrr_default;
    if (number >= MSR_MTRR_FIRST_VARIABLE && number <= MSR_MTRR_LAST_VARIABLE)
        return &v->mtrr_variable[number - MSR_MTRR_FIRST_VARIABLE];
    for (unsigned i = 0; i < MTRR_FIXED; i++)
        if (fixed_ranges[i] == number) return &v->mtrr_fixed[i];
    return NULL;
}

// v_rdmsr: edx:eax := the virtual MSR ecx
enum vm_end v_rdmsr(struct vm *v)
{
    const uint32_t number = (uint32_t)v->g.r[RCX];
    const uint64_t *kept = mtrr(v, number);
    uint64_t value;

    if (kept != NULL) {
        value = *kept;
    } else {
        switch (number) {
        case MSR_APIC_BASE: value = v->apic_base; break;
        case MSR_MICROCODE: value = 0; break;
        case MSR_MISC_ENABLE: value = v->misc_enable; break;
        case MSR_MTRR_CAPABILITIES:
            value = MTRR_COUNT | MTRR_HAS_FIXED | MTRR_HAS_WRITE_COMBINING;
            break;
        case MSR_TSC_AUX:
            if (!(v->processor2_controls & PROCESSOR2_RDTSCP)) return vm_fault(v);
            value = rdmsr(MSR_TSC_AUX); // this VM's, while it is loaded
            break;
        default: return vm_fault(v);
        }
    }
    v->g.r[RAX] = (uint32_t)value;
    v->g.r[RDX] = value >> 32;
    vm_advance(v);
    return VM_RUNS;
}

// EFER.LME cannot change while paging is on, and LMA not at all (SDM 3A, 2.2.1).
static bool write_efer(uint64_t value)
{
    const uint64_t old = vmcs_read(GUEST_EFER);

    if (value & ~(uint64_t)(EFER_CHANGEABLE | EFER_LMA)) return false;
    if ((value ^ old) & EFER_LME && vmcs_read(GUEST_CR0) & CR0_PG) return false;
    vmcs_write(GUEST_EFER, (value & EFER_CHANGEABLE) | (old & EFER_LMA));
    return true;
}

// v_wrmsr: the virtual MSR ecx := edx:eax
enum vm_end v_wrmsr(struct vm *v)
{
    const uint32_t number = (uint32_t)v->g.r[RCX];
    const uint64_t value = v->g.r[RDX] << 32 | (uint32_t)v->g.r[RAX];
    uint64_t *kept = mtrr(v, number);

    if (kept != NULL) {
        *kept = value;
    } else {
        switch (number) {
        case MSR_EFER:
            if (!write_efer(value)) return vm_fault(v);
            break;
        case MSR_TSC: vm_set_offset(v, value - rdtsc()); break;
        case MSR_MISC_ENABLE:
            if ((value ^ v->misc_enable) & ~(uint64_t)MISC_FAST_STRINGS) return vm_fault(v);
            v->misc_enable = value;
            break;
        case MSR_MICROCODE: break; // loads microcode: none is taken
        case MSR_TSC_AUX:
            if (!(v->processor2_controls & PROCESSOR2_RDTSCP) || value >> 32) return vm_fault(v);
            wrmsr(MSR_TSC_AUX, value);
            break;
        default: return vm_fault(v);
        }
    }
    vm_advance(v);
    return VM_RUNS;
}
