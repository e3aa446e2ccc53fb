// SPDX-License-Identifier: MIT
// Counts and sizes of memory as users write them.
#ifndef TRAPEZE_VMM_HOST_NUMBERS_H
#define TRAPEZE_VMM_HOST_NUMBERS_H

#include <stdint.h>

#include "vmm/host/failure.h"

// Bytes of a PG32 machine's memory: the most there can be, and what there is unless told.
#define PG32_MEMORY_MOST UINT32_C(0xfffff000)
#define PG32_MEMORY_USUAL (UINT32_C(16) << 20)

// A number from 0 to 2^64 - 1, decimal or 0x... `name` is for the failure's text.
bool parse_count(const char *text, const char *name, uint64_t *value, struct failure *f);

// A size of memory: bytes, decimal or 0x..., or with a suffix K, M or G (powers of 1024); a
// multiple of 4 KiB, from 4 KiB to 4 GiB - 4 KiB.
bool parse_memory(const char *text, const char *name, uint32_t *bytes, struct failure *f);

// `bytes`, a multiple of 4 KiB, as parse_memory takes it back: with the largest suffix that fits.
struct memory_text {
    char text[24];
};
struct memory_text memory_text(uint64_t bytes);

#endif
