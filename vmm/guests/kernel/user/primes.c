// SPDX-License-Identifier: MIT
// A task that only computes: counts primes by trial division.
#include "vmm/guests/kernel/user/user.h"

static int is_prime(uint32_t n)
{
    if (n < 4) return n >= 2;
    if (n % 2 == 0) return 0;
    for (uint32_t d = 3; d * d <= n; d += 2)
        if (n % d == 0) return 0;
    return 1;
}

int main(void)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n <= 20000; n++) {
        if (n % 2500 == 0 && n != 0) print("%u primes below %u\n", count, n);
        if (is_prime(n)) count++;
    }
    return 0;
}
