// SPDX-License-Identifier: MIT
// Starts kernels that speak the Linux boot protocol (Documentation/arch/x86/boot.rst, 2.12 or
// later) at their 64-bit entry: Linux itself, memtest86+ and others. In a virtual machine or, for a
// comparison, on the real one.
#ifndef TRAPEZE_VMM_X86_LINUX_H
#define TRAPEZE_VMM_X86_LINUX_H

#include "vmm/x86/vm.h"

struct linux_image {
    const uint8_t *kernel; // a bzImage
    uint64_t kernel_size;
    const uint8_t *initrd; // null: there is none
    uint64_t initrd_size;
    const char *command_line;
};

// The least memory in bytes that the kernel asks for; 0 where it is no such kernel.
uint64_t linux_least_memory(const struct linux_image *i);

// Puts the kernel into v's memory and sets v up to start it; v is new and its VMCS is current.
// Gives null, or why it cannot be done.
const char *linux_load(struct vm *v, const struct linux_image *i);

// Starts the kernel on the real machine, which has memory from 0 to `memory_size` (bytes); the
// processor is not in VMX operation. Returns only where it cannot be done: why.
const char *linux_start_bare(const struct linux_image *i, uint64_t memory_size);

#endif
