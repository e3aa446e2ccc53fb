// SPDX-License-Identifier: MIT
// What this processor offers: reads the capability MSRs, prints them, and says whether the monitor
// can run at all.
#ifndef TRAPEZE_VMM_X86_CAPABILITIES_H
#define TRAPEZE_VMM_X86_CAPABILITIES_H

#include "vmm/x86/controls.h"

// Why the monitor cannot run: `word` for programs, `text` for people, with what to do.
struct refusal {
    const char *word, *text;
};

// Whether VMX is there and not locked off by the firmware; where it is, reads the capabilities.
// Turns VMX on in IA32_FEATURE_CONTROL where the firmware left that open. A null word: it is.
struct refusal capabilities_read(struct capabilities *c);

// Whether the capabilities are enough for the monitor. A null word: they are.
struct refusal capabilities_suffice(const struct capabilities *c);

// The table of controls with what each may be, and the words computed from it.
void capabilities_print(const struct capabilities *c);

// The same for programs: the schema trapeze/vtx-controls/1.
void capabilities_print_json(const struct capabilities *c);

#endif
