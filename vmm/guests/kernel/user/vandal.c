// SPDX-License-Identifier: MIT
// A task that reaches for what is not its own: through the kernel, which refuses; then by itself.
#include "vmm/guests/kernel/user/user.h"

static void try(const char *where, uint32_t address)
{
    int n = write((const void *)(uintptr_t)address, 8);
    print("write from %s (%x): %s\n", where, address, n == -1 ? "refused" : "done");
}

int main(void)
{
    uint32_t end = (uint32_t)(uintptr_t)memory_end;
    try("across my end", end - 4);
    try("far outside", 0x00f00000);
    try("below my beginning", -0x1000u);
    print("storing to %x\n", end);
    *(volatile char *)memory_end = 1;
    print("done\n");
    return 0;
}
