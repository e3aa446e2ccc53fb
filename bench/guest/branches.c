// SPDX-License-Identifier: MIT
// Data-dependent branches: the greatest common divisors of pseudo-random pairs by Euclid's own
// method, subtraction, and the lengths of Collatz's sequences. Each round does the same work, so
// that its number of instructions is known; its branches, some 20,000, are too many to be learnt.

#include <stdint.h>

enum { NUMBERS = 200 }; // a round

uint32_t loop(uint32_t rounds);

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (a != b) {
        if (a > b) a -= b;
        else b -= a;
    }
    return a;
}

static uint32_t sequence_length(uint32_t n)
{
    uint32_t length = 0;

    for (; n != 1; length++) {
        if (n % 2 != 0) n = 3 * n + 1;
        else n /= 2;
    }
    return length;
}

uint32_t loop(uint32_t rounds)
{
    uint32_t sum = 0;

    for (; rounds > 0; rounds--) {
        uint32_t random = 12345;

        for (uint32_t k = 1; k <= NUMBERS; k++) {
            random = random * 1664525 + 1013904223;
            sum += common_divisor((random >> 8 & 0xfff) + 1, (random >> 20) + 1);
            sum = sum * 31 + sequence_length(random >> 16 | 1);
        }
    }
    return sum;
}
