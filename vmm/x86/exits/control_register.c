// SPDX-License-Identifier: MIT
// MOV to CR0 and CR4 where they change bits that the monitor owns, and MOV with CR8: rows
// `mov_to_cr` and `mov_from_cr` of x86-32.isa. CLTS and LMSW (rows `clts`, `lmsw`) touch no such
// bit and do not exit, nor does SMSW: it reads the shadow.

#include "vmm/x86/allocator.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/exits/routines.h"
#include "vmm/x86/vmx.h"

// The exit qualification (SDM 3C, table 27-3).
enum { ACCESS_MOV_TO = 0, ACCESS_MOV_FROM = 1 };

// The four entries that PAE paging keeps in the processor (SDM 3A, 4.4.1).
static bool load_pdptes(const struct vm *v, uint64_t cr3)
{
    const uint64_t reserved = UINT64_C(0x1e6) | ~UINT64_C(0) << v->capabilities->address_bits;
    const uint64_t *p = allocator_memory(v, cr3 & 0xffffffe0, 4 * sizeof *p);

    if (p == NULL) return false;
    for (unsigned i = 0; i < 4; i++)
        if (p[i] & 1 && p[i] & reserved) return false;
    for (unsigned i = 0; i < 4; i++) vmcs_write((enum vmcs_field)(GUEST_PDPTE0 + 2 * i), p[i]);
    return true;
}

static bool change_cr0(struct vm *v, uint64_t value)
{
    const uint64_t old = vmcs_read(GUEST_CR0);
    uint64_t efer = vmcs_read(GUEST_EFER);
    const uint64_t cr4 = vmcs_read(GUEST_CR4);
    const bool code_64 = vmcs_read(GUEST_CS_RIGHTS) & RIGHTS_L;

    if (value >> 32 || (value & CR0_PG && !(value & CR0_PE)) ||
        (value & CR0_NW && !(value & CR0_CD)))
        return false;
    if (value & ~old & CR0_PG && efer & EFER_LME) {
        if (!(cr4 & CR4_PAE) || code_64) return false;
        efer |= EFER_LMA;
    } else if (old & ~value & CR0_PG && efer & EFER_LMA) {
        if (code_64 || cr4 & CR4_PCIDE) return false;
        efer &= ~(uint64_t)EFER_LMA;
    } else if (old & ~value & CR0_PG && cr4 & CR4_PCIDE) {
        return false;
    }
    if (value & CR0_PG && cr4 & CR4_PAE && !(efer & EFER_LMA) &&
        !load_pdptes(v, vmcs_read(GUEST_CR3)))
        return false;
    const uint64_t entry = vmcs_read(ENTRY_CONTROLS) & ~(uint64_t)ENTRY_GUEST_64;
    vmcs_write(ENTRY_CONTROLS, efer & EFER_LMA ? entry | ENTRY_GUEST_64 : entry);
    vmcs_write(GUEST_EFER, efer);
    vmcs_write(GUEST_CR0, (value & ~(uint64_t)(CR0_CD | CR0_NW)) | CR0_NE | CR0_ET);
    vmcs_write(CR0_SHADOW, value | CR0_ET);
    return true;
}

// v_control_register: the virtual CR0, CR4 or CR8 := a register, or a register := CR8
enum vm_end v_control_register(struct vm *v)
{
    const uint64_t q = vmcs_read(EXIT_QUALIFICATION);
    const unsigned number = q & 15, access = q >> 4 & 3;
    const enum general reg = q >> 8 & 15;
    const uint64_t value = reg == RSP ? vmcs_read(GUEST_RSP) : v->g.r[reg];

    if (access == ACCESS_MOV_TO && number == 0) {
        const bool wide = vmcs_read(GUEST_CS_RIGHTS) & RIGHTS_L;
        if (!change_cr0(v, wide ? value : (uint32_t)value)) return vm_fault(v);
    } else if (access == ACCESS_MOV_TO && number == 4) {
        return vm_fault(v); // it exits only for a bit that this machine does not have
    } else if (access == ACCESS_MOV_TO && number == 8) {
        if (value >> 4) return vm_fault(v);
        v->cr8 = value;
    } else if (access == ACCESS_MOV_FROM && number == 8) {
        if (reg == RSP)
            vmcs_write(GUEST_RSP, v->cr8);
        else
            v->g.r[reg] = v->cr8;
    } else {
        return VM_UNHANDLED;
    }
    vm_advance(v);
    return VM_RUNS;
}
