// SPDX-License-Identifier: MIT
// Finding decoded blocks, making room for them, forgetting them when their memory is written.

#include "vmm/machine/blocks.h"

static uint8_t *align(uint8_t *p)
{
    return p + (-(uintptr_t)p & (ENGINE_ALIGNMENT - 1));
}

static size_t block_size(uint32_t length)
{
    return sizeof(struct block) + (length + 1) * sizeof(struct op);
}

static void flush(struct blocks *c)
{
    memset(c->by_key, 0, sizeof c->by_key);
    memset(c->by_granule, 0, sizeof c->by_granule);
    c->next = c->room;
    c->space = c->spaces_n = 0;
    c->flushes++;
    code_map_clear(c->map);
}

static void changed(void *owner, uint64_t address, uint64_t n);

void blocks_init(struct blocks *c, size_t size, struct code_map *map)
{
    c->labels = NULL;
    c->map = map;
    c->flushes = 0;
    c->room = align((uint8_t *)(c + 1));
    c->end = (uint8_t *)c + size;
    map->changed = changed;
    map->owner = c;
    flush(c);
}

void blocks_enter_space(struct blocks *c, uint32_t l, uint32_t b)
{
    for (uint32_t k = 0; k < c->spaces_n; k++) {
        if (c->spaces[k].l == l && c->spaces[k].b == b) {
            c->space = k;
            return;
        }
    }
    if (c->spaces_n == BLOCK_SPACES) flush(c);
    c->spaces[c->spaces_n].l = l;
    c->spaces[c->spaces_n].b = b;
    c->space = c->spaces_n++;
}

struct block *blocks_reserve(struct blocks *c)
{
    if ((size_t)(c->end - c->next) < block_size(BLOCK_LENGTH)) {
        const uint32_t l = c->spaces[c->space].l, b = c->spaces[c->space].b;
        flush(c);
        blocks_enter_space(c, l, b);
    }
    return (struct block *)c->next;
}

static struct block **granule_bucket(struct blocks *c, uint64_t granule)
{
    return &c->by_granule[granule % BLOCK_GRANULES];
}

void blocks_commit(struct blocks *c, struct block *b)
{
    struct block **key = blocks_bucket(c, b->P);
    struct block **granule = granule_bucket(c, b->physical >> GRANULE_SHIFT);

    b->same_key = *key;
    *key = b;
    b->same_granule = *granule;
    *granule = b;
    code_map_mark(c->map, b->physical, (uint64_t)b->length * 4);
    c->next = align((uint8_t *)b + block_size(b->length));
}

struct block *blocks_make(struct blocks *c, struct pg32 *s)
{
    struct block **bucket = blocks_bucket(c, s->P);
    struct block *b;

    for (struct block **p = bucket; (b = *p) != NULL; p = &b->same_key) {
        if (b->P == s->P && b->space == c->space) {
            *p = b->same_key; // to the front, where blocks_find looks
            b->same_key = *bucket;
            *bucket = b;
            return b;
        }
    }
    b = blocks_reserve(c);
    block_translate(c, s, b);
    if (b->length == 0) return NULL;
    blocks_commit(c, b);
    return b;
}

// Nobody can enter it any more, and whoever runs it leaves it at the next op. Its memory stays.
static void make_stale(struct blocks *c, struct block *b)
{
    const uint32_t space = c->space;
    struct block **p;

    c->space = b->space;
    for (p = blocks_bucket(c, b->P); *p != b; p = &(*p)->same_key) continue;
    *p = b->same_key;
    c->space = space;
    b->cost = STALE;
    for (uint32_t k = 0; k <= b->length; k++) b->ops[k].label = c->labels[OP_STALE];
}

static bool overlap(const struct block *b, uint64_t address, uint64_t n)
{
    return b->physical < address + n && address < b->physical + (uint64_t)b->length * 4;
}

// Forgets the blocks that have bytes in [address, address + n); tells whether any decoded bytes of
// `granule` remain.
static bool forget(struct blocks *c, uint64_t granule, uint64_t address, uint64_t n)
{
    const uint64_t reach = BLOCK_LENGTH * 4 / GRANULE; // granules from a block's first to its last
    bool remains = false;

    for (uint64_t g = granule < reach ? 0 : granule - reach; g <= granule; g++) {
        struct block **p = granule_bucket(c, g);
        while (*p != NULL) {
            struct block *b = *p;
            if (overlap(b, address, n)) {
                *p = b->same_granule;
                make_stale(c, b);
            } else {
                remains |= overlap(b, granule * GRANULE, GRANULE);
                p = &b->same_granule;
            }
        }
    }
    return remains;
}

static void changed(void *owner, uint64_t address, uint64_t n)
{
    struct blocks *c = owner;

    for (uint64_t g = address >> GRANULE_SHIFT; g <= (address + n - 1) >> GRANULE_SHIFT; g++)
        if (code_map_has(c->map, g) && !forget(c, g, address, n)) code_map_unmark(c->map, g);
}
