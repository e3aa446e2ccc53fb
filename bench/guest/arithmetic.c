// SPDX-License-Identifier: MIT
// Register arithmetic: two published pseudo-random generators and a published hash, as they stand.
// No memory, no branch but the loop's own. Like most code it has chains of dependent operations,
// so that a translator does not run it at the processor's full width: this matters for the ratios.

#include <stdint.h>

enum { STEPS = 1000 }; // a round

uint32_t loop(uint32_t rounds);

// G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8(14), 2003.
static uint32_t xorshift(uint32_t x)
{
    x ^= x << 13;
    x ^= x >> 17;
    return x ^ x << 5;
}

// The multiplier and increment of "Numerical Recipes".
static uint32_t linear_congruential(uint32_t x)
{
    return x * 1664525 + 1013904223;
}

// MurmurHash3's finalizer (A. Appleby), the usual hash of an integer.
static uint32_t hash_of(uint32_t x)
{
    x = (x ^ x >> 16) * 0x85ebca6b;
    x = (x ^ x >> 13) * 0xc2b2ae35;
    return x ^ x >> 16;
}

uint32_t loop(uint32_t rounds)
{
    uint32_t shifted = 2463534242, linear = 1, hash = 0;

    for (; rounds > 0; rounds--)
        for (int k = 0; k < STEPS; k++) {
            shifted = xorshift(shifted);
            linear = linear_congruential(linear);
            hash = hash_of(hash + (shifted ^ linear));
        }
    return hash;
}
