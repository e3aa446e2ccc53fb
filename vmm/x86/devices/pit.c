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
    return c->stopped ? c->left : now - c->start;
}

// The counting element after e ticks.
static uint16_t count_after(const struct pit_channel *c, uint64_t e)
{
    if (!c->loaded) return (uint16_t)c->written; // undefined, so the count that is coming
    const uint64_t period = e % c->count, high = (c->count + 1) / 2;

    switch (c->mode) {
    case 2: return (uint16_t)(c->count - period);
    case 3: // down by two from an even count, in each half
        return (uint16_t)((c->count & ~1u) - 2 * (period < high ? period : period - high));
    default: return (uint16_t)(c->count - e);
    }
}

static bool output_after(const struct pit_channel *c, uint64_t e)
{
    if (!c->loaded) return c->mode != 0;
    switch (c->mode) {
    case 0:
    case 1: return e >= c->count;
    case 2: return c->stopped || e % c->count != c->count - 1;
    case 3: return c->stopped || e % c->count < (c->count + 1) / 2;
    default: return e != c->count; // low for one tick
    }
}

// How often the output has risen by e ticks.
static uint64_t edges_by(const struct pit_channel *c, uint64_t e)
{
    if (!c->loaded) return 0;
    if (is_periodic(c)) return e / c->count;
    return e >= c->count + (uint64_t)(c->mode >= 4);
}

// The tick at which it rises next after those that have been reported.
static uint64_t next_edge(const struct pit_channel *c)
{
    if (!c->loaded) return UINT64_MAX;
    if (is_periodic(c)) return c->start + (c->edges + 1) * c->count;
    return c->edges > 0 ? UINT64_MAX : c->start + c->count + (uint64_t)(c->mode >= 4);
}

// Nothing is counted any more; what has been is remembered.
static void forget(struct pit_channel *c, uint64_t now)
{
    c->unreported += edges_by(c, elapsed(c, now)) - c->edges;
    c->edges = 0;
    c->loaded = false;
}

// Loads the count that is due by `now`.
static void settle(struct pit_channel *c, uint64_t now)
{
    const uint64_t at = c->load_at;

    if (at == 0 || at == UINT64_MAX || at > now) return;
    const bool half = c->mode == 3 && c->loaded && !c->stopped && !output_after(c, at - c->start);
    forget(c, at);
    c->loaded = true;
    c->load_at = 0;
    c->fresh = false;
    c->count = c->written;
    c->start = at;
    c->left = 0;
    if (c->gate) c->stopped = false;
    if (half) c->start = at - (c->count + 1) / 2; // the square wave's lower half comes
    c->edges = edges_by(c, elapsed(c, at));
}

void pit_open(struct pit *p, const struct clock *clock)
{
    *p = (struct pit){.clock = clock};
    for (unsigned i = 0; i < 3; i++)
        p->channels[i] =
            (struct pit_channel){.access = 3, .gate = i < 2, .stopped = i == 2, .count = 65536};
}

uint64_t pit_edges(struct pit *p)
{
    struct pit_channel *const c = &p->channels[0];
    const uint64_t now = ticks(p);

    settle(c, now);
    const uint64_t by = edges_by(c, elapsed(c, now)), news = by - c->edges + c->unreported;
    c->edges = by;
    c->unreported = 0;
    return news;
}

uint64_t pit_next(const struct pit *p)
{
    struct pit_channel c = p->channels[0];
    uint64_t tick = next_edge(&c);

    if (c.unreported > 0) return 0;
    // A count that is loaded at the very edge does not take it away.
    if (c.load_at != 0 && c.load_at < tick) {
        settle(&c, c.load_at);
        tick = next_edge(&c);
    }
    return tick == UINT64_MAX ? tick : clock_at(p->clock, tick, PIT_HZ);
}

// When a new count is loaded: at the next tick; where the channel counts periodically, when the
// period (mode 3: its half) is over; where the gate starts it, then.
static uint64_t loading_time(const struct pit_channel *c, uint64_t now)
{
    if (c->mode == 1 || c->mode == 5) return UINT64_MAX;
    if (!is_periodic(c) || !c->loaded) return now + 1;
    if (c->stopped) return c->gate || c->load_at == now + 1 ? now + 1 : UINT64_MAX;
    const uint64_t e = elapsed(c, now), period = e % c->count, high = (c->count + 1) / 2;
    return now - period + (c->mode == 3 && period < high ? high : c->count);
}

static void load(struct pit *p, struct pit_channel *c, uint16_t count)
{
    const uint64_t now = ticks(p);

    if (c->mode == 0) forget(c, now); // its output falls
    c->written = count == 0 ? 65536 : count;
    c->load_at = loading_time(c, now);
    c->fresh = true;
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
        if (!c->half_written && c->mode == 0) { // the first of two bytes stops it
            forget(c, ticks(p));
            c->load_at = 0;
            if (p->changed != NULL) p->changed(p->of);
        }
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
                          (c->loaded && !c->fresh ? 0 : 0x40) | c->access << 4 | c->mode << 1);
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
    forget(c, ticks(p));
    c->mode = (uint8_t)(mode > 5 ? mode - 4 : mode);
    c->access = (uint8_t)access;
    c->latched = c->status_latched = c->half_written = c->half_read = false;
    c->fresh = false;
    c->written = 0;
    c->load_at = 0;
    c->stopped = !c->gate && mode != 1 && mode != 5;
    c->left = 0;
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
    const bool triggers = c->mode != 0 && c->mode != 4;

    if (on == c->gate) return;
    c->gate = on;
    if (on && triggers && c->written != 0) c->load_at = now + 1;
    if (c->mode == 1 || c->mode == 5) return;
    if (!on) {
        // A count that was due after the period waits for the gate; one for which the gate has
        // just risen does not.
        if (triggers && c->loaded && c->load_at != 0 && !c->stopped) c->load_at = UINT64_MAX;
        c->left = elapsed(c, now);
        c->stopped = true;
    } else if (!triggers || !c->loaded) {
        c->start = now - c->left;
        c->stopped = false;
    }
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
    for (unsigned i = 0; i < 3; i++) settle(&p->channels[i], ticks(p));
    if (port == PIT_SPEAKER_PORT) return speaker_port(p);
    return port == PIT_PORT + 3 ? 0xff : read_count(p, &p->channels[port - PIT_PORT]);
}

void pit_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct pit *const p = device;

    (void)size;
    for (unsigned i = 0; i < 3; i++) settle(&p->channels[i], ticks(p));
    if (port == PIT_SPEAKER_PORT) {
        set_gate(p, &p->channels[2], value & 1);
        p->speaker = value & 2;
    } else if (port == PIT_PORT + 3) {
        command(p, value & 0xff);
    } else {
        write_count(p, &p->channels[port - PIT_PORT], value & 0xff);
    }
}
