// SPDX-License-Identifier: MIT
// Streams into memory, which always succeed.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/text.h"

#include "vmm/host/diagnostics.h"

FILE *text_open(char **text, size_t *size)
{
    FILE *out = open_memstream(text, size);

    if (out == NULL) panic("no host memory for a text");
    return out;
}

void text_close(FILE *out)
{
    if (fclose(out) != 0) panic("no host memory for a text");
}
