// SPDX-License-Identifier: MIT
// The sieve of Eratosthenes, a bit for each odd number.
#include <stdint.h>
#include "vmm/guests/print.h"

#define LIMIT 100000

static uint32_t composite[LIMIT / 64 + 1]; // bit i: 2i + 1 is composite

static int is_composite(uint32_t i)
{
    return composite[i / 32] >> i % 32 & 1;
}

int main(void)
{
    uint32_t count = 1, last = 2; // 2 itself
    for (uint32_t i = 1; 2 * i + 1 < LIMIT; i++) {
        if (is_composite(i)) continue;
        uint32_t p = 2 * i + 1;
        count++;
        last = p;
        if (p < LIMIT / p)
            for (uint32_t n = p * p; n < LIMIT; n += 2 * p) composite[n / 64] |= 1u << n / 2 % 32;
    }
    print("%u primes below %u, the last is %u\n", count, LIMIT, last);
    return !(count == 9592 && last == 99991);
}
