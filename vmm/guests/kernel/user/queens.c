// SPDX-License-Identifier: MIT
// A task that only computes: in how many ways do n queens stand on a board in peace?
#include "vmm/guests/kernel/user/user.h"

// Rows are filled from the top; bits are columns under attack: straight, and along each diagonal.
static uint32_t place(uint32_t all, uint32_t columns, uint32_t left, uint32_t right)
{
    if (columns == all) return 1;
    uint32_t ways = 0;
    for (uint32_t free = all & ~(columns | left | right); free != 0; free &= free - 1) {
        uint32_t queen = free & -free;
        ways += place(all, columns | queen, (left | queen) << 1, (right | queen) >> 1);
    }
    return ways;
}

int main(void)
{
    for (uint32_t n = 4; n <= 10; n++) {
        uint32_t ways = place((1u << n) - 1, 0, 0, 0);
        print("%u queens: %u ways\n", n, ways);
    }
    return 0;
}
