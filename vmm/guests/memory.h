// SPDX-License-Identifier: MIT
// The three functions of <string.h> that compilers call on their own; for guests without a libc.
#ifndef TRAPEZE_VMM_GUESTS_MEMORY_H
#define TRAPEZE_VMM_GUESTS_MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *to, int value, size_t n);
int memcmp(const void *one, const void *other, size_t n);

#endif
