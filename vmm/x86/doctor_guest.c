// SPDX-License-Identifier: MIT
// The VM-entry doctor's checks on guest state, except segments (SDM 3C, 26.3.1.1, 26.3.1.4 to
// 26.3.1.6).

#include "vmm/x86/cpu.h"
#include "vmm/x86/doctor_checks.h"

enum {
    DEBUGCTL_DEFINED = 0xdfc3, // LBR, BTF, TR to FREEZE_PERFMON_ON_PMI, the two behind bit 13
    DEBUGCTL_BTF = 1 << 1,
    EFER_DEFINED = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE,
    BLOCKED_STI = 1 << 0,
    BLOCKED_MOV_SS = 1 << 1,
    BLOCKED_SMI = 1 << 2,
    BLOCKED_NMI = 1 << 3,
    PENDING_STEP = 1 << 14,
};
enum { ACTIVE, ACTIVITY_HLT, ACTIVITY_SHUTDOWN, ACTIVITY_WAIT_FOR_SIPI };
enum { TYPE_INTERRUPT = 0, TYPE_NMI = 2, TYPE_EXCEPTION = 3, TYPE_OTHER = 7, NO_EVENT = 8 };

static unsigned event_type(const struct patient *p)
{
    const uint64_t event = value_of(p, ENTRY_EVENT);
    return event >> 31 & 1 ? event >> 8 & 7 : NO_EVENT;
}

static void control_registers(struct patient *p)
{
    const bool guest_64 = is_on(p, ENTRY, ENTRY_GUEST_64);
    const uint64_t cr0 = value_of(p, GUEST_CR0), cr4 = value_of(p, GUEST_CR4);
    uint64_t fixed0 = p->c->cr0_fixed0;

    if (is_on(p, PROCESSOR2, PROCESSOR2_UNRESTRICTED)) fixed0 &= ~(CR0_PG | CR0_PE);
    // CD and NW are not looked at.
    must_be_zero(p, GUEST_CR0,
                 ((fixed0 & ~cr0) | (cr0 & ~p->c->cr0_fixed1)) & ~(uint64_t)(CR0_CD | CR0_NW),
                 "these bits are not as VMX operation fixes them");
    must(p, !(cr0 & CR0_PG) || cr0 & CR0_PE, GUEST_CR0, "PG needs PE");
    must_be_zero(p, GUEST_CR4, (p->c->cr4_fixed0 & ~cr4) | (cr4 & ~p->c->cr4_fixed1),
                 "these bits are not as VMX operation fixes them");
    must(p, !(cr4 & CR4_CET) || cr0 & CR0_WP, GUEST_CR4, "CET needs CR0.WP");
    if (guest_64) {
        must(p, cr0 & CR0_PG, GUEST_CR0, "'IA-32e mode guest' needs PG");
        must(p, cr4 & CR4_PAE, GUEST_CR4, "'IA-32e mode guest' needs PAE");
    } else {
        must(p, !(cr4 & CR4_PCIDE), GUEST_CR4, "PCIDE must be 0 without 'IA-32e mode guest'");
    }
    must_be_zero(p, GUEST_CR3, beyond_width(p, value_of(p, GUEST_CR3)),
                 "must not exceed the physical-address width");
}

