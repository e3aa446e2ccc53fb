// SPDX-License-Identifier: MIT
// The VMCS: its fields by their encodings, their names, and an image of all of them in memory.
// Pure but for vmcs_read and vmcs_write in vmx.h.
#ifndef TRAPEZE_VMM_X86_VMCS_H
#define TRAPEZE_VMM_X86_VMCS_H

#include <stddef.h>
#include <stdint.h>

// SDM 3D, appendix B. Bits 14:13 of an encoding are the width (0: 16 bits, 1: 64, 2: 32, 3: as wide
// as a register), bits 11:10 the kind (0: control, 1: read-only, 2: guest, 3: host), bits 9:1 the
// number.
enum vmcs_field {
    VPID = 0x0000,

    GUEST_ES = 0x0800,
    GUEST_CS = 0x0802,
    GUEST_SS = 0x0804,
    GUEST_DS = 0x0806,
    GUEST_FS = 0x0808,
    GUEST_GS = 0x080a,
    GUEST_LDTR = 0x080c,
    GUEST_TR = 0x080e,

    HOST_ES = 0x0c00,
    HOST_CS = 0x0c02,
    HOST_SS = 0x0c04,
    HOST_DS = 0x0c06,
    HOST_FS = 0x0c08,
    HOST_GS = 0x0c0a,
    HOST_TR = 0x0c0c,

    IO_BITMAP_A = 0x2000,
    IO_BITMAP_B = 0x2002,
    MSR_BITMAP = 0x2004,
    EXIT_MSR_STORE = 0x2006,
    EXIT_MSR_LOAD = 0x2008,
    ENTRY_MSR_LOAD = 0x200a,
    TSC_OFFSET = 0x2010,
    VIRTUAL_APIC = 0x2012,
    APIC_ACCESS = 0x2014,
    EPT_POINTER = 0x201a,

    GUEST_PHYSICAL_ADDRESS = 0x2400,

    LINK_POINTER = 0x2800,
    GUEST_DEBUGCTL = 0x2802,
    GUEST_PAT = 0x2804,
    GUEST_EFER = 0x2806,
    GUEST_PDPTE0 = 0x280a,
    GUEST_PDPTE1 = 0x280c,
    GUEST_PDPTE2 = 0x280e,
    GUEST_PDPTE3 = 0x2810,

    HOST_PAT = 0x2c00,
    HOST_EFER = 0x2c02,

    PIN_CONTROLS = 0x4000,
    PROCESSOR_CONTROLS = 0x4002,
    EXCEPTION_BITMAP = 0x4004,
    PAGE_FAULT_MASK = 0x4006,
    PAGE_FAULT_MATCH = 0x4008,
    CR3_TARGET_COUNT = 0x400a,
    EXIT_CONTROLS = 0x400c,
    EXIT_MSR_STORE_COUNT = 0x400e,
    EXIT_MSR_LOAD_COUNT = 0x4010,
    ENTRY_CONTROLS = 0x4012,
    ENTRY_MSR_LOAD_COUNT = 0x4014,
    ENTRY_EVENT = 0x4016,
    ENTRY_ERROR_CODE = 0x4018,
    ENTRY_INSTRUCTION_LENGTH = 0x401a,
    TPR_THRESHOLD = 0x401c,
    PROCESSOR2_CONTROLS = 0x401e,

    INSTRUCTION_ERROR = 0x4400,
    EXIT_REASON = 0x4402,
    EXIT_EVENT = 0x4404,
    EXIT_ERROR_CODE = 0x4406,
    VECTORING_EVENT = 0x4408,
    VECTORING_ERROR_CODE = 0x440a,
    INSTRUCTION_LENGTH = 0x440c,
    INSTRUCTION_INFORMATION = 0x440e,

    GUEST_ES_LIMIT = 0x4800,
    GUEST_CS_LIMIT = 0x4802,
    GUEST_SS_LIMIT = 0x4804,
    GUEST_DS_LIMIT = 0x4806,
    GUEST_FS_LIMIT = 0x4808,
    GUEST_GS_LIMIT = 0x480a,
    GUEST_LDTR_LIMIT = 0x480c,
    GUEST_TR_LIMIT = 0x480e,
    GUEST_GDTR_LIMIT = 0x4810,
    GUEST_IDTR_LIMIT = 0x4812,
    GUEST_ES_RIGHTS = 0x4814,
    GUEST_CS_RIGHTS = 0x4816,
    GUEST_SS_RIGHTS = 0x4818,
    GUEST_DS_RIGHTS = 0x481a,
    GUEST_FS_RIGHTS = 0x481c,
    GUEST_GS_RIGHTS = 0x481e,
    GUEST_LDTR_RIGHTS = 0x4820,
    GUEST_TR_RIGHTS = 0x4822,
    GUEST_INTERRUPTIBILITY = 0x4824,
    GUEST_ACTIVITY = 0x4826,
    GUEST_SYSENTER_CS = 0x482a,
    GUEST_PREEMPTION_TIMER = 0x482e,

