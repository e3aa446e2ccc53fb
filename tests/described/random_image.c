// SPDX-License-Identifier: MIT
// Making random guests: random words from the description, the handlers by hand for each machine.

#include "tests/described/random_image.h"

#include "isa-analyzer/language/check.h"

enum { TRIES = 64, HANDLER_RANDOM = 4, BEGINS = 4096 };

static uint64_t begins[BEGINS]; // where instructions of the last image begin
static uint32_t begins_n;

static uint64_t store_word(struct described *m, uint64_t at, uint64_t word, unsigned width)
{
    const unsigned unit = m->s.m->unit_width, cells = unit / m->s.m->memory->width;

    for (unsigned shift = width; shift > 0; at += cells) {
        shift -= unit;
        concrete_store(&m->s, at, cells, bits_low(word >> shift, unit));
    }
    return at;
}

// Long fields are mostly addresses, so mostly such as there are.
static uint64_t with_addresses(const struct described *m, struct random *r,
                               const struct instruction *i, uint64_t word)
{
    const struct field *f;

    LIST_EACH(f, i->format->fields)
    {
        const uint64_t ones = (uint64_t)bits_ones(f->width) << f->low;
        if (f->width < 10 || (i->mask & ones) != 0 || random_once_in(r, 6)) continue;
        const uint64_t value = random_below(r, random_once_in(r, 2) ? 64 : (uint32_t)m->s.cells_n);
        word = (word & ~ones) | value << f->low;
    }
    return word;
}

// Any instruction; of a machine that extends another, one of its own every few times.
static const struct instruction *choose(const struct description *d, struct random *r)
{
    const struct list *all = &d->instructions;
    const struct instruction *i;

    if (d->base != NULL && random_once_in(r, 8)) LIST_EACH(i, *all)
    if (i->where.source == d->source) return i;
    return all->items[random_below(r, all->n)];
}

// Whether it mostly leads out of the handler that it stands in.
static bool is_restless(const struct description *d, const struct instruction *i)
{
    const unsigned effects = EFFECT_JUMP | EFFECT_RESOURCE | EFFECT_END;

    return (i->routine.effects & effects) != 0 && (d->base == NULL || i->where.source != d->source);
}

// Writes a random instruction at `at`; returns the address behind it. `calm`: it mostly goes on to
// the next one.
static uint64_t random_instruction(struct described *m, struct random *r, uint64_t at, bool calm)
{
    for (int k = 0; k < TRIES; k++) {
        const struct instruction *i = choose(m->s.m, r);
        if (calm && is_restless(m->s.m, i) && !random_once_in(r, 12)) continue;
        uint64_t word = random_u64(r) & (uint64_t)bits_ones(i->format->width);
        word = with_addresses(m, r, i, word);
        word = (word & ~i->mask) | i->match;
        // What stops the machine is rare, or nothing would run for long.
        if ((i->routine.effects & EFFECT_END) != 0 && !random_once_in(r, 10)) continue;
        if (instruction_matches(i, word)) return store_word(m, at, word, i->format->width);
    }
    return at + 1;
}

// A window of memory: mostly inside, at times reaching beyond the end, or beyond it altogether; or
// all of it, for the handler `next` in supervisor mode.
struct window {
    uint64_t l, b, pc;
    bool user;
};

static struct window random_window(const struct described *m, struct random *r, uint64_t next)
{
    const uint32_t q = (uint32_t)m->s.cells_n;
    struct window w = {.l = random_below(r, q),
                       .b = random_below(r, q),
                       .pc = random_below(r, 64),
                       .user = !random_once_in(r, 4)};

    if (!random_once_in(r, 4)) w.l = begins[random_below(r, begins_n)], w.pc = 0;
    if (random_once_in(r, 12)) w.l += q / 2;
    if (random_once_in(r, 6)) w.b = q + random_below(r, q);
    if (!w.user) w.l = 0, w.b = q, w.pc = next;
    return w;
}

uint64_t random_image(struct described *m, const struct image_kind *kind, uint64_t seed)
{
    struct random r = random_seeded(seed);
    uint64_t starts[IMAGE_HANDLERS] = {0};

    begins_n = 0;
    for (uint64_t k = 0; k + 8 < m->s.cells_n; begins[begins_n++ % BEGINS] = k)
        k = random_instruction(m, &r, k, false);
    if (begins_n > BEGINS) begins_n = BEGINS;
    for (int pass = 0; pass < 2; pass++) { // the second with addresses that are known
        struct random same = r;
        uint64_t at = kind->handlers;
        for (unsigned h = 0; h < IMAGE_HANDLERS; h++) {
            starts[h] = at;
            const uint64_t next = starts[(h + 1) % IMAGE_HANDLERS];
            at = kind->advance(m, at, next, h);
            for (int k = 0; k < HANDLER_RANDOM; k++) at = random_instruction(m, &same, at, true);
            at = kind->resume(m, &same, at, next);
        }
    }
    kind->first(m, starts[0]);
    return starts[random_below(&r, IMAGE_HANDLERS)];
}

