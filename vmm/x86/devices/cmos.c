// SPDX-License-Identifier: MIT
// The clock's registers (Motorola, MC146818A), and the calendar.

#include "vmm/x86/devices/cmos.h"

#include <stdbool.h>

enum {
    SECOND = 0,
    MINUTE = 2,
    HOUR = 4,
    WEEKDAY = 6,
    DAY = 7,
    MONTH = 8,
    YEAR = 9,
    STATUS_A = 10,
    STATUS_B = 11,
    STATUS_C = 12,
    STATUS_D = 13,
    CENTURY = 0x32,
    B_HOURS_24 = 1 << 1,
    B_BINARY = 1 << 2,
    B_SET = 1 << 7,
    D_VALID = 1 << 7,
    A_RATE = 0x26, // 32768 Hz
};

static bool is_leap(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (unsigned)(month == 2 && is_leap(year));
}

uint64_t date_seconds(const struct date *d)
{
    uint64_t days = d->day - 1;

    for (unsigned y = 1970; y < d->year; y++) days += 365 + (unsigned)is_leap(y);
    for (unsigned m = 1; m < d->month; m++) days += days_of(d->year, m);
    return ((days * 24 + d->hour) * 60 + d->minute) * 60 + d->second;
}

struct date date_of(uint64_t seconds)
{
    struct date d = {.year = 1970, .month = 1};
    uint64_t days = seconds / 86400;

    d.second = seconds % 60;
    d.minute = seconds / 60 % 60;
    d.hour = seconds / 3600 % 24;
    d.weekday = (days + 4) % 7; // a Thursday
    while (days >= 365 + (unsigned)is_leap(d.year)) days -= 365 + (unsigned)is_leap(d.year++);
    while (days >= days_of(d.year, d.month)) days -= days_of(d.year, d.month++);
    d.day = (unsigned)days + 1;
    return d;
}

static void put_size(struct cmos *c, unsigned at, uint64_t size)
{
    c->bytes[at] = size & 0xff;
    c->bytes[at + 1] = size >> 8 & 0xff;
}

void cmos_open(struct cmos *c, const struct clock *clock, uint64_t seconds, uint64_t memory_size)
{
    const uint64_t mib = 1 << 20, above = memory_size > mib ? memory_size - mib : 0;
    const uint64_t above_16 = memory_size > 16 * mib ? memory_size - 16 * mib : 0;
    const uint64_t extended = above >> 10 > 0xffff ? 0xffff : above >> 10;

    *c = (struct cmos){.clock = clock, .offset = seconds};
    c->bytes[STATUS_A] = A_RATE;
    c->bytes[STATUS_B] = B_HOURS_24;
    put_size(c, 0x15, 640); // KiB below 640 KiB, above 1 MiB (twice), 64 KiB above 16 MiB
    put_size(c, 0x17, extended);
    put_size(c, 0x30, extended);
    put_size(c, 0x34, above_16 >> 16);
}

static uint8_t shown(const struct cmos *c, unsigned value)
{
    return (uint8_t)(c->bytes[STATUS_B] & B_BINARY ? value : value / 10 << 4 | value % 10);
}

static uint8_t shown_hour(const struct cmos *c, unsigned hour)
{
    if (c->bytes[STATUS_B] & B_HOURS_24) return shown(c, hour);
    return (uint8_t)(shown(c, hour % 12 == 0 ? 12 : hour % 12) | (hour >= 12 ? 0x80 : 0));
}

static uint64_t seconds_passed(const struct cmos *c)
{
    return clock_ticks(c->clock, clock_now(c->clock), 1);
}

// The year 9999 goes over into 1970: whatever a guest makes of its counter, there is a date, and it
// is found soon.
static struct date today(const struct cmos *c)
{
    const uint64_t years_to_10000 = UINT64_C(253402300800); // in seconds

    if (c->bytes[STATUS_B] & B_SET) return c->stays;
    return date_of((c->offset + seconds_passed(c)) % years_to_10000);
}

uint32_t cmos_read(void *device, uint16_t port, unsigned size)
{
    const struct cmos *const c = device;

    (void)size;
    if (port == CMOS_PORT) return 0xff;
    const struct date d = today(c);
    switch (c->index) {
    case SECOND: return shown(c, d.second);
    case MINUTE: return shown(c, d.minute);
    case HOUR: return shown_hour(c, d.hour);
    case WEEKDAY: return shown(c, d.weekday + 1);
    case DAY: return shown(c, d.day);
    case MONTH: return shown(c, d.month);
    case YEAR: return shown(c, d.year % 100);
    case CENTURY: return shown(c, d.year / 100);
    case STATUS_C: return 0;
    case STATUS_D: return D_VALID;
    default: return c->bytes[c->index];
    }
}

static unsigned meant(const struct cmos *c, uint8_t value)
{
    return c->bytes[STATUS_B] & B_BINARY ? value : (value >> 4) * 10u + (value & 15);
}

// The clock goes on from date d. A day that its month has not becomes the month's last.
static void go_on(struct cmos *c, struct date d)
{
    if (d.day > days_of(d.year, d.month)) d.day = days_of(d.year, d.month);
    c->offset = date_seconds(&d) - seconds_passed(c);
}

// A field of the date is set, each for itself; what cannot be is not taken.
static void set(struct cmos *c, uint8_t value)
{
    struct date d = today(c);
    const unsigned n = meant(c, value);

    switch (c->index) {
    case SECOND: d.second = n; break;
    case MINUTE: d.minute = n; break;
    case HOUR:
        d.hour =
            c->bytes[STATUS_B] & B_HOURS_24 ? n : meant(c, value & 0x7f) % 12 + value / 128 * 12;
        break;
    case DAY: d.day = n; break;
    case MONTH: d.month = n; break;
    case YEAR: d.year = d.year / 100 * 100 + n; break;
    default: return;
    }
    if (d.second > 59 || d.minute > 59 || d.hour > 23 || d.month < 1 || d.month > 12 || d.day < 1 ||
        d.day > 31 || d.year < 1970 || (c->index == YEAR && n > 99))
        return;
    if (c->bytes[STATUS_B] & B_SET)
        c->stays = d;
    else
        go_on(c, d);
}

static void write_status_b(struct cmos *c, uint8_t byte)
{
    const bool was = c->bytes[STATUS_B] & B_SET;

    if (byte & B_SET) c->stays = today(c);
    c->bytes[STATUS_B] = byte;
    if (was && !(byte & B_SET)) go_on(c, c->stays);
}

void cmos_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct cmos *const c = device;
    const uint8_t byte = value & 0xff;

    (void)size;
    if (port == CMOS_PORT) {
        c->index = byte & (CMOS_BYTES - 1); // bit 7 masks the NMI, of which there is none
        return;
    }
    switch (c->index) {
    case STATUS_A: c->bytes[STATUS_A] = byte & 0x7f; break; // never in the middle of an update
    case STATUS_B: write_status_b(c, byte); break;
    case STATUS_C:
    case STATUS_D:
    case CENTURY:
    case WEEKDAY: break;
    case 1: // the alarm is stored and never rings
    case 3:
    case 5: c->bytes[c->index] = byte; break;
    default:
        if (c->index <= YEAR)
            set(c, byte);
        else
            c->bytes[c->index] = byte;
    }
}
