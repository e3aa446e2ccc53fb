// SPDX-License-Identifier: MIT
// Loads and stores over 1 KiB: a table is updated in place from its other half, a word at a time.

#include <stdint.h>

enum { WORDS = 1024 / 4, PASSES = 8 }; // a round

uint32_t loop(uint32_t rounds);

static uint32_t table[WORDS];

uint32_t loop(uint32_t rounds)
{
    uint32_t sum = 0;

    for (uint32_t k = 0; k < WORDS; k++) table[k] = k * 2654435761u;
    for (; rounds > 0; rounds--)
        for (int pass = 0; pass < PASSES; pass++)
            for (uint32_t k = 0; k < WORDS / 2; k++) {
                const uint32_t low = table[k], high = table[k + WORDS / 2];
                table[k] = high + sum;
                table[k + WORDS / 2] = low;
                sum += low ^ high;
            }
    return sum;
}
