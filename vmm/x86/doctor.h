// SPDX-License-Identifier: MIT
// The VM-entry doctor: the checks that a processor makes at VM entry, in software, so that a VMCS
// that it refuses is told field by field. Pure: from values to findings.
#ifndef TRAPEZE_VMM_X86_DOCTOR_H
#define TRAPEZE_VMM_X86_DOCTOR_H

#include "vmm/x86/controls.h"
#include "vmm/x86/vmcs.h"

struct diagnosis {
    enum vmcs_field field;
    uint64_t value;
    uint64_t wrong;   // the bits of it that break the rule; 0 where no bit does by itself
    const char *rule; // what must hold
    const char
        *section; // of the SDM, volume 3C, where VM entries are chapter 26 (27 in later ones)
};

// The rules that the values break on a processor of those capabilities, in the order in which the
// manual has them: all are looked at, where a processor stops at the first. Writes the first `room`
// of them to `found` and returns how many there are; 0: nothing is wrong that the doctor knows of.
//
// It takes the processor to be in 64-bit mode, outside SMM, with linear addresses of 48 bits. What
// lies in memory is not looked at: bitmaps, MSR areas, the VMCS that the link pointer is to.
size_t doctor_examine(const struct vmcs_image *v, const struct capabilities *c,
                      struct diagnosis *found, size_t room);

#endif
