// SPDX-License-Identifier: MIT
// A guest that does what it can against the monitor, beside one that checks itself.
#ifndef TRAPEZE_VMM_X86_TESTS_FUZZ_H
#define TRAPEZE_VMM_X86_TESTS_FUZZ_H

#include "vmm/x86/vm.h"

// Runs virtual machines of random code, one after the other, until they have exited `exits` times,
// in turns with one that fills its memory with a pattern and checks it. The same for the same seed.
// Lines as sharing_run has them; the number of tests that failed.
unsigned fuzz_run(const struct capabilities *c, uint64_t seed, uint64_t exits);

#endif
