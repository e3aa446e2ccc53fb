// SPDX-License-Identifier: MIT
// Which physical memory has been decoded, a byte for each 64 bytes: every store asks it, so the
// usual answer, no, must be one load. What was decoded, and where it is kept, the engine knows.
#ifndef TRAPEZE_VMM_MACHINE_CODE_MAP_H
#define TRAPEZE_VMM_MACHINE_CODE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GRANULE_SHIFT = 6,
    GRANULE = 1 << GRANULE_SHIFT, // bytes
    CODE_MAP_REACH = 8,           // the longest store, in bytes, that needs one test only
};

// A granule's byte is a set of these.
enum {
    GRANULE_CODE = 1, // it holds decoded bytes
    GRANULE_EDGE = 2, // the next one does, so near its start that a store from here can reach them
};

struct code_map {
    uint8_t *granules; // n of them; the caller's
    uint64_t n;        // 0: nothing is ever decoded
    // Called after a store to decoded granules, with the bytes stored.
    void (*changed)(void *owner, uint64_t address, uint64_t n);
    void *owner;
};

// An empty map of `size` bytes of memory, in size / GRANULE bytes at `granules`.
void code_map_init(struct code_map *map, uint8_t *granules, uint64_t size);
void code_map_clear(struct code_map *map);

// [address, address + n) has been decoded.
void code_map_mark(struct code_map *map, uint64_t address, uint64_t n);

// Nothing in this granule is decoded any more.
void code_map_unmark(struct code_map *map, uint64_t granule);

static inline bool code_map_has(const struct code_map *map, uint64_t granule)
{
    return granule < map->n && (map->granules[granule] & GRANULE_CODE) != 0;
}

// The rare half of code_map_wrote: calls `changed` if decoded granules were written.
void code_map_check(struct code_map *map, uint64_t address, uint64_t n);

// `n` bytes at physical `address` have been stored.
static inline void code_map_wrote(struct code_map *map, uint64_t address, uint64_t n)
{
    const uint64_t granule = address >> GRANULE_SHIFT;

    if (n > CODE_MAP_REACH || (granule < map->n && map->granules[granule] != 0))
        code_map_check(map, address, n);
}

#endif
