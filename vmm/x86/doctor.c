// SPDX-License-Identifier: MIT
// The VM-entry doctor: the examination, and the checks on controls and host state (SDM 3C, 26.2).

#include "vmm/x86/doctor_checks.h"

enum {
    CR0_PE_BIT = 1 << 0,
    CR4_PAE_BIT = 1 << 5,
    CR4_PCIDE_BIT = 1 << 17,
    EFER_DEFINED = 1 << 0 | 1 << 8 | 1 << 10 | 1 << 11,
    EFER_LENGTHS = 1 << 8 | 1 << 10,
};

// ------------------------------------------------------------------ findings

static void find(struct patient *p, enum vmcs_field field, uint64_t wrong, const char *rule)
{
    if (p->count < p->room)
        p->found[p->count] = (struct diagnosis){field, value_of(p, field), wrong, rule, p->section};
    p->count++;
}

void must(struct patient *p, bool holds, enum vmcs_field field, const char *rule)
{
    if (!holds) find(p, field, 0, rule);
}

void must_be_zero(struct patient *p, enum vmcs_field field, uint64_t wrong, const char *rule)
{
    if (wrong != 0) find(p, field, wrong, rule);
}

bool is_canonical(uint64_t address)
{
    return address + (UINT64_C(1) << 47) < UINT64_C(1) << 48;
}

bool is_pat(uint64_t pat)
{
    for (; pat != 0; pat >>= 8)
        if ((pat & 0xff) > 7 || (pat & 0xff) == 2 || (pat & 0xff) == 3) return false;
    return true;
}

uint64_t beyond_width(const struct patient *p, uint64_t address)
{
    return address >> p->c->address_bits << p->c->address_bits;
}

void must_be_address(struct patient *p, enum vmcs_field field, uint64_t alignment)
{
    const uint64_t value = value_of(p, field);

    must_be_zero(p, field, value & (alignment - 1), "must be aligned");
    must_be_zero(p, field, beyond_width(p, value), "must not exceed the physical-address width");
}

// ------------------------------------------------------------------ controls

static void reserved_controls(struct patient *p, enum control_word word, enum vmcs_field field)
{
    const uint64_t value = p->words[word];
    const uint64_t must_be = p->c->words[word] & UINT32_MAX, may_be = p->c->words[word] >> 32;

    must_be_zero(p, field, must_be & ~value, "these bits must be 1 on this processor");
    must_be_zero(p, field, value & ~may_be, "these bits must be 0 on this processor");
}

