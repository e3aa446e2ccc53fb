// SPDX-License-Identifier: MIT
// The threaded engine's store of decoded code: straight runs of instructions ("blocks"), found by
// virtual address and relocation, forgotten when their memory is written. engine_threaded.c runs
// them, translate.c makes them.
#ifndef TRAPEZE_VMM_MACHINE_BLOCKS_H
#define TRAPEZE_VMM_MACHINE_BLOCKS_H

#include "vmm/machine/hardware.h"
#include "vmm/machine/superinstructions.h"

enum {
    BLOCK_LENGTH = 64, // instructions at most
    BLOCK_KEYS = 8192,
    BLOCK_GRANULES = 4096,
    BLOCK_SPACES = 32,
};

// The dispatch loop's table of labels: each pg32_op in each of its linked forms (op + PG32_ops *
// links), two that belong to no instruction, the superinstructions in their order.
enum { OP_END = LINKS * PG32_ops, OP_STALE, OP_PAIRS };

// An instruction ready to run: where its code is, and its operands beside that address. The op
// after a block's last has OP_END's label and the following address.
struct op {
    const void *label;
    struct pg32_insn i;
    uint32_t P; // virtual address
};

struct block {
    uint32_t cost;      // instructions to be paid on entry: length, or STALE, which nobody can pay
    uint32_t length;    // instructions
    uint32_t P;         // virtual address of the first
    uint32_t space;     // which (l, b) it was decoded under
    uint32_t after;     // P + 4 * length
    uint32_t jump_P;    // where it last jumped to, other than `after`
    struct block *next; // the block at `after`, where already known; it may be stale
    struct block *jump; // the one at jump_P
    uint64_t physical;
    struct block *same_key, *same_granule; // the lists that it is in
    struct op ops[];
};

#define STALE UINT32_MAX

struct blocks {
    const void *const *labels; // as enumerated above
    struct code_map *map;
    uint32_t space; // the current one
    uint32_t spaces_n;
    uint32_t flushes; // how often everything was forgotten: pointers to blocks died
    struct {
        uint32_t l, b;
    } spaces[BLOCK_SPACES];
    struct block *by_key[BLOCK_KEYS];
    struct block *by_granule[BLOCK_GRANULES]; // by that of the first byte
    uint8_t *next, *end;                      // room left for blocks
    uint8_t *room;
};

// An empty store in `size` bytes at `c` (at least BLOCKS_LEAST), which may hold anything.
void blocks_init(struct blocks *c, size_t size, struct code_map *map);
#define BLOCKS_LEAST (sizeof(struct blocks) + ((size_t)64 << 10))

// Makes (l, b) the current space. May flush.
void blocks_enter_space(struct blocks *c, uint32_t l, uint32_t b);

// The block at s->P in the current space, which must be s's: found, or made. Null where not even
// one instruction can be fetched. May flush. Leaves *s as it was.
struct block *blocks_make(struct blocks *c, struct pg32 *s);

// Room for a block of BLOCK_LENGTH, flushing first where there is none; and, once its members down
// to `physical` and its ops are set, its entry into the store.
struct block *blocks_reserve(struct blocks *c);
void blocks_commit(struct blocks *c, struct block *b);

// Decodes from s->P on into a reserved block (translate.c); its length may be 0.
void block_translate(struct blocks *c, struct pg32 *s, struct block *b);

static inline struct block **blocks_bucket(struct blocks *c, uint32_t P)
{
    return &c->by_key[(P >> 2 ^ c->space << 7) % BLOCK_KEYS];
}

static inline struct block *blocks_find(struct blocks *c, struct pg32 *s)
{
    struct block *b = *blocks_bucket(c, s->P);

    return b != NULL && b->P == s->P && b->space == c->space ? b : blocks_make(c, s);
}

#endif
