// SPDX-License-Identifier: MIT
// From instruction words to ops: decoding a block, and replacing runs of ops by superinstructions.

#include "vmm/machine/blocks.h"

// What ends a block: a jump, whatever needs exact time, a word that decodes to nothing.
#define ENDS(name, flags) [PG32_##name] = ((flags) & (PG32_JUMPS | PG32_SYSTEM)) != 0,
static const bool ends[PG32_ops] = {[PG32_undefined] = true, PG32_INSTRUCTIONS(ENDS)};

// Whose result is not passed on: stores have none.
#define STORES(name, flags) [PG32_##name] = ((flags)&PG32_STORES) != 0,
static const bool stores[PG32_ops] = {PG32_INSTRUCTIONS(STORES)};

// Which sources of `op` are the result of the one before it.
static uint8_t link(const struct op *op)
{
    const struct op *before = op - 1;

    if (stores[before->i.op]) return LINK_NONE;
    return (op->i.rs1 == before->i.rd ? LINK_RS1 : 0) | (op->i.rs2 == before->i.rd ? LINK_RS2 : 0);
}

static bool fits(const struct superinstruction *f, const struct op *op, const uint8_t *links,
                 uint32_t left)
{
    if (left < 2) return false;
    for (int k = 0; k < 2; k++)
        if (op[k].i.op != f->op[k] || (links[k] & f->links[k]) != f->links[k]) return false;
    return true;
}

// Gives every op its label. Those inside a superinstruction keep labels of their own, though none
// jumps there.
static void assign(const struct blocks *c, struct block *b)
{
    uint8_t links[BLOCK_LENGTH] = {LINK_NONE}; // the first has nothing before it

    for (uint32_t k = 1; k < b->length; k++) links[k] = link(&b->ops[k]);
    for (uint32_t k = 0; k < b->length; k++)
        b->ops[k].label = c->labels[links[k] * PG32_ops + b->ops[k].i.op];
    for (uint32_t k = 0; k < b->length;) {
        const struct superinstruction *f = superinstructions, *end = f + SUPERINSTRUCTIONS;
        while (f != end && !fits(f, &b->ops[k], &links[k], b->length - k)) f++;
        if (f != end) b->ops[k].label = c->labels[OP_PAIRS + (f - superinstructions)];
        k += f != end ? 2 : 1;
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
    assign(c, b);
}
