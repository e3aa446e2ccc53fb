// SPDX-License-Identifier: MIT
// Fuzzes the texts that are loaded into the memory of a described machine: any bytes are loaded, or
// refused with a word on where and why.

#include "vmm/described/image.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] =
    "machine words\nconfig n : 12 = 1024\n"
    "state { general r[2] : 13 counter P : 9 mode M : 1 { supervisor = 0, user = 1 }\n"
    "memory E[n] : 13, big }\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { CELLS = 1024 };
    static struct arena arena;
    static const struct description *d;
    struct diagnostics diagnostics = {.out = stderr};
    struct described m;
    struct failure f = {.text = ""};
    uint64_t entry = UINT64_MAX;

    if (d == NULL)
        d = description_of_text(&arena, &diagnostics, "words.isa", text, sizeof text - 1);
    if (d == NULL) abort();
    uint16_t *cells = calloc(CELLS, sizeof *cells); // from the heap: the sanitizer guards its ends
    if (cells == NULL) abort();
    described_init(&m, d, &described_bare, cells, CELLS);
    if (image_load(&m, "fuzzed.hex", data, size, &entry, &f)) {
        if (entry >= 1 << 9) abort();
        for (int k = 0; k < CELLS; k++)
            if (cells[k] >> 13 != 0) abort();
    } else if (f.text[0] == '\0') {
        abort();
    }
    described_free(&m);
    free(cells);
    return 0;
}
