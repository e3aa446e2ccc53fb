// SPDX-License-Identifier: MIT
// Random instructions for a guest, of the kinds that exit or that may confuse a monitor.
#ifndef TRAPEZE_VMM_X86_TESTS_FUZZ_CODE_H
#define TRAPEZE_VMM_X86_TESTS_FUZZ_CODE_H

#include "vmm/x86/tests/stub_memory.h"

// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): any state will do.
uint64_t fuzz_random(uint64_t *state);

// Fills `to`, which has `room` bytes and will be at STUB_CODE, with instructions for the mode. An
// exception in one goes on with the next, as vectors.S has it; at the end the guest halts with
// interrupts off. The bytes used.
uint64_t fuzz_code(uint64_t *state, enum stub_mode mode, uint8_t *to, uint64_t room);

#endif
