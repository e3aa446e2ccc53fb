// SPDX-License-Identifier: MIT
// Writing small ELF files, field by field from the ELF specification, without libelf.

#include "tests/host/guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint8_t *half(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
    return p + 2;
}

static uint8_t *word(uint8_t *p, uint32_t value)
{
    return half(half(p, value), value >> 16);
}

size_t guest_elf(uint8_t *file, const uint32_t *code, size_t n)
{
    static const uint8_t identity[16] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
    const uint32_t size = (uint32_t)(4 * n), sections = GUEST_CODE + size;
    const uint32_t segments[2][8] = {
        // type, offset, vaddr, paddr, filesz, memsz, flags, align
        {1, GUEST_CODE, GUEST_BASE, GUEST_BASE, size, size + 64, 7, 4},
        {1, GUEST_CODE, 0, 0, 0, 0, 6, 4},
    };
    uint8_t *p = file;

    memcpy(p, identity, sizeof identity);
    p = half(half(p + 16, 2), 243); // executable, RISC-V
    p = word(word(p, 1), GUEST_BASE);
    p = word(word(p, GUEST_PHDR), sections);
    p = half(half(word(p, 0), 52), 32); // flags, sizes of this header and of a program header
    p = half(half(half(half(p, 2), 40), 1), 0);
    for (int s = 0; s < 2; s++)
        for (int k = 0; k < 8; k++) p = word(p, segments[s][k]);
    for (size_t k = 0; k < n; k++) p = word(p, code[k]);
    memset(p, 0, 40); // the null section
    return (size_t)(p + 40 - file);
}

void guest_file(char *path, const uint32_t *code, size_t n)
{
    uint8_t *file = malloc(GUEST_LEAST + 4 * n);
    const int fd = mkstemp(path);

    if (file == NULL || fd < 0) {
        perror(path);
        exit(64);
    }
    const size_t size = guest_elf(file, code, n);
    if (write(fd, file, size) != (ssize_t)size) {
        perror(path);
        exit(64);
    }
    close(fd);
    free(file);
}
