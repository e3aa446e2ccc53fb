// SPDX-License-Identifier: MIT
// A task that jumps through a null pointer; the word at 0 is illegal.
#include "vmm/guests/kernel/user/user.h"

int main(void)
{
    void (*volatile nowhere)(void) = 0;
    print("calling nowhere\n");
    nowhere();
    print("done\n");
    return 0;
}
