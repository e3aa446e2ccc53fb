// SPDX-License-Identifier: MIT
// The kernel's beginning and its end: set up the machine, load the tasks, and when the last of them
// is gone, the account.
#include "vmm/guests/kernel/kernel.h"

// The machine comes up in supervisor mode with R = all of memory. Traps shall find the kernel as it
// is now, except that it confines itself to its own memory; then it does so here. From here on
// only copy() can reach a task's memory, or any other.
static uint32_t confine(void)
{
    spsw(&low.new);
    uint32_t memory_size = low.new.b;
    low.new.P = (uint32_t)(uintptr_t)trap;
    low.new.b = (uint32_t)(uintptr_t)kernel_end;
    lrb(0, low.new.b);
    return memory_size;
}

int main(void)
{
    uint32_t memory_size = confine();
    print("Trapeze kernel: %u KiB of memory, %u sectors of disk\n", memory_size / 1024,
          in(PORT_DISK_SECTOR));
    if (!load_tasks(memory_size)) halt(1);
    resume(schedule());
}

// A trap that the kernel did not expect of itself.
_Noreturn void panic(void)
{
    print("panic: cause %u at P %x, information %x\n", low.old.status >> PSW_CAUSE_SHIFT, low.old.P,
          low.info);
    halt(2);
}
