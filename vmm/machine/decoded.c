// SPDX-License-Identifier: MIT
// The decoder, where it is called rather than made part of a loop.

#include "vmm/machine/decoded.h"

__attribute__((cold, noinline)) void decode_anew(uint32_t word, struct pg32_insn *i)
{
    pg32_decode(word, i);
}
