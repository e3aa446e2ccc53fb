// SPDX-License-Identifier: MIT
// Memory that lives as long as one description.
#include "isa-analyzer/language/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    max_align_t data[];
};

void *arena_alloc(struct arena *a, size_t size)
{
    size_t const unit = sizeof(max_align_t);
    size = (size + unit - 1) / unit * unit;
    struct arena_block *b = a->blocks;
    if (!b || b->size - b->used < size) {
        size_t const room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        b = calloc(1, sizeof *b + room);
        if (!b) {
            fputs("isa-analyzer: error: out of memory\n", stderr);
            exit(64);
        }
        b->size = room;
        b->next = a->blocks;
        a->blocks = b;
    }
    void *p = (char *)b->data + b->used;
    b->used += size;
    return p;
}

char *arena_text(struct arena *a, const char *text, size_t length)
{
    char *copy = arena_alloc(a, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_format(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int const length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) return arena_text(a, "", 0);
    char *text = arena_alloc(a, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

void arena_free(struct arena *a)
{
    while (a->blocks) {
        struct arena_block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
}

void arena_join(struct arena *a, struct arena *from)
{
    struct arena_block **last = &from->blocks;
    while (*last) last = &(*last)->next;
    // Behind the block at hand, which goes on being filled.
    if (a->blocks) {
        *last = a->blocks->next;
        a->blocks->next = from->blocks;
    } else {
        a->blocks = from->blocks;
    }
    from->blocks = NULL;
}
