// SPDX-License-Identifier: MIT
// The MC146818 clock with its memory, at ports 0x70 and 0x71: the date goes on with the guest's
// time-stamp counter. Its interrupts are not there.
#ifndef TRAPEZE_VMM_X86_DEVICES_CMOS_H
#define TRAPEZE_VMM_X86_DEVICES_CMOS_H

#include "vmm/x86/devices/clock.h"

enum { CMOS_PORT = 0x70, CMOS_BYTES = 128 };

struct date {
    unsigned year, month, day, hour, minute, second, weekday; // UTC, from 1970; weekday 0: Sunday
};

struct cmos {
    const struct clock *clock;
    uint64_t offset;   // seconds since 1970 when the counter was 0
    struct date stays; // while the clock is held (status register B, SET): what is shown and set
    uint8_t index, bytes[CMOS_BYTES];
};

// `seconds` since 1970, at the counter's 0. `memory_size` in bytes is what the BIOS would have
// written. `clock` stays the caller's and must outlive it.
void cmos_open(struct cmos *c, const struct clock *clock, uint64_t seconds, uint64_t memory_size);

// The seconds from 1970 to a date, whose weekday does not matter, month and day from 1; and back.
uint64_t date_seconds(const struct date *d);
struct date date_of(uint64_t seconds);

// For struct port_device; `device` is the struct cmos.
uint32_t cmos_read(void *device, uint16_t port, unsigned size);
void cmos_write(void *device, uint16_t port, unsigned size, uint32_t value);

#endif
