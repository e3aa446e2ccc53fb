// SPDX-License-Identifier: MIT
// The 8259A's registers and priorities.

#include "vmm/x86/devices/pic.h"

enum { CASCADE = 2, NONE = 8 };
enum {
    ICW1 = 1 << 4,
    ICW1_SINGLE = 1 << 1,
    ICW1_NEEDS_4 = 1 << 0,
    ICW4_AUTOMATIC = 1 << 1,
    OCW3 = 1 << 3
};

void pic_open(struct pic *p)
{
    *p = (struct pic){0};
    for (unsigned i = 0; i < 2; i++) p->chips[i] = (struct pic_chip){.masked = 0xff, .lowest = 7};
}

// The input of the highest priority among `bits`.
static unsigned first(const struct pic_chip *c, uint8_t bits)
{
    for (unsigned i = 1; i <= 8; i++) {
        const unsigned n = (c->lowest + i) & 7;
        if (bits >> n & 1) return n;
    }
    return NONE;
}

// How far down input n is, 0 the highest priority.
static unsigned rank(const struct pic_chip *c, unsigned n)
{
    return n == NONE ? NONE : (n - c->lowest - 1) & 7;
}

// IRR: an edge that has come, or a level that is there.
static uint8_t requests(const struct pic_chip *c)
{
    return c->requests | (c->lines & c->level);
}

// What is served and stands in the way of others: in special mask mode only what is not masked.
static uint8_t served(const struct pic_chip *c)
{
    return c->special_mask ? c->served & (uint8_t)~c->masked : c->served;
}

// The request that this chip asks its interrupt for: unmasked, above all that is served.
static unsigned asked(const struct pic_chip *c)
{
    const unsigned n = first(c, requests(c) & (uint8_t)~c->masked);

    return rank(c, n) < rank(c, first(c, served(c))) ? n : NONE;
}

// The second chip's interrupt is the first one's input 2. While the first serves it, only a higher
// input of the second may interrupt again, which `asked` knows of the second; the first, in the
// normal mode that PCs use, holds it back until both have been told the end.
static void cascade(struct pic *p)
{
    struct pic_chip *const c = &p->chips[0];

    if (asked(&p->chips[1]) != NONE)
        c->requests |= 1 << CASCADE;
    else
        c->requests &= (uint8_t) ~(1 << CASCADE);
}

void pic_line(struct pic *p, unsigned irq, bool high)
{
    struct pic_chip *const c = &p->chips[irq >> 3 & 1];
    const uint8_t bit = (uint8_t)(1 << (irq & 7));

    if (high && !(c->level & bit) && !(c->lines & bit)) c->requests |= bit;
    if (!high) c->requests &= (uint8_t)~bit; // a request that nobody has taken is withdrawn
    c->lines = high ? c->lines | bit : c->lines & (uint8_t)~bit;
    cascade(p);
}

bool pic_asks(const struct pic *p)
{
    return asked(&p->chips[0]) != NONE;
}

static unsigned acknowledge(struct pic_chip *c)
{
    const unsigned n = asked(c);

    if (n == NONE) return 7; // spurious: nothing is served
    const uint8_t bit = (uint8_t)(1 << n);
    c->requests &= (uint8_t)~bit;
    if (!c->automatic)
        c->served |= bit;
    else if (c->rotates)
        c->lowest = (uint8_t)n;
    return n;
}

unsigned pic_acknowledge(struct pic *p)
{
    struct pic_chip *c = &p->chips[0];
    unsigned n = acknowledge(c);

    if (n == CASCADE) {
        c = &p->chips[1];
        n = acknowledge(c);
    }
    cascade(p);
    return c->vectors + n;
}

static struct pic_chip *chip(struct pic *p, uint16_t port)
{
    return &p->chips[port >= PIC2_PORT && port < PIC_LEVEL_PORT];
}

uint32_t pic_read(void *device, uint16_t port, unsigned size)
{
    struct pic *const p = device;
    struct pic_chip *const c = chip(p, port);

    (void)size;
    if (port >= PIC_LEVEL_PORT) return p->chips[port & 1].level;
    if (c->polled) {
        const unsigned n = asked(c);
        c->polled = false;
        if (n != NONE) acknowledge(c);
        cascade(p);
        return n == NONE ? 0 : 0x80 | n;
    }
    if (port & 1) return c->masked;
    return c->reads_served ? c->served : requests(c);
}

// OCW2: the end of an interrupt, by itself or by its number; rotation of priorities.
static void end_of_interrupt(struct pic_chip *c, uint8_t value)
{
    enum { SPECIFIC = 1 << 6, END = 1 << 5, ROTATE = 1 << 7 };
    unsigned n = value & SPECIFIC ? value & 7 : first(c, served(c));

    if (!(value & (END | SPECIFIC))) { // with `automatic`: rotates or not
        c->rotates = value & ROTATE;
        return;
    }
    if (n == NONE) return;
    if (value & END) c->served &= (uint8_t) ~(1 << n);
    if (value & ROTATE) c->lowest = (uint8_t)n;
}

static void command(struct pic_chip *c, uint8_t value)
{
    if (value & ICW1) {
        const uint8_t lines = c->lines, level = c->level;
        *c = (struct pic_chip){.lines = lines, .level = level, .lowest = 7, .words = 2};
        c->wants_word3 = !(value & ICW1_SINGLE);
        c->wants_word4 = value & ICW1_NEEDS_4;
    } else if (value & OCW3) {
        enum { READ = 1 << 1, SERVED = 1 << 0, POLL = 1 << 2, MASK = 1 << 6, MASK_ON = 1 << 5 };
        if (value & READ) c->reads_served = value & SERVED;
        if (value & MASK) c->special_mask = value & MASK_ON;
        c->polled = value & POLL;
    } else {
        end_of_interrupt(c, value);
    }
}

static void data(struct pic_chip *c, uint8_t value)
{
    switch (c->words) {
    case 2:
        c->vectors = value & 0xf8;
        c->words = c->wants_word3 ? 3 : c->wants_word4 ? 4 : 0;
        break;
    case 3: c->words = c->wants_word4 ? 4 : 0; break; // how the two are wired
    case 4:
        c->automatic = value & ICW4_AUTOMATIC;
        c->words = 0;
        break;
    default: c->masked = value;
    }
}

void pic_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct pic *const p = device;
    const uint8_t byte = value & 0xff;

    (void)size;
    if (port >= PIC_LEVEL_PORT) {
        // Timer, keyboard, cascade, clock, coprocessor stay edge-triggered.
        p->chips[port & 1].level = byte & (port & 1 ? 0xde : 0xf8);
        p->chips[port & 1].requests &= (uint8_t)~p->chips[port & 1].level;
    } else if (port & 1) {
        data(chip(p, port), byte);
    } else {
        command(chip(p, port), byte);
    }
    cascade(p);
}
