// SPDX-License-Identifier: MIT
// Virtual machines in turns: what each keeps, and that none keeps the processor.
#ifndef TRAPEZE_VMM_X86_TESTS_SHARING_H
#define TRAPEZE_VMM_X86_TESTS_SHARING_H

#include "vmm/x86/vm.h"

// A line for each test, as stubs_run has it. The number of those that failed.
unsigned sharing_run(const struct capabilities *c);

// A new virtual machine that checks a pattern; RAX at its end is how much was wrong.
void pattern_create(struct vm *v, const struct capabilities *c, uint64_t pattern);

#endif
