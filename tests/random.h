// SPDX-License-Identifier: MIT
// The tests' own random bits: xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64.
// The same seed gives the same bits on every host; nothing here asks the operating system.
#ifndef TRAPEZE_TESTS_RANDOM_H
#define TRAPEZE_TESTS_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t s[4];
};

// Any seed is good, 0 included.
static inline struct random random_seeded(uint64_t seed)
{
    struct random r;

    for (int k = 0; k < 4; k++) {
        uint64_t z = seed += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        r.s[k] = z ^ z >> 31;
    }
    return r;
}

static inline uint64_t random_u64(struct random *r)
{
    uint64_t *s = r->s, product = s[1] * 5, shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = s[3] << 45 | s[3] >> 19;
    return (product << 7 | product >> 57) * 9;
}

static inline uint32_t random_u32(struct random *r)
{
    return (uint32_t)(random_u64(r) >> 32);
}

// Uniform in 0..n-1 up to a bias below n / 2^32; n > 0.
static inline uint32_t random_below(struct random *r, uint32_t n)
{
    return (uint32_t)((uint64_t)random_u32(r) * n >> 32);
}

// Uniform in low..high, both included.
static inline int32_t random_between(struct random *r, int32_t low, int32_t high)
{
    return low + (int32_t)random_below(r, (uint32_t)(high - low) + 1);
}

// True once in n times.
static inline bool random_once_in(struct random *r, uint32_t n)
{
    return random_below(r, n) == 0;
}

#endif
