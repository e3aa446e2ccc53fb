// SPDX-License-Identifier: MIT
// Register arithmetic, as in arithmetic.c, with more independent operations: a translator runs this
// one at nearly the host's full width. It stands beside the other to show how much a ratio to
// qemu-riscv32 depends on the loop.

#include <stdint.h>

enum { STEPS = 1000 }; // a round

uint32_t loop(uint32_t rounds);

uint32_t loop(uint32_t rounds)
{
    uint32_t shifted = 2463534242, linear = 1, hash = 2166136261;

    for (; rounds > 0; rounds--)
        for (int k = 0; k < STEPS; k++) {
            shifted ^= shifted << 13; // Marsaglia's xorshift32
            shifted ^= shifted >> 17;
            shifted ^= shifted << 5;
            linear = linear * 1664525 + 1013904223;
            hash = (hash ^ (shifted + linear)) * 16777619; // FNV-1a, a word at a time
            hash = (hash << 7 | hash >> 25) - (linear & shifted);
        }
    return hash;
}
