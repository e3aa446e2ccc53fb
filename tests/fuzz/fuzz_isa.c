// SPDX-License-Identifier: MIT
// Fuzzes everything that reads a description: any text is either reported as wrong or, once it is
// accepted, can be written as C, macros and tables.

#include "isa-analyzer/emit/emit.h"
#include "isa-analyzer/language/tree.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nothing;
    struct arena arena = {0};

    if (nothing == NULL) nothing = fopen("/dev/null", "w");
    if (nothing == NULL) abort();
    struct diagnostics d = {.out = nothing};
    struct description *m = description_of_text(&arena, &d, "isa-analyzer/isas/fuzzed.isa",
                                                (const char *)data, size);
    if ((m == NULL) != (d.errors != 0)) abort(); // refused without a word, or accepted with one
    if (m != NULL) {
        emit_c(m, &d, nothing);
        emit_coq(m, &d, nothing);
        emit_gas(m, &d, nothing);
        emit_table(m, &d, nothing);
    }
    arena_free(&arena);
    return 0;
}
