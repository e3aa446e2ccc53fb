// SPDX-License-Identifier: MIT
// The VM-execution, VM-exit and VM-entry controls: what each bit is called, what the processor
// lets it be, what the monitor wants of it. Pure: the same code runs in the monitor and in tests.
#ifndef TRAPEZE_VMM_X86_CONTROLS_H
#define TRAPEZE_VMM_X86_CONTROLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum control_word { PIN, PROCESSOR, PROCESSOR2, EXIT, ENTRY, CONTROL_WORDS };

// SDM 3C, tables 24-5 to 24-13: the bits that the monitor names in its code.
enum {
    PIN_EXTERNAL_INTERRUPT = 1u << 0,
    PIN_NMI = 1u << 3,
    PIN_VIRTUAL_NMI = 1u << 5,
    PIN_PREEMPTION_TIMER = 1u << 6,
    PIN_POSTED_INTERRUPTS = 1u << 7,
    PROCESSOR_INTERRUPT_WINDOW = 1u << 2,
    PROCESSOR_TSC_OFFSET = 1u << 3,
    PROCESSOR_HLT = 1u << 7,
    PROCESSOR_CR8_LOAD = 1u << 19,
    PROCESSOR_CR8_STORE = 1u << 20,
    PROCESSOR_TPR_SHADOW = 1u << 21,
    PROCESSOR_NMI_WINDOW = 1u << 22,
    PROCESSOR_IO_BITMAPS = 1u << 25,
    PROCESSOR_MSR_BITMAPS = 1u << 28,
    PROCESSOR_SECONDARY = 1u << 31,
    PROCESSOR2_APIC_ACCESSES = 1u << 0,
    PROCESSOR2_EPT = 1u << 1,
    PROCESSOR2_RDTSCP = 1u << 3,
    PROCESSOR2_X2APIC = 1u << 4,
    PROCESSOR2_VPID = 1u << 5,
    PROCESSOR2_UNRESTRICTED = 1u << 7,
    PROCESSOR2_APIC_REGISTERS = 1u << 8,
    PROCESSOR2_VIRTUAL_INTERRUPTS = 1u << 9,
    PROCESSOR2_INVPCID = 1u << 12,
    PROCESSOR2_PML = 1u << 17,
    EXIT_SAVE_DEBUG = 1u << 2,
    EXIT_HOST_64 = 1u << 9,
    EXIT_LOAD_PERF = 1u << 12,
    EXIT_ACKNOWLEDGE = 1u << 15,
    EXIT_SAVE_PAT = 1u << 18,
    EXIT_LOAD_PAT = 1u << 19,
    EXIT_SAVE_EFER = 1u << 20,
    EXIT_LOAD_EFER = 1u << 21,
    EXIT_SAVE_TIMER = 1u << 22,
    ENTRY_LOAD_DEBUG = 1u << 2,
    ENTRY_GUEST_64 = 1u << 9,
    ENTRY_TO_SMM = 1u << 10,
    ENTRY_DEACTIVATE_DUAL = 1u << 11,
    ENTRY_LOAD_PERF = 1u << 13,
    ENTRY_LOAD_PAT = 1u << 14,
    ENTRY_LOAD_EFER = 1u << 15,
};

// What VMX can do on this processor (SDM 3D, appendix A). For each control word the low half has a
// bit where the control must be 1, the high half has one where it may be 1.
struct capabilities {
    uint64_t basic, misc, ept_vpid;
    uint64_t words[CONTROL_WORDS];
    uint64_t cr0_fixed0, cr0_fixed1, cr4_fixed0, cr4_fixed1;
    unsigned address_bits; // of physical addresses
};

// A bit of `basic`: exceptions may be injected with or without an error code, whatever the vector.
#define CAPABILITY_ANY_CODE (UINT64_C(1) << 56)

// OFF: not used. WANTED: on where it may be. PRESUMED: the routines are written for it, so there is
// no monitor without it; but nothing would escape. NEEDED: without it a guest could do what the
// monitor must see, or see what is not its own; `isa-analyzer check --vtx` says which instruction.
enum want { OFF, WANTED, PRESUMED, NEEDED };

struct control {
    enum control_word word;
    unsigned bit;
    enum want want;
    const char *name; // as in the manual
};

extern const struct control controls[];
extern const size_t controls_count;
extern const char *const control_words[CONTROL_WORDS];

bool control_must(const struct capabilities *c, enum control_word word, unsigned bit);
bool control_may(const struct capabilities *c, enum control_word word, unsigned bit);

// The word that the monitor runs with: what is wanted or must be, as far as it may be.
uint32_t controls_compute(const struct capabilities *c, enum control_word word);

// Whether the firmware has left VMX off and locked it, by the value of IA32_FEATURE_CONTROL (SDM
// 3C, 23.7): then VMXON would fault, and so would a change of the MSR.
bool controls_locked_off(uint64_t feature_control);

// The first control that is needed or presumed and may not be on; null where there is none.
const struct control *controls_missing(const struct capabilities *c);

#endif
