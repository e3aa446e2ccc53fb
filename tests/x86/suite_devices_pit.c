// SPDX-License-Identifier: MIT
// The interval timer: against a naive one that counts each tick as the 8254's data sheet says, and
// its registers by hand.

#include "tests/random.h"
#include "tests/suites.h"

#include "vmm/x86/devices/pit.h"

#include <CUnit/CUnit.h>

static uint64_t tsc;
static struct clock pit_clock;
static struct pit pit;

static uint64_t now(void *of)
{
    (void)of;
    return tsc;
}

static void start(uint64_t hz, uint64_t tick)
{
    pit_clock = (struct clock){.now = now, .hz = hz};
    tsc = clock_at(&pit_clock, tick, PIT_HZ);
    pit_open(&pit, &pit_clock);
}

static void out(uint16_t port, unsigned value)
{
    pit_write(&pit, port, 1, value & 0xff);
}

static unsigned in(uint16_t port)
{
    return pit_read(&pit, port, 1) & 0xff;
}

// ------------------------------------------------------------------ the naive timer

// One channel as its diagrams in the data sheet go, modes 0, 2, 3 and 4, counts from 2.
struct naive {
    unsigned mode;
    bool gate, out, trigger, odd;
    bool loaded, loads; // has a count; gets one at the next tick
    bool armed;         // mode 4: the strobe is to come
    bool fresh;         // a count was written that has not been loaded
    uint32_t written, element;
    uint64_t rises;
};

static void naive_mode(struct naive *n, unsigned mode)
{
    const struct naive was = *n;

    *n = (struct naive){.mode = mode, .gate = was.gate, .out = mode != 0, .rises = was.rises};
}

static void naive_first_byte(struct naive *n)
{
    if (n->mode != 0) return;
    n->loaded = n->loads = n->out = false;
}

static void naive_write(struct naive *n, uint32_t count)
{
    n->written = count;
    n->fresh = true;
    if (n->mode == 0) n->out = n->loaded = false;
    if (n->mode == 0 || n->mode == 4 || !n->loaded) n->loads = true;
}

static void naive_gate(struct naive *n, bool on)
{
    if (n->mode == 2 || n->mode == 3) {
        if (!on) n->out = true;
        if (on && !n->gate && (n->loaded || n->fresh)) n->trigger = true;
    }
    n->gate = on;
}

static void naive_reload(struct naive *n)
{
    n->element = n->mode == 3 ? n->written & ~1u : n->written;
    n->odd = n->written & 1;
    n->fresh = false;
}

static void naive_tick(struct naive *n)
{
    const bool before = n->out;

    if (n->loads || n->trigger) {
        naive_reload(n);
        n->loads = n->trigger = false;
        n->loaded = n->armed = true;
        if (n->mode != 0) n->out = true;
    } else if (n->loaded && n->gate) {
        switch (n->mode) {
        case 0:
            n->element = (n->element - 1) & 0xffff;
            if (n->element == 0) n->out = true;
            break;
        case 2:
            if (n->element == 1) {
                naive_reload(n);
                n->out = true;
            } else if (--n->element == 1) {
                n->out = false;
            }
            break;
        case 3: {
            const bool lingers = n->odd && n->out; // one tick more at 0
            if (n->element > 0)
                n->element -= 2;
            else
                n->element = UINT32_MAX;
            if (n->element == UINT32_MAX || (n->element == 0 && !lingers)) {
                n->out = !n->out;
                naive_reload(n);
            }
            break;
        }
        default:
            n->out = true;
            n->element = (n->element - 1) & 0xffff;
            if (n->element == 0 && n->armed) n->out = n->armed = false;
        }
    }
    n->rises += !before && n->out;
}

// Compares all that a guest can see of a channel.
static void compare(unsigned channel, const struct naive *n, unsigned access)
{
    out(PIT_PORT + 3, 0xc0 | 2u << channel); // both
    const unsigned status = in((uint16_t)(PIT_PORT + channel));
    CU_ASSERT_EQUAL_FATAL(status & 0x80, n->out ? 0x80 : 0);
    CU_ASSERT_EQUAL_FATAL(status & 0x40, !n->loaded || n->fresh ? 0x40 : 0);
    CU_ASSERT_EQUAL_FATAL(status & 0x3f, access << 4 | n->mode << 1);
    unsigned count = n->element & 0xffff;
    if (access == 1) count = in((uint16_t)(PIT_PORT + channel)) | (count & 0xff00);
    if (access == 2) count = in((uint16_t)(PIT_PORT + channel)) << 8 | (count & 0xff);
    if (access == 3) {
        count = in((uint16_t)(PIT_PORT + channel));
        count |= in((uint16_t)(PIT_PORT + channel)) << 8;
    }
    if (n->loaded) CU_ASSERT_EQUAL_FATAL(count, n->element & 0xffff);
    if (channel == 2) CU_ASSERT_EQUAL_FATAL(in(PIT_SPEAKER_PORT)&0x21, n->out << 5 | n->gate);
}

