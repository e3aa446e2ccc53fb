// SPDX-License-Identifier: MIT
// A task that asks for its time: only its own instructions count, however often it is preempted.
#include "vmm/guests/kernel/user/user.h"

// What time() says after n rounds of two instructions, less what it said before: 2n + 1, the one
// that keeps the first answer included. An ECALL traps and so takes no time of its own.
__asm__("measure:\n"
        "    mv t0, a0\n"
        "    li a7, 5\n"
        "    ecall\n"
        "    mv t1, a0\n"
        "1:  addi t0, t0, -1\n"
        "    bnez t0, 1b\n"
        "    ecall\n"
        "    sub a0, a0, t1\n"
        "    ret\n");
uint32_t measure(uint32_t n);

int main(void)
{
    for (uint32_t n = 1; n <= 100000; n *= 10)
        print("%6u rounds took %6u instructions\n", n, measure(n));
    return 0;
}