static void execution_controls(struct patient *p)
{
    p->section = "26.2.1.1";
    reserved_controls(p, PIN, PIN_CONTROLS);
    reserved_controls(p, PROCESSOR, PROCESSOR_CONTROLS);
    if (is_on(p, PROCESSOR, PROCESSOR_SECONDARY))
        reserved_controls(p, PROCESSOR2, PROCESSOR2_CONTROLS);
    must(p, value_of(p, CR3_TARGET_COUNT) <= (p->c->misc >> 16 & 0x1ff), CR3_TARGET_COUNT,
         "must not exceed what IA32_VMX_MISC says, 4 as a rule");
    if (is_on(p, PROCESSOR, PROCESSOR_IO_BITMAPS)) {
        must_be_address(p, IO_BITMAP_A, 4096);
        must_be_address(p, IO_BITMAP_B, 4096);
    }
    if (is_on(p, PROCESSOR, PROCESSOR_MSR_BITMAPS)) must_be_address(p, MSR_BITMAP, 4096);
    if (is_on(p, PROCESSOR, PROCESSOR_TPR_SHADOW)) {
        must_be_address(p, VIRTUAL_APIC, 4096);
        if (!is_on(p, PROCESSOR2, PROCESSOR2_VIRTUAL_INTERRUPTS))
            must_be_zero(p, TPR_THRESHOLD, value_of(p, TPR_THRESHOLD) & 0xfffffff0,
                         "bits 31:4 must be 0");
    } else {
        must_be_zero(p, PROCESSOR2_CONTROLS,
                     p->words[PROCESSOR2] & (PROCESSOR2_X2APIC | PROCESSOR2_APIC_REGISTERS |
                                             PROCESSOR2_VIRTUAL_INTERRUPTS),
                     "without 'use TPR shadow' these must be 0");
    }
    must(p, is_on(p, PIN, PIN_NMI) || !is_on(p, PIN, PIN_VIRTUAL_NMI), PIN_CONTROLS,
         "'virtual NMIs' needs 'NMI exiting'");
    must(p, is_on(p, PIN, PIN_VIRTUAL_NMI) || !is_on(p, PROCESSOR, PROCESSOR_NMI_WINDOW),
         PROCESSOR_CONTROLS, "'NMI-window exiting' needs 'virtual NMIs'");
    if (is_on(p, PROCESSOR2, PROCESSOR2_APIC_ACCESSES)) must_be_address(p, APIC_ACCESS, 4096);
    must(p,
         !is_on(p, PROCESSOR2, PROCESSOR2_X2APIC) ||
             !is_on(p, PROCESSOR2, PROCESSOR2_APIC_ACCESSES),
         PROCESSOR2_CONTROLS, "'virtualize x2APIC mode' excludes 'virtualize APIC accesses'");
    must(p,
         !is_on(p, PROCESSOR2, PROCESSOR2_VIRTUAL_INTERRUPTS) ||
             is_on(p, PIN, PIN_EXTERNAL_INTERRUPT),
         PIN_CONTROLS, "'virtual-interrupt delivery' needs 'external-interrupt exiting'");
    must(
        p,
        !is_on(p, PIN, PIN_POSTED_INTERRUPTS) ||
            (is_on(p, PROCESSOR2, PROCESSOR2_VIRTUAL_INTERRUPTS) &&
             is_on(p, EXIT, EXIT_ACKNOWLEDGE)),
        PIN_CONTROLS,
        "'process posted interrupts' needs 'virtual-interrupt delivery' and 'acknowledge interrupt "
        "on exit'");
    if (is_on(p, PROCESSOR2, PROCESSOR2_VPID))
        must(p, value_of(p, VPID) != 0, VPID, "must not be 0 with 'enable VPID'");
}

// The EPT pointer: type 2:0, length of walk 5:3, accessed and dirty flags 6, reserved 11:7.
static void ept_controls(struct patient *p)
{
    const uint64_t pointer = value_of(p, EPT_POINTER), type = pointer & 7, ept = p->c->ept_vpid;

    p->section = "26.2.1.1";
    if (!is_on(p, PROCESSOR2, PROCESSOR2_EPT)) {
        must_be_zero(p, PROCESSOR2_CONTROLS,
                     p->words[PROCESSOR2] & (PROCESSOR2_UNRESTRICTED | PROCESSOR2_PML),
                     "without 'enable EPT' these must be 0");
        return;
    }
    must(
        p, (type == 0 && ept >> 8 & 1) || (type == 6 && ept >> 14 & 1), EPT_POINTER,
        "bits 2:0, the tables' memory type, must be one that IA32_VMX_EPT_VPID_CAP offers: 0 or 6");
    must(p, (pointer >> 3 & 7) == 3, EPT_POINTER,
         "bits 5:3 must be 3, the length of the walk less 1");
    must(p, !(pointer >> 6 & 1) || ept >> 21 & 1, EPT_POINTER,
         "bit 6 must be 0: this processor has no accessed and dirty flags for EPT");
    must_be_zero(p, EPT_POINTER, pointer & 0xf80, "bits 11:7 must be 0");
    must_be_zero(p, EPT_POINTER, beyond_width(p, pointer),
                 "must not exceed the physical-address width");
}

static void exit_controls(struct patient *p)
{
    p->section = "26.2.1.2";
    reserved_controls(p, EXIT, EXIT_CONTROLS);
    must(p, is_on(p, PIN, PIN_PREEMPTION_TIMER) || !is_on(p, EXIT, EXIT_SAVE_TIMER), EXIT_CONTROLS,
         "'save VMX-preemption timer value' needs 'activate VMX-preemption timer'");
    if (value_of(p, EXIT_MSR_STORE_COUNT) != 0) must_be_address(p, EXIT_MSR_STORE, 16);
    if (value_of(p, EXIT_MSR_LOAD_COUNT) != 0) must_be_address(p, EXIT_MSR_LOAD, 16);
}

