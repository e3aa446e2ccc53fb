// SPDX-License-Identifier: MIT
// The three functions that compilers call on their own; for guests without a libc.
#include "vmm/guests/memory.h"

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    while (n-- > 0) *t++ = *f++;
    return to;
}

void *memset(void *to, int value, size_t n)
{
    unsigned char *t = to;
    while (n-- > 0) *t++ = (unsigned char)value;
    return to;
}

int memcmp(const void *one, const void *other, size_t n)
{
    const unsigned char *a = one, *b = other;
    for (; n > 0; n--, a++, b++)
        if (*a != *b) return *a - *b;
    return 0;
}
