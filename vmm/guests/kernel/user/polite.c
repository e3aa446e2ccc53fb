// SPDX-License-Identifier: MIT
// A task that yields after each line, and so never uses up its slice.
#include "vmm/guests/kernel/user/user.h"

int main(void)
{
    for (int i = 1; i <= 5; i++) {
        print("after you (%d)\n", i);
        yield();
    }
    return 0;
}
