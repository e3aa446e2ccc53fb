// SPDX-License-Identifier: MIT
// What the doctor's three parts share: who is examined, and how a finding is written down.
#ifndef TRAPEZE_VMM_X86_DOCTOR_CHECKS_H
#define TRAPEZE_VMM_X86_DOCTOR_CHECKS_H

#include "vmm/x86/doctor.h"

struct patient {
    const struct vmcs_image *v;
    const struct capabilities *c;
    uint32_t words[CONTROL_WORDS]; // the secondary controls are 0 where they are not active
    struct diagnosis *found;
    size_t room, count;
    const char *section; // of the checks that follow
};

// The rule holds, or the field breaks it; `wrong` says in which bits.
void must(struct patient *p, bool holds, enum vmcs_field field, const char *rule);
void must_be_zero(struct patient *p, enum vmcs_field field, uint64_t wrong, const char *rule);

static inline uint64_t value_of(const struct patient *p, enum vmcs_field field)
{
    return vmcs_value(p->v, field);
}
static inline bool is_on(const struct patient *p, enum control_word word, uint32_t control)
{
    return p->words[word] & control;
}

bool is_canonical(uint64_t address);
bool is_pat(uint64_t pat);

// Bits that addresses cannot have on this processor.
uint64_t beyond_width(const struct patient *p, uint64_t address);

// An address of `alignment` (a power of two) below the physical-address width.
void must_be_address(struct patient *p, enum vmcs_field field, uint64_t alignment);

void examine_controls(struct patient *p);
void examine_host(struct patient *p);
void examine_guest(struct patient *p);    // registers and what is no register
void examine_segments(struct patient *p); // 26.3.1.2 and 26.3.1.3

#endif
