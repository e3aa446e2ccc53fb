// SPDX-License-Identifier: MIT
// Four levels of tables, as processors walk them (SDM 3C, 28.3.2).
//
//   47      39 38      30 29      21 20      12 11        0
//   [ level 4 ][ level 3 ][ level 2 ][ level 1 ][ offset   ]      4 KiB pages
//   [ level 4 ][ level 3 ][ level 2 ][ offset              ]      2 MiB pages

#include "vmm/x86/ept.h"

#include <stddef.h>

enum { EPT_ACCESS = 7, EPT_WRITE_BACK_PAGE = 6 << 3, EPT_LARGE = 1 << 7, EPT_ENTRIES = 512 };
#define EPT_ADDRESS UINT64_C(0x000ffffffffff000)

static unsigned entry_index(uint64_t guest, unsigned level)
{
    return guest >> (12 + 9 * (level - 1)) & (EPT_ENTRIES - 1);
}

static uint64_t *table_of(uint64_t entry)
{
    return (uint64_t *)(uintptr_t)(entry & EPT_ADDRESS);
}

void ept_map(uint64_t *root, uint64_t guest, uint64_t host, uint64_t size, ept_frame *frame)
{
    const unsigned last = size == LARGE_PAGE ? 2 : 1;
    uint64_t *table = root;

    for (unsigned level = 4; level > last; level--) {
        uint64_t *entry = &table[entry_index(guest, level)];
        if (!(*entry & EPT_ACCESS)) *entry = (uintptr_t)frame() | EPT_ACCESS;
        table = table_of(*entry);
    }
    table[entry_index(guest, last)] =
        host | EPT_ACCESS | EPT_WRITE_BACK_PAGE | (last == 2 ? EPT_LARGE : 0);
}

bool ept_find(const uint64_t *root, uint64_t guest, uint64_t *host)
{
    const uint64_t *table = root;

    if (guest >> 48) return false;
    for (unsigned level = 4;; level--) {
        const uint64_t entry = table[entry_index(guest, level)];
        if (!(entry & EPT_ACCESS)) return false;
        if (level == 1 || entry & EPT_LARGE) {
            const uint64_t offset = (UINT64_C(1) << (12 + 9 * (level - 1))) - 1;
            *host = (entry & EPT_ADDRESS & ~offset) | (guest & offset);
            return true;
        }
        table = table_of(entry);
    }
}

static void release(uint64_t *table, unsigned level, void (*give_table)(void *),
                    void (*give_page)(void *, uint64_t))
{
    for (unsigned i = 0; i < EPT_ENTRIES; i++) {
        if (!(table[i] & EPT_ACCESS)) continue;
        if (level == 1 || table[i] & EPT_LARGE)
            give_page(table_of(table[i]), level == 1 ? PAGE : LARGE_PAGE);
        else
            release(table_of(table[i]), level - 1, give_table, give_page);
    }
    give_table(table);
}

void ept_release(uint64_t *root, void (*give_table)(void *), void (*give_page)(void *, uint64_t))
{
    release(root, 4, give_table, give_page);
}

uint64_t ept_pointer(const uint64_t *root)
{
    return (uintptr_t)root | 3 << 3 | 6; // a walk of 3 + 1, write-back
}