static void model_specific_registers(struct patient *p)
{
    const uint64_t lma = is_on(p, ENTRY, ENTRY_GUEST_64) ? EFER_LMA : 0;

    if (is_on(p, ENTRY, ENTRY_LOAD_DEBUG)) {
        must_be_zero(p, GUEST_DEBUGCTL, value_of(p, GUEST_DEBUGCTL) & ~(uint64_t)DEBUGCTL_DEFINED,
                     "reserved bits must be 0");
        must_be_zero(p, GUEST_DR7, value_of(p, GUEST_DR7) >> 32 << 32, "bits 63:32 must be 0");
    }
    must(p, is_canonical(value_of(p, GUEST_SYSENTER_ESP)), GUEST_SYSENTER_ESP, "must be canonical");
    must(p, is_canonical(value_of(p, GUEST_SYSENTER_EIP)), GUEST_SYSENTER_EIP, "must be canonical");
    if (is_on(p, ENTRY, ENTRY_LOAD_PAT))
        must(p, is_pat(value_of(p, GUEST_PAT)), GUEST_PAT, "each byte must be 0, 1, 4, 5, 6 or 7");
    if (is_on(p, ENTRY, ENTRY_LOAD_EFER)) {
        const uint64_t efer = value_of(p, GUEST_EFER);
        must_be_zero(p, GUEST_EFER, efer & ~(uint64_t)EFER_DEFINED, "reserved bits must be 0");
        must_be_zero(p, GUEST_EFER, (efer ^ lma) & EFER_LMA, "LMA must be as 'IA-32e mode guest'");
        if (value_of(p, GUEST_CR0) & CR0_PG)
            must(p, !!(efer & EFER_LME) == !!lma, GUEST_EFER,
                 "with paging on LME must be as 'IA-32e mode guest'");
    }
}

static void pointer_and_flags(struct patient *p)
{
    const bool guest_64 = is_on(p, ENTRY, ENTRY_GUEST_64);
    const uint64_t rip = value_of(p, GUEST_RIP), flags = value_of(p, GUEST_RFLAGS);

    if (guest_64 && value_of(p, GUEST_CS_RIGHTS) & RIGHTS_L)
        must(p, rip >> 48 == 0 || rip >> 48 == 0xffff, GUEST_RIP,
             "bits 63:48 must be alike in 64-bit mode");
    else
        must_be_zero(p, GUEST_RIP, rip >> 32 << 32, "bits 63:32 must be 0 outside 64-bit mode");
    must_be_zero(p, GUEST_RFLAGS, flags & UINT64_C(0xffffffffffc08028), "reserved bits must be 0");
    must(p, flags & FLAG_1, GUEST_RFLAGS, "bit 1 must be 1");
    must(p, !(flags & FLAG_VM) || (!guest_64 && value_of(p, GUEST_CR0) & CR0_PE), GUEST_RFLAGS,
         "VM must be 0 in IA-32e mode and in real mode");
    must(p, event_type(p) != TYPE_INTERRUPT || flags & FLAG_IF, GUEST_RFLAGS,
         "IF must be 1 where an external interrupt is injected");
}

static bool event_allowed(const struct patient *p, uint64_t activity)
{
    const unsigned type = event_type(p), vector = value_of(p, ENTRY_EVENT) & 0xff;

    switch (activity) {
    case ACTIVITY_HLT:
        return type == TYPE_INTERRUPT || type == TYPE_NMI ||
               (type == TYPE_EXCEPTION && (vector == 1 || vector == 18)) ||
               (type == TYPE_OTHER && vector == 0);
    case ACTIVITY_SHUTDOWN: return type == TYPE_NMI || (type == TYPE_EXCEPTION && vector == 18);
    case ACTIVITY_WAIT_FOR_SIPI: return false;
    default: return true;
    }
}

static void activity(struct patient *p)
{
    const uint64_t state = value_of(p, GUEST_ACTIVITY);
    const uint64_t blocked = value_of(p, GUEST_INTERRUPTIBILITY);

    must(p, state <= 3 && (state == ACTIVE || p->c->misc >> (5 + state) & 1), GUEST_ACTIVITY,
         "must be 0 (active), or 1 to 3 where IA32_VMX_MISC offers it");
    must(p, state != ACTIVITY_HLT || (value_of(p, GUEST_SS_RIGHTS) >> 5 & 3) == 0, GUEST_ACTIVITY,
         "must not be 1 (HLT) where SS.DPL is not 0");
    must(p, state == ACTIVE || !(blocked & (BLOCKED_STI | BLOCKED_MOV_SS)), GUEST_ACTIVITY,
         "must be 0 (active) where STI or MOV SS blocks events");
    must(p, event_type(p) == NO_EVENT || event_allowed(p, state), GUEST_ACTIVITY,
         "does not let the injected event in");
}

