// SPDX-License-Identifier: MIT
// Texts that are written as streams are, for whoever prints them later.
#ifndef TRAPEZE_VMM_HOST_TEXT_H
#define TRAPEZE_VMM_HOST_TEXT_H

#include <stddef.h>
#include <stdio.h>

// *text and *size are right after text_close; then the text is the caller's, to be freed. Both
// panic where the host has no memory.
FILE *text_open(char **text, size_t *size);
void text_close(FILE *out);

#endif
