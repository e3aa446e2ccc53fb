// SPDX-License-Identifier: MIT
// Fuzzes the ELF loader: any bytes are loaded whole or refused, and a refused file leaves memory
// untouched.

#include "vmm/host/elf.h"
#include "vmm/host/numbers.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 16 * 1024, MARK = 0xa5 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t *memory;
    struct elf_loaded loaded;
    struct failure f = {.text = ""};

    if (memory == NULL) memory = malloc(MEMORY); // from the heap: the sanitizer guards its ends
    if (memory == NULL) abort();
    memset(memory, MARK, MEMORY);
    if (elf_load(data, size, memory, MEMORY, &loaded, &f)) {
        if (loaded.segments == 0 || loaded.end > MEMORY || loaded.entry >= loaded.end) abort();
    } else {
        if (f.text[0] == '\0') abort();
        for (size_t k = 0; k < MEMORY; k++)
            if (memory[k] != MARK) abort();
    }
    // Whatever size it asks for is one that a machine can have.
    uint32_t wanted = 1;
    if (elf_memory_wanted(data, size, &wanted, &f) &&
        (wanted == 0 || wanted % 4096 != 0 || wanted > PG32_MEMORY_MOST))
        abort();
    return 0;
}