    HOST_SYSENTER_CS = 0x4c00,

    CR0_MASK = 0x6000,
    CR4_MASK = 0x6002,
    CR0_SHADOW = 0x6004,
    CR4_SHADOW = 0x6006,

    EXIT_QUALIFICATION = 0x6400,
    GUEST_LINEAR_ADDRESS = 0x640a,

    GUEST_CR0 = 0x6800,
    GUEST_CR3 = 0x6802,
    GUEST_CR4 = 0x6804,
    GUEST_ES_BASE = 0x6806,
    GUEST_CS_BASE = 0x6808,
    GUEST_SS_BASE = 0x680a,
    GUEST_DS_BASE = 0x680c,
    GUEST_FS_BASE = 0x680e,
    GUEST_GS_BASE = 0x6810,
    GUEST_LDTR_BASE = 0x6812,
    GUEST_TR_BASE = 0x6814,
    GUEST_GDTR_BASE = 0x6816,
    GUEST_IDTR_BASE = 0x6818,
    GUEST_DR7 = 0x681a,
    GUEST_RSP = 0x681c,
    GUEST_RIP = 0x681e,
    GUEST_RFLAGS = 0x6820,
    GUEST_PENDING_DEBUG = 0x6822,
    GUEST_SYSENTER_ESP = 0x6824,
    GUEST_SYSENTER_EIP = 0x6826,

    HOST_CR0 = 0x6c00,
    HOST_CR3 = 0x6c02,
    HOST_CR4 = 0x6c04,
    HOST_FS_BASE = 0x6c06,
    HOST_GS_BASE = 0x6c08,
    HOST_TR_BASE = 0x6c0a,
    HOST_GDTR_BASE = 0x6c0c,
    HOST_IDTR_BASE = 0x6c0e,
    HOST_SYSENTER_ESP = 0x6c10,
    HOST_SYSENTER_EIP = 0x6c12,
    HOST_RSP = 0x6c14,
    HOST_RIP = 0x6c16,
};

struct vmcs_name {
    enum vmcs_field field;
    const char *name;
};

// All of the above but the read-only ones, in the order of encodings.
extern const struct vmcs_name vmcs_names[];
extern const size_t vmcs_names_count;

// The field's name as in the enumeration; "?" for others.
const char *vmcs_name(enum vmcs_field field);

// Of the segment registers, in the order of their encodings; GUEST_ES + 2 * n and so on.
enum segment {
    SEGMENT_ES,
    SEGMENT_CS,
    SEGMENT_SS,
    SEGMENT_DS,
    SEGMENT_FS,
    SEGMENT_GS,
    SEGMENT_LDTR,
    SEGMENT_TR,
    SEGMENTS
};
static inline enum vmcs_field segment_selector(enum segment n)
{
    return (enum vmcs_field)(GUEST_ES + 2 * n);
}
static inline enum vmcs_field segment_limit(enum segment n)
{
    return (enum vmcs_field)(GUEST_ES_LIMIT + 2 * n);
}
static inline enum vmcs_field segment_rights(enum segment n)
{
    return (enum vmcs_field)(GUEST_ES_RIGHTS + 2 * n);
}
static inline enum vmcs_field segment_base(enum segment n)
{
    return (enum vmcs_field)(GUEST_ES_BASE + 2 * n);
}

// Access rights (SDM 3C, table 24-2).
enum {
    RIGHTS_TYPE = 0xf,
    RIGHTS_S = 1 << 4,
    RIGHTS_P = 1 << 7,
    RIGHTS_L = 1 << 13,
    RIGHTS_D = 1 << 14,
    RIGHTS_G = 1 << 15,
    RIGHTS_UNUSABLE = 1 << 16,
};

// Events, that are injected or were being delivered (SDM 3C, 24.8.3, 24.9.3).
enum {
    EVENT_TYPE = 7 << 8,
    EVENT_INTERRUPT = 0 << 8,
    EVENT_NMI = 2 << 8,
    EVENT_EXCEPTION = 3 << 8,
    EVENT_SOFTWARE = 4 << 8, // and beyond: by an instruction
    EVENT_HAS_CODE = 1 << 11,
    EVENT_NMI_UNBLOCK = 1 << 12,
};
#define EVENT_VALID (UINT64_C(1) << 31)

// Values of fields, of which each has its slot.
enum { VMCS_SLOTS = 1024 };
struct vmcs_image {
    uint64_t value[VMCS_SLOTS];
};
static inline uint64_t *vmcs_slot(struct vmcs_image *v, enum vmcs_field f)
{
    return &v->value[((f >> 13 & 3) * 4 + (f >> 10 & 3)) * 64 + (f >> 1 & 63)];
}
static inline uint64_t vmcs_value(const struct vmcs_image *v, enum vmcs_field f)
{
    return v->value[((f >> 13 & 3) * 4 + (f >> 10 & 3)) * 64 + (f >> 1 & 63)];
}

#endif