// Type 10:8: 0 external interrupt, 2 NMI, 3 exception, 4 to 6 from software, 7 other.
static void entry_event(struct patient *p)
{
    const uint64_t event = value_of(p, ENTRY_EVENT);
    const unsigned vector = event & 0xff, type = event >> 8 & 7;
    const bool has_code = event >> 11 & 1;

    if (!(event >> 31 & 1)) return;
    must(p, type != 1 && (type != 7 || control_may(p->c, PROCESSOR, 27)), ENTRY_EVENT,
         "bits 10:8, the type, must not be 1, nor 7 without 'monitor trap flag'");
    must(p, type != 2 || vector == 2, ENTRY_EVENT, "an NMI's vector must be 2");
    must(p, type != 3 || vector <= 31, ENTRY_EVENT, "an exception's vector must not exceed 31");
    must(p, type != 7 || vector == 0, ENTRY_EVENT, "another event's vector must be 0");
    // Which events have error codes: exceptions in protected mode; of those, unless the processor
    // leaves it open, double fault, TSS to page fault, alignment check.
    const bool may = type == 3 && (!is_on(p, PROCESSOR2, PROCESSOR2_UNRESTRICTED) ||
                                   value_of(p, GUEST_CR0) & CR0_PE_BIT);
    const bool has_own = vector < 32 && 0x27d00u >> vector & 1;
    const bool any = p->c->basic & CAPABILITY_ANY_CODE;
    must(p, !has_code || (may && (has_own || any)), ENTRY_EVENT,
         "bit 11 must be 0: this event has no error code in this mode");
    must(p, has_code || !may || !has_own || any, ENTRY_EVENT,
         "bit 11 must be 1: this exception has an error code");
    must_be_zero(p, ENTRY_EVENT, event & 0x7ffff000, "bits 30:12 must be 0");
    if (has_code)
        must_be_zero(p, ENTRY_ERROR_CODE, value_of(p, ENTRY_ERROR_CODE) & 0xffff8000,
                     "bits 31:15 must be 0");
    if (type >= 4 && type <= 6) {
        const uint64_t length = value_of(p, ENTRY_INSTRUCTION_LENGTH);
        must(p, length <= 15 && (length != 0 || p->c->misc >> 30 & 1), ENTRY_INSTRUCTION_LENGTH,
             "must be 1 to 15 for an event from software");
    }
}

static void entry_controls(struct patient *p)
{
    p->section = "26.2.1.3";
    reserved_controls(p, ENTRY, ENTRY_CONTROLS);
    entry_event(p);
    if (value_of(p, ENTRY_MSR_LOAD_COUNT) != 0) must_be_address(p, ENTRY_MSR_LOAD, 16);
    must_be_zero(p, ENTRY_CONTROLS, p->words[ENTRY] & (ENTRY_TO_SMM | ENTRY_DEACTIVATE_DUAL),
                 "outside SMM these must be 0");
}

void examine_controls(struct patient *p)
{
    execution_controls(p);
    ept_controls(p);
    exit_controls(p);
    entry_controls(p);
}

// ------------------------------------------------------------------ host state

static void host_registers(struct patient *p)
{
    const uint64_t cr0 = value_of(p, HOST_CR0), cr4 = value_of(p, HOST_CR4);
    const bool host_64 = is_on(p, EXIT, EXIT_HOST_64);

    p->section = "26.2.2";
    must_be_zero(p, HOST_CR0, (p->c->cr0_fixed0 & ~cr0) | (cr0 & ~p->c->cr0_fixed1),
                 "these bits are not as VMX operation fixes them");
    must_be_zero(p, HOST_CR4, (p->c->cr4_fixed0 & ~cr4) | (cr4 & ~p->c->cr4_fixed1),
                 "these bits are not as VMX operation fixes them");
    must_be_zero(p, HOST_CR3, beyond_width(p, value_of(p, HOST_CR3)),
                 "must not exceed the physical-address width");
    must(p, is_canonical(value_of(p, HOST_SYSENTER_ESP)), HOST_SYSENTER_ESP, "must be canonical");
    must(p, is_canonical(value_of(p, HOST_SYSENTER_EIP)), HOST_SYSENTER_EIP, "must be canonical");
    if (is_on(p, EXIT, EXIT_LOAD_PAT))
        must(p, is_pat(value_of(p, HOST_PAT)), HOST_PAT, "each byte must be 0, 1, 4, 5, 6 or 7");
    if (is_on(p, EXIT, EXIT_LOAD_EFER)) {
        const uint64_t efer = value_of(p, HOST_EFER);
        must_be_zero(p, HOST_EFER, efer & ~(uint64_t)EFER_DEFINED, "reserved bits must be 0");
        must_be_zero(p, HOST_EFER, (efer ^ (host_64 ? EFER_LENGTHS : 0)) & EFER_LENGTHS,
                     "LMA and LME must be as 'host address-space size'");
    }
}

