// SPDX-License-Identifier: MIT
// The ELF loader on arbitrary bytes. It must not crash; what it refuses must leave memory alone, and
// say why; what it takes must be as elf.h promises.
//
//     clang -fsanitize=fuzzer,address,undefined ...     libFuzzer supplies main
//     with tests/fuzz/corpus_main.c instead: run it on the files of a corpus

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/elf.h"

enum { MEMORY = 1 << 16, UNTOUCHED = 0xa5 };

static uint8_t memory[MEMORY];

static void expect(int holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "elf_fuzz: expected %s\n", what);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct elf_loaded loaded = {0};
    struct failure f = {.text = ""};

    memset(memory, UNTOUCHED, MEMORY);
    if (elf_load(data, size, memory, MEMORY, &loaded, &f)) {
        expect(loaded.segments > 0, "a segment");
        expect(loaded.end <= MEMORY, "segments within memory");
        expect(loaded.entry < loaded.end, "an entry within what is loaded");
        expect(loaded.entry % 4 == 0, "an aligned entry");
    } else {
        expect(f.text[0] != '\0', "a reason");
        for (size_t i = 0; i < MEMORY; i++) expect(memory[i] == UNTOUCHED, "memory untouched");
    }
    return 0;
}
