// SPDX-License-Identifier: MIT
// Healthy states broken in one place each, and what the doctor must say of them. The same rows are
// tried on the processor, which must refuse them, and on values alone.
#ifndef TRAPEZE_VMM_X86_TESTS_BROKEN_H
#define TRAPEZE_VMM_X86_TESTS_BROKEN_H

#include "vmm/x86/vmcs.h"

enum { BROKEN_CHANGES = 3 };

// When a processor refuses the state. UNLESS_ANY_CODE: one that does not look at error codes (bit
// 56 of IA32_VMX_BASIC) lets it pass, and so does the doctor. NOT_IN_BOCHS: Bochs 2.7 lets it pass,
// on some models at least.
enum broken_when { ALWAYS, UNLESS_ANY_CODE, NOT_IN_BOCHS };

struct broken {
    const char *name;
    // The healthy state is a guest in 64-bit mode; changes make of a field (value & keep) | set.
    // What is left over changes nothing.
    struct {
        enum vmcs_field field;
        uint64_t keep, set;
    } changes[BROKEN_CHANGES];
    enum vmcs_field field; // the first one that the doctor names
    const char *section;
    enum broken_when when;
};

extern const struct broken broken_states[];
extern const unsigned broken_states_count;

#endif