static void host_segments(struct patient *p)
{
    static const enum vmcs_field selectors[] = {HOST_ES, HOST_CS, HOST_SS, HOST_DS,
                                                HOST_FS, HOST_GS, HOST_TR};
    static const enum vmcs_field bases[] = {HOST_FS_BASE, HOST_GS_BASE, HOST_TR_BASE,
                                            HOST_GDTR_BASE, HOST_IDTR_BASE};

    p->section = "26.2.3";
    for (unsigned i = 0; i < sizeof selectors / sizeof selectors[0]; i++)
        must_be_zero(p, selectors[i], value_of(p, selectors[i]) & 7, "RPL and TI must be 0");
    must(p, value_of(p, HOST_CS) != 0, HOST_CS, "must not be 0");
    must(p, value_of(p, HOST_TR) != 0, HOST_TR, "must not be 0");
    must(p, value_of(p, HOST_SS) != 0 || is_on(p, EXIT, EXIT_HOST_64), HOST_SS,
         "must not be 0 without 'host address-space size'");
    for (unsigned i = 0; i < sizeof bases / sizeof bases[0]; i++)
        must(p, is_canonical(value_of(p, bases[i])), bases[i], "must be canonical");
}

static void host_size(struct patient *p)
{
    p->section = "26.2.4";
    must(p, is_on(p, EXIT, EXIT_HOST_64), EXIT_CONTROLS,
         "'host address-space size' must be 1: VM entry is made in 64-bit mode");
    if (is_on(p, EXIT, EXIT_HOST_64)) {
        must(p, value_of(p, HOST_CR4) & CR4_PAE_BIT, HOST_CR4,
             "PAE must be 1 with 'host address-space size'");
        must(p, is_canonical(value_of(p, HOST_RIP)), HOST_RIP, "must be canonical");
    } else {
        must(p, !is_on(p, ENTRY, ENTRY_GUEST_64), ENTRY_CONTROLS,
             "'IA-32e mode guest' needs 'host address-space size'");
        must(p, !(value_of(p, HOST_CR4) & CR4_PCIDE_BIT), HOST_CR4,
             "PCIDE must be 0 without 'host address-space size'");
        must_be_zero(p, HOST_RIP, value_of(p, HOST_RIP) >> 32 << 32,
                     "bits 63:32 must be 0 without 'host address-space size'");
    }
}

void examine_host(struct patient *p)
{
    host_registers(p);
    host_segments(p);
    host_size(p);
}

size_t doctor_examine(const struct vmcs_image *v, const struct capabilities *c,
                      struct diagnosis *found, size_t room)
{
    struct patient p = {.v = v, .c = c, .found = found, .room = room};

    p.words[PIN] = (uint32_t)value_of(&p, PIN_CONTROLS);
    p.words[PROCESSOR] = (uint32_t)value_of(&p, PROCESSOR_CONTROLS);
    p.words[EXIT] = (uint32_t)value_of(&p, EXIT_CONTROLS);
    p.words[ENTRY] = (uint32_t)value_of(&p, ENTRY_CONTROLS);
    if (is_on(&p, PROCESSOR, PROCESSOR_SECONDARY))
        p.words[PROCESSOR2] = (uint32_t)value_of(&p, PROCESSOR2_CONTROLS);
    examine_controls(&p);
    examine_host(&p);
    examine_guest(&p);
    return p.count;
}
