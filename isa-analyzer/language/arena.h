// SPDX-License-Identifier: MIT
// Memory that lives as long as one description: trees, names and texts are never freed one by one.
#ifndef TRAPEZE_ISA_LANGUAGE_ARENA_H
#define TRAPEZE_ISA_LANGUAGE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
};

// Returns `size` zeroed bytes, aligned for any object. Never returns null: when the host has no
// memory left the program ends with exit status 64.
void *arena_alloc(struct arena *a, size_t size);

// Returns a copy of `length` bytes of `text`, with a terminating zero.
char *arena_text(struct arena *a, const char *text, size_t length);

// Returns a formatted text.
char *arena_format(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Frees everything; the arena is empty and may be used again.
void arena_free(struct arena *a);

// Moves everything in `from` into `a`; `from` is empty then.
void arena_join(struct arena *a, struct arena *from);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

#endif