static void interruptibility(struct patient *p)
{
    const uint64_t blocked = value_of(p, GUEST_INTERRUPTIBILITY);
    const uint64_t flags = value_of(p, GUEST_RFLAGS);
    const unsigned type = event_type(p);
    const enum vmcs_field field = GUEST_INTERRUPTIBILITY;

    must_be_zero(p, field, blocked & 0xffffffe0, "bits 31:5 must be 0");
    must(p, (blocked & 3) != 3, field, "blocking by STI and by MOV SS exclude each other");
    must(p, !(blocked & BLOCKED_STI) || flags & FLAG_IF, field, "blocking by STI needs RFLAGS.IF");
    must(p, type != TYPE_INTERRUPT || !(blocked & 3), field,
         "an external interrupt is injected: nothing may block it");
    must(p, type != TYPE_NMI || !(blocked & BLOCKED_MOV_SS), field,
         "an NMI is injected: MOV SS may not block it");
    must(p, !(blocked & BLOCKED_SMI), field, "blocking by SMI must be 0 outside SMM");
    must(p, type != TYPE_NMI || !is_on(p, PIN, PIN_VIRTUAL_NMI) || !(blocked & BLOCKED_NMI), field,
         "a virtual NMI is injected: blocking by NMI must be 0");
}

static void pending_debug(struct patient *p)
{
    const uint64_t pending = value_of(p, GUEST_PENDING_DEBUG);
    const bool waits = value_of(p, GUEST_INTERRUPTIBILITY) & (BLOCKED_STI | BLOCKED_MOV_SS) ||
                       value_of(p, GUEST_ACTIVITY) == ACTIVITY_HLT;

    must_be_zero(p, GUEST_PENDING_DEBUG, pending & ~UINT64_C(0x1500f), "reserved bits must be 0");
    if (!waits) return;
    const bool steps =
        value_of(p, GUEST_RFLAGS) & FLAG_TF && !(value_of(p, GUEST_DEBUGCTL) & DEBUGCTL_BTF);
    must(p, !!(pending & PENDING_STEP) == steps, GUEST_PENDING_DEBUG,
         "in a shadow or HLT, BS must be 1 if RFLAGS.TF is 1 and DEBUGCTL.BTF is 0, else 0");
}

static void link_pointer(struct patient *p)
{
    if (value_of(p, LINK_POINTER) != UINT64_MAX) must_be_address(p, LINK_POINTER, 4096);
}

static void page_directory_pointers(struct patient *p)
{
    if (!(value_of(p, GUEST_CR0) & CR0_PG) || !(value_of(p, GUEST_CR4) & CR4_PAE) ||
        is_on(p, ENTRY, ENTRY_GUEST_64) || !is_on(p, PROCESSOR2, PROCESSOR2_EPT))
        return;
    for (unsigned i = 0; i < 4; i++) {
        const enum vmcs_field field = (enum vmcs_field)(GUEST_PDPTE0 + 2 * i);
        const uint64_t entry = value_of(p, field);
        if (entry & 1)
            must_be_zero(p, field, (entry & 0x1e6) | beyond_width(p, entry),
                         "reserved bits must be 0 where it is present");
    }
}

void examine_guest(struct patient *p)
{
    p->section = "26.3.1.1";
    control_registers(p);
    model_specific_registers(p);
    examine_segments(p);
    p->section = "26.3.1.4";
    pointer_and_flags(p);
    p->section = "26.3.1.5";
    activity(p);
    interruptibility(p);
    pending_debug(p);
    link_pointer(p);
    p->section = "26.3.1.6";
    page_directory_pointers(p);
}
