// SPDX-License-Identifier: MIT
// A task that wants to be the kernel: it asks for all of memory.
#include "vmm/guests/kernel/user/user.h"
#include "vmm/guests/pg32.h"

int main(void)
{
    print("R := everything\n");
    lrb(0, -1u);
    print("done\n");
    return 0;
}
