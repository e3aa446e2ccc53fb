// SPDX-License-Identifier: MIT
// Nothing counts here: what a count is, and how often an output has risen, is computed from the
// ticks since the count was loaded.

#include "vmm/x86/devices/pit.h"

#include <stddef.h>

enum { REFRESH_HZ = 66667 }; // of port 0x61's bit 4, which is up every other period

static uint64_t ticks(const struct pit *p)
{
    return clock_ticks(p->clock, clock_now(p->clock), PIT_HZ);
}

static bool is_periodic(const struct pit_channel *c)
{
    return c->mode == 2 || c->mode == 3;
}

static uint64_t elapsed(const struct pit_channel *c, uint64_t now)
{
    return c->gate || c->mode == 1 || c->mode == 5 ? now - c->start : c->left;
}

// The counting element after e ticks.
static uint16_t count_after(const struct pit_channel *c, uint64_t e)
{
    if (!c->loaded) return 0;
    if (c->mode == 2) return (uint16_t)(c->count - e % c->count);
    if (c->mode == 3) return (uint16_t)(c->count - 2 * e % c->count); // down by two
    return (uint16_t)(c->count - e);
}

static bool output_after(const struct pit_channel *c, uint64_t e)
{
    if (!c->loaded) return c->mode != 0;
    switch (c->mode) {
    case 0:
    case 1: return e >= c->count;
    case 2: return e % c->count != c->count - 1;
    case 3: return e % c->count < (c->count + 1) / 2;
    default: return e != c->count; // low for one tick
    }
}

// How often the output has risen by e ticks, and the tick of the n-th time (from 1).
static uint64_t edges_by(const struct pit_channel *c, uint64_t e)
{
    if (!c->loaded) return 0;
    if (is_periodic(c)) return e / c->count;
    return e >= c->count + (uint64_t)(c->mode >= 4);
}

static uint64_t edge_tick(const struct pit_channel *c, uint64_t n)
{
    if (is_periodic(c)) return n * c->count;
    return n > 1 ? UINT64_MAX : c->count + (uint64_t)(c->mode >= 4);
}

void pit_open(struct pit *p, const struct clock *clock)
{
    *p = (struct pit){.clock = clock};
    for (unsigned i = 0; i < 3; i++)
        p->channels[i] = (struct pit_channel){.access = 3, .gate = i < 2, .count = 65536};
}

uint64_t pit_edges(struct pit *p)
{
    struct pit_channel *const c = &p->channels[0];
    const uint64_t by = edges_by(c, elapsed(c, ticks(p))), news = by - c->edges;

    c->edges = by;
    return news;
}

uint64_t pit_next(const struct pit *p)
{
    const struct pit_channel *const c = &p->channels[0];

    if (!c->loaded) return UINT64_MAX;
    const uint64_t tick = edge_tick(c, c->edges + 1);
    return tick == UINT64_MAX ? tick : clock_at(p->clock, c->start + tick, PIT_HZ);
}

static void load(struct pit *p, struct pit_channel *c, uint16_t count)
{
    c->count = count == 0 ? 65536 : count;
    // In modes 1 and 5 the gate starts the count, which of channels 0 and 1 is always up.
    c->loaded = true;
    c->start = ticks(p);
    c->left = 0;
    c->edges = 0;
    if (p->changed != NULL) p->changed(p->of);
}

static void write_count(struct pit *p, struct pit_channel *c, uint8_t byte)
{
    switch (c->access) {
    case 1: load(p, c, byte); break;
    case 2: load(p, c, (uint16_t)(byte << 8)); break;
    default:
        if (c->half_written)
            load(p, c, (uint16_t)(byte << 8 | c->write_low));
        else
            c->write_low = byte;
        c->half_written = !c->half_written;
    }
}

static void latch_count(const struct pit *p, struct pit_channel *c)
{
    if (c->latched) return;
    c->latch = count_after(c, elapsed(c, ticks(p)));
    c->latched = true;
    c->half_read = false;
}

static void latch_status(const struct pit *p, struct pit_channel *c)
{
    if (c->status_latched) return;
    c->status = (uint8_t)((output_after(c, elapsed(c, ticks(p))) ? 0x80 : 0) |
                          (c->loaded ? 0 : 0x40) | c->access << 4 | c->mode << 1);
    c->status_latched = true;
}

static void command(struct pit *p, uint8_t value)
{
    const unsigned which = value >> 6, access = value >> 4 & 3, mode = value >> 1 & 7;

    if (which == 3) { // read back: bits 5 and 4 are off for count and status
        for (unsigned i = 0; i < 3; i++) {
            if (!(value >> (i + 1) & 1)) continue;
            if (!(value & 0x20)) latch_count(p, &p->channels[i]);
            if (!(value & 0x10)) latch_status(p, &p->channels[i]);
        }
        return;
    }
    struct pit_channel *const c = &p->channels[which];
    if (access == 0) {
        latch_count(p, c);
        return;
    }
    c->mode = (uint8_t)(mode > 5 ? mode - 4 : mode);
    c->access = (uint8_t)access;
    c->loaded = c->latched = c->status_latched = c->half_written = c->half_read = false;
    c->edges = 0;
    if (which == 0 && p->changed != NULL) p->changed(p->of);
}

static uint8_t read_count(const struct pit *p, struct pit_channel *c)
{
    const uint16_t value = c->latched ? c->latch : count_after(c, elapsed(c, ticks(p)));
    const bool high = c->access == 2 || (c->access == 3 && c->half_read);

    if (c->status_latched) {
        c->status_latched = false;
        return c->status;
    }
    if (c->access == 3) c->half_read = !c->half_read;
    if (c->access != 3 || high) c->latched = false;
    return (uint8_t)(high ? value >> 8 : value);
}

// The gate's rising edge starts modes 1, 2, 3 and 5 anew; modes 0 and 4 go on where they were.
static void set_gate(const struct pit *p, struct pit_channel *c, bool on)
{
    const uint64_t now = ticks(p);

    if (on == c->gate) return;
    if (!on) c->left = elapsed(c, now);
    if (on) c->start = c->mode == 0 || c->mode == 4 ? now - c->left : now;
    c->gate = on;
}

static uint8_t speaker_port(const struct pit *p)
{
    const struct pit_channel *const c = &p->channels[2];
    const uint64_t refresh = clock_ticks(p->clock, clock_now(p->clock), REFRESH_HZ);

    return (uint8_t)((c->gate ? 1 : 0) | (p->speaker ? 2 : 0) | (refresh & 1) << 4 |
                     (output_after(c, elapsed(c, ticks(p))) ? 0x20 : 0));
}

uint32_t pit_read(void *device, uint16_t port, unsigned size)
{
    struct pit *const p = device;

    (void)size;
    if (port == PIT_SPEAKER_PORT) return speaker_port(p);
    return port == PIT_PORT + 3 ? 0xff : read_count(p, &p->channels[port - PIT_PORT]);
}

void pit_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct pit *const p = device;

    (void)size;
    if (port == PIT_SPEAKER_PORT) {
        set_gate(p, &p->channels[2], value & 1);
        p->speaker = value & 2;
    } else if (port == PIT_PORT + 3) {
        command(p, value & 0xff);
    } else {
        write_count(p, &p->channels[port - PIT_PORT], value & 0xff);
    }
}
