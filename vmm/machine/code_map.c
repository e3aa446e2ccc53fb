// SPDX-License-Identifier: MIT
// Keeping the map of decoded memory, and the exact test behind the quick one.

#include "vmm/machine/code_map.h"

#include <string.h>

void code_map_init(struct code_map *map, uint8_t *granules, uint64_t size)
{
    map->granules = granules;
    map->n = size >> GRANULE_SHIFT;
    map->changed = NULL;
    map->owner = NULL;
    code_map_clear(map);
}

void code_map_clear(struct code_map *map)
{
    if (map->n != 0) memset(map->granules, 0, map->n);
}

void code_map_mark(struct code_map *map, uint64_t address, uint64_t n)
{
    const uint64_t first = address >> GRANULE_SHIFT, last = (address + n - 1) >> GRANULE_SHIFT;

    for (uint64_t g = first; g <= last; g++) map->granules[g] |= GRANULE_CODE;
    if (first > 0 && address % GRANULE < CODE_MAP_REACH - 1)
        map->granules[first - 1] |= GRANULE_EDGE;
}

void code_map_unmark(struct code_map *map, uint64_t granule)
{
    map->granules[granule] &= (uint8_t)~GRANULE_CODE;
    if (granule > 0) map->granules[granule - 1] &= (uint8_t)~GRANULE_EDGE;
}

void code_map_check(struct code_map *map, uint64_t address, uint64_t n)
{
    if (n == 0 || map->n == 0) return;
    for (uint64_t g = address >> GRANULE_SHIFT; g <= (address + n - 1) >> GRANULE_SHIFT; g++) {
        if (code_map_has(map, g)) {
            map->changed(map->owner, address, n);
            return;
        }
    }
}