static void write_random_count(struct random *r, struct naive *n, unsigned channel, unsigned access)
{
    unsigned count = 2 + random_below(r, random_once_in(r, 4) ? 600 : 30);

    if (random_once_in(r, 200)) count = 0; // 65536
    if (access == 1 && (count &= 0xff) == 1) count = 2;
    if (access == 2) count &= 0x700;
    if (access != 2) out((uint16_t)(PIT_PORT + channel), count);
    if (access == 3) naive_first_byte(n);
    if (access == 3 && random_once_in(r, 3)) compare(channel, n, access);
    if (access != 1) out((uint16_t)(PIT_PORT + channel), count >> 8);
    naive_write(n, count == 0 ? 65536 : count);
}

// pit_next is the first time at which pit_edges counts one more than it has told.
static void check_next(void)
{
    const uint64_t next = pit_next(&pit), at = tsc;
    struct pit copy = pit;

    if (pit_edges(&copy) > 0) {
        CU_ASSERT_FATAL(next <= tsc);
        return;
    }
    CU_ASSERT_FATAL(next > tsc);
    copy = pit;
    tsc = next == UINT64_MAX ? at + pit_clock.hz * 100 : next - 1;
    CU_ASSERT_EQUAL_FATAL(pit_edges(&copy), 0);
    copy = pit;
    tsc = next;
    if (next != UINT64_MAX) CU_ASSERT_EQUAL_FATAL(pit_edges(&copy), 1);
    tsc = at;
}

static void random_use(struct random *r, unsigned channel)
{
    static const uint8_t modes[] = {0, 2, 3, 4, 6, 7}; // 6 and 7 are 2 and 3
    struct naive n = {.gate = channel == 0, .out = false};
    uint64_t tick = random_u64(r) >> (24 + random_below(r, 40)), told = 0;
    unsigned access = 3;

    start(PIT_HZ + (random_u64(r) >> (25 + random_below(r, 39))), tick);
    for (unsigned i = 0; i < 3000; i++) {
        if (i == 0 || random_once_in(r, 300)) {
            const unsigned mode = modes[random_below(r, 6)];
            access = 1 + random_below(r, 3);
            out(PIT_PORT + 3, channel << 6 | access << 4 | mode << 1);
            naive_mode(&n, mode > 5 ? mode - 4 : mode);
        }
        if (random_once_in(r, n.fresh || n.loaded ? 100 : 4))
            write_random_count(r, &n, channel, access);
        if (channel == 2 && random_once_in(r, 40)) {
            out(PIT_SPEAKER_PORT, !n.gate);
            naive_gate(&n, !n.gate);
        }
        if (random_once_in(r, 2)) compare(channel, &n, access);
        if (channel == 0 && random_once_in(r, 2)) check_next();
        if (channel == 0 && random_once_in(r, 3)) {
            told += pit_edges(&pit);
            CU_ASSERT_EQUAL_FATAL(told, n.rises);
            check_next();
        }
        for (unsigned k = random_once_in(r, 3) ? random_below(r, 50) : 1; k > 0; k--) {
            naive_tick(&n);
            tick++;
        }
        tsc = clock_at(&pit_clock, tick, PIT_HZ);
    }
}

static void channel_0_counts_as_the_naive_one(void)
{
    struct random r = random_seeded(tests_seed());

    for (unsigned i = 0; i < 200; i++) random_use(&r, 0);
}

static void channel_2_counts_as_the_naive_one(void)
{
    struct random r = random_seeded(tests_seed());

    for (unsigned i = 0; i < 200; i++) random_use(&r, 2);
}

// ------------------------------------------------------------------ by hand

