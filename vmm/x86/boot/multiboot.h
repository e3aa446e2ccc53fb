// SPDX-License-Identifier: MIT
// What a multiboot 1 loader tells (Multiboot Specification 0.6.96, section 3.3), as far as the
// monitor reads it. The boot sector writes the same.
#ifndef TRAPEZE_VMM_X86_BOOT_MULTIBOOT_H
#define TRAPEZE_VMM_X86_BOOT_MULTIBOOT_H

#include <stdint.h>

enum {
    MULTIBOOT_LOADED = 0x2badb002,
    MULTIBOOT_HAS_MEMORY = 1 << 0,
    MULTIBOOT_HAS_COMMAND_LINE = 1 << 2,
    MULTIBOOT_HAS_MODULES = 1 << 3,
};

struct multiboot_information {
    uint32_t flags;
    uint32_t memory_lower, memory_upper; // KiB from 0, and from 1 MiB
    uint32_t boot_device;
    uint32_t command_line;          // physical address
    uint32_t module_count, modules; // physical address of the first
};

struct multiboot_module {
    uint32_t start, end, text, reserved; // physical addresses
};

#endif
