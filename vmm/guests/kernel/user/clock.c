// SPDX-License-Identifier: MIT
// A task that asks for its time: only its own instructions count, however often it is preempted.
// Besides 2 a round, they are 7 here: the return from time(), the call, li and ret.
#include "vmm/guests/kernel/user/user.h"

// Executes 2n + 1 instructions, the return included; n > 0.
__asm__("spin:\n"
        "    addi a0, a0, -1\n"
        "    bnez a0, spin\n"
        "    ret\n");
void spin(uint32_t n);

int main(void)
{
    for (uint32_t n = 1; n <= 100000; n *= 10) {
        uint32_t before = time();
        spin(n);
        uint32_t after = time();
        print("%6u rounds took %6u instructions\n", n, after - before);
    }
    return 0;
}
