// SPDX-License-Identifier: MIT
// From instruction words to ops: decoding a block, and replacing runs of ops by superinstructions.

#include "vmm/machine/blocks.h"
#include "vmm/machine/superinstructions.h"

// What ends a block: a jump, whatever needs exact time, a word that decodes to nothing.
#define ENDS(name, flags) [PG32_##name] = ((flags) & (PG32_JUMPS | PG32_SYSTEM)) != 0,
static const bool ends[PG32_ops] = {[PG32_undefined] = true, PG32_INSTRUCTIONS(ENDS)};

#define DSTORES(name, flags) [PG32_##name] = ((flags) & PG32_STORES) != 0,
static const bool stores[PG32_ops] = {PG32_INSTRUCTIONS(DSTORES)};

static bool fits(const struct superinstruction *f, const struct op *op, uint32_t left)
{
    if (f->n > left) return false;
    for (uint32_t k = 0; k < f->n; k++)
        if (op[k].i.op != f->op[k]) return false;
    for (uint32_t k = 1; k < f->n; k++) {
        const uint8_t result = op[k - 1].i.rd;
        if ((f->link[k] & LINK_RS1) && op[k].i.rs1 != result) return false;
        if ((f->link[k] & LINK_RS2) && op[k].i.rs2 != result) return false;
    }
    return true;
}

// The table is in order of preference. The ops inside a superinstruction keep labels of their own.
static void fuse(struct blocks *c, struct block *b)
{
    for (uint32_t k = 1; k < b->length; k++) {
        int link = 0;
        if (stores[b->ops[k - 1].i.op]) continue;
        if (b->ops[k].i.rs1 == b->ops[k - 1].i.rd) link |= LINK_RS1;
        if (b->ops[k].i.rs2 == b->ops[k - 1].i.rd) link |= LINK_RS2;
        b->ops[k].label = c->labels[link * PG32_ops + b->ops[k].i.op];
    }
    for (uint32_t k = 0; k < b->length;) {
        uint32_t n = 1;
        for (uint32_t f = 0; f < SUPERINSTRUCTIONS; f++) {
            if (fits(&superinstructions[f], &b->ops[k], b->length - k)) {
                b->ops[k].label = c->labels[OP_FUSED + f];
                n = superinstructions[f].n;
                break;
            }
        }
        k += n;
    }
}

void block_translate(struct blocks *c, struct pg32 *s, struct block *b)
{
    const uint32_t cause = s->cause, value = s->value; // a fetch that fails here never happened
    uint32_t n = 0, at = s->P, word;
    bool end = false;

    while (!end && n < BLOCK_LENGTH && pg32_fetch(s, at, &word) == PG32_NEXT) {
        struct op *op = &b->ops[n++];
        memset(&op->i, 0, sizeof op->i);
        pg32_decode(word, &op->i);
        op->label = c->labels[op->i.op];
        op->P = at;
        at += 4;
        end = ends[op->i.op];
    }
    s->cause = cause;
    s->value = value;

    b->ops[n].label = c->labels[OP_END];
    b->ops[n].P = at;
    b->cost = b->length = n;
    b->P = s->P;
    b->space = c->space;
    b->after = b->jump_P = at;
    b->next = b->jump = NULL;
    b->physical = (uint64_t)s->l + s->P;
    fuse(c, b);
}
