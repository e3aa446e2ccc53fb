// SPDX-License-Identifier: MIT
// Runs the stubs of vmm/x86/guests, each on a virtual machine of its own.
#ifndef TRAPEZE_VMM_X86_TESTS_STUBS_H
#define TRAPEZE_VMM_X86_TESTS_STUBS_H

#include "vmm/x86/guests/stub.h"
#include "vmm/x86/vm.h"

// Those whose names begin with `prefix`. A line for each: `vtx-test NAME ok exits=...`, or
// `vtx-test NAME not-ok: ...`, and at the end `vtx-tests passed=N failed=N`. The number of those
// that failed, or 1 where there were none.
unsigned stubs_run(const struct capabilities *c, const char *prefix);

// A new virtual machine in the stub's mode, with its code, descriptors, vectors and page tables.
void stub_create(struct vm *v, const struct capabilities *c, const struct stub *s);

#endif