static void counts_are_latched(void)
{
    start(PIT_HZ, 1000);
    out(PIT_PORT + 3, 0x34);
    out(PIT_PORT, 0x34);
    out(PIT_PORT, 0x12);
    tsc += 1 + 0x10;
    out(PIT_PORT + 3, 0x00);
    tsc += 0x100;
    out(PIT_PORT + 3, 0x00); // the first one holds
    CU_ASSERT_EQUAL(in(PIT_PORT), 0x24);
    tsc += 1;
    CU_ASSERT_EQUAL(in(PIT_PORT), 0x12);
    CU_ASSERT_EQUAL(in(PIT_PORT), 0x23); // as it runs
    CU_ASSERT_EQUAL(in(PIT_PORT), 0x11);
    out(PIT_PORT + 3, 0xde); // read back the counts of all
    out(PIT_PORT + 3, 0xe2); // and the status of the first one, which comes first
    tsc += 0x20;
    CU_ASSERT_EQUAL(in(PIT_PORT), 0xb4);
    CU_ASSERT_EQUAL(in(PIT_PORT), 0x23);
    CU_ASSERT_EQUAL(in(PIT_PORT), 0x11);
    CU_ASSERT_EQUAL(in(PIT_PORT), 0x03);
    CU_ASSERT_EQUAL(in(PIT_PORT), 0x11);
    CU_ASSERT_EQUAL(in(PIT_PORT + 3), 0xff);
}

static void one_byte_counts_have_the_other_0(void)
{
    start(PIT_HZ, 0);
    out(PIT_PORT + 3, 0x14);
    out(PIT_PORT, 0x80);
    tsc += 1 + 0x7f;
    CU_ASSERT_EQUAL(pit_edges(&pit), 0);
    tsc += 1;
    CU_ASSERT_EQUAL(pit_edges(&pit), 1);
    out(PIT_PORT + 3, 0x24);
    out(PIT_PORT, 0x02);
    tsc += 1 + 0x1ff;
    CU_ASSERT_EQUAL(pit_edges(&pit), 0);
    CU_ASSERT_EQUAL(in(PIT_PORT), 0);
    tsc += 1;
    CU_ASSERT_EQUAL(pit_edges(&pit), 1);
    CU_ASSERT_EQUAL(in(PIT_PORT), 2);
}

// Modes 1 and 5 begin when the gate rises, which of channel 0 it never does.
static void gated_modes_wait_for_the_gate(void)
{
    for (unsigned mode = 1; mode <= 5; mode += 4) {
        start(PIT_HZ, 0);
        out(PIT_PORT + 3, 0x10 | mode << 1);
        out(PIT_PORT, 50);
        out(PIT_PORT + 3, 0x90 | mode << 1);
        out(PIT_PORT + 2, 50);
        CU_ASSERT_EQUAL(pit_next(&pit), UINT64_MAX);
        tsc += 1000;
        CU_ASSERT_EQUAL(pit_edges(&pit), 0);
        CU_ASSERT_EQUAL(in(PIT_SPEAKER_PORT)&0x20, 0x20);
        out(PIT_SPEAKER_PORT, 1);
        tsc += 1;
        for (unsigned i = 0; i < 100; i++) {
            const bool high = mode == 1 ? i >= 50 : i != 50;
            CU_ASSERT_EQUAL(in(PIT_SPEAKER_PORT)&0x20, high << 5);
            tsc++;
            if (i == 20) out(PIT_SPEAKER_PORT, 0); // which changes nothing
        }
    }
}

static void the_speakers_port_is_read_back(void)
{
    start(PIT_HZ, 0);
    for (unsigned i = 0; i < 4; i++) {
        out(PIT_SPEAKER_PORT, i);
        CU_ASSERT_EQUAL(in(PIT_SPEAKER_PORT)&3, i);
    }
    const unsigned refresh = in(PIT_SPEAKER_PORT)&0x10;
    tsc += 18; // 15 microseconds
    CU_ASSERT_EQUAL(in(PIT_SPEAKER_PORT)&0x10, refresh ^ 0x10);
}

void suite_devices_pit(void)
{
    CU_pSuite s = CU_add_suite("interval timer", NULL, NULL);

    CU_add_test(s, "channel 0 counts as the naive one", channel_0_counts_as_the_naive_one);
    CU_add_test(s, "channel 2 counts as the naive one", channel_2_counts_as_the_naive_one);
    CU_add_test(s, "counts are latched", counts_are_latched);
    CU_add_test(s, "one-byte counts have the other 0", one_byte_counts_have_the_other_0);
    CU_add_test(s, "gated modes wait for the gate", gated_modes_wait_for_the_gate);
    CU_add_test(s, "the speaker's port is read back", the_speakers_port_is_read_back);
}
