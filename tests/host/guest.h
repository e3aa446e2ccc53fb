// SPDX-License-Identifier: MIT
// Guest programs for the tests of the host, made as ELF files in memory.
#ifndef TRAPEZE_TESTS_HOST_GUEST_H
#define TRAPEZE_TESTS_HOST_GUEST_H

#include <stddef.h>
#include <stdint.h>

enum {
    GUEST_BASE = 0x100,             // where the code is linked, and its first instruction executed
    GUEST_LEAST = 52 + 2 * 32 + 40, // bytes of a file with two segments that have none
    GUEST_PHDR = 52,                // where in the file the program headers are
    GUEST_CODE = 52 + 2 * 32,       // and the code
};

// Writes an executable to `file` (room for GUEST_LEAST + 4 * n bytes): `n` words of code at
// GUEST_BASE with 64 bytes of zeros after them, a second segment without size, and a section header
// table at the end. Returns its size.
size_t guest_elf(uint8_t *file, const uint32_t *code, size_t n);

// The same to a new file, whose name is put into `path`, a template for mkstemp.
void guest_file(char *path, const uint32_t *code, size_t n);

#endif