// ---------------------------------------------------------------- word36

static uint64_t word36(unsigned op, unsigned ac, uint64_t y)
{
    return (uint64_t)op << 27 | (uint64_t)ac << 23 | y;
}

static uint64_t word36_advance(struct described *m, uint64_t at, uint64_t next, unsigned h)
{
    (void)h;
    concrete_store(&m->s, at, 1, word36(0201, 1, next));  // movei 1, next
    concrete_store(&m->s, at + 1, 1, word36(0202, 1, 2)); // movem 1, 2
    return at + 2;
}

static uint64_t word36_resume(struct described *m, struct random *r, uint64_t at, uint64_t next)
{
    const struct window w = random_window(m, r, next);

    concrete_store(&m->s, at, 1, word36(0254, 2, at + 1)); // jrstf
    concrete_store(&m->s, at + 1, 1, (uint64_t)w.user << 31 | w.pc);
    concrete_store(&m->s, at + 2, 1, (w.b & 0x3ffff) << 18 | (w.l & 0x3ffff));
    return at + 3;
}

static void word36_first(struct described *m, uint64_t handler)
{
    concrete_store(&m->s, 2, 1, handler);
    concrete_store(&m->s, 3, 1, m->s.cells_n << 18);
}

const struct image_kind image_word36 = {"word36", 64, word36_advance, word36_resume, word36_first};

// ---------------------------------------------------------------- tri16

static uint64_t tri16_two(struct described *m, uint64_t at, unsigned op, unsigned a, unsigned b,
                          uint64_t imm)
{
    return store_word(m, at, (uint64_t)(op << 9 | a << 6 | b << 3) << 16 | (imm & 0xffff), 32);
}

static uint64_t tri16_advance(struct described *m, uint64_t at, uint64_t next, unsigned h)
{
    (void)h;
    at = tri16_two(m, at, 0x40, 1, 0, next); // addi r1, r0, next
    for (unsigned cause = 0; cause < 4; cause++)
        at = tri16_two(m, at, 0x42, 1, 0, 0x28 + cause); // st r1, vector(r0)
    return at;
}

static uint64_t tri16_resume(struct described *m, struct random *r, uint64_t at, uint64_t next)
{
    const struct window w = random_window(m, r, next);

    at = tri16_two(m, at, 0x40, 2, 0, at + 3);      // addi r2, r0, the state
    at = store_word(m, at, 0x1a << 9 | 2 << 3, 16); // rti (r2)
    concrete_store(&m->s, at, 1, w.user ? 2 : random_below(r, 2));
    concrete_store(&m->s, at + 1, 1, w.pc);
    concrete_store(&m->s, at + 2, 1, w.l);
    concrete_store(&m->s, at + 3, 1, w.b);
    return at + 4;
}

static void tri16_first(struct described *m, uint64_t handler)
{
    for (unsigned cause = 0; cause < 4; cause++) concrete_store(&m->s, 0x28 + cause, 1, handler);
}

const struct image_kind image_tri16 = {"tri16", 64, tri16_advance, tri16_resume, tri16_first};

// ---------------------------------------------------------------- clock24

// Ten bytes: flags, PC, origin, extent.
static uint64_t clock24_state(struct described *m, uint64_t at, unsigned flags, uint64_t pc,
                              uint64_t l, uint64_t b)
{
    const bits state = (bits)flags << 72 | (bits)pc << 48 | (bits)l << 24 | b;

    concrete_store(&m->s, at, 10, state);
    return at + 10;
}

static uint64_t clock24_advance(struct described *m, uint64_t at, uint64_t next, unsigned h)
{
    if (h % 2 == 0) at = store_word(m, at, 0x44000000, 32); // in 0
    at = store_word(m, at, 0x30000000 | 0xe1, 32);          // li e1
    at = store_word(m, at, 0x10 << 8 | 1 << 2, 16);         // mov r1, r0
    at = store_word(m, at, 0x30000000 | next, 32);          // li next
    return store_word(m, at, 0x25 << 16 | 1 << 8, 24);      // sw r0, 0(r1)
}

static uint64_t clock24_resume(struct described *m, struct random *r, uint64_t at, uint64_t next)
{
    const struct window w = random_window(m, r, next);

    at = store_word(m, at, 0x30000000 | (at + 6), 32); // li the state
    at = store_word(m, at, 0x40 << 8, 16);             // load (r0)
    return clock24_state(m, at, (unsigned)w.user << 7 | random_below(r, 2) << 6, w.pc, w.l, w.b);
}

static void clock24_first(struct described *m, uint64_t handler)
{
    clock24_state(m, 0xe0, 0, handler, 0, m->s.cells_n);
}

const struct image_kind image_clock24 = {"clock24", 256, clock24_advance, clock24_resume,
                                         clock24_first};
