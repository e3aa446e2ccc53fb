// SPDX-License-Identifier: MIT
// The registers of ACPI's fixed hardware, and its tables byte by byte.

#include "vmm/x86/devices/power.h"

#include <stddef.h>

// From POWER_PORT: PM1 status and enable, PM1 control, PM timer.
enum { STATUS = 0, ENABLE = 2, CONTROL = 4, TIMER = 8 };
enum { SCI_ENABLED = 1 << 0, SLEEP_TYPE_OFF = 5, SLEEP = 1 << 13 }; // of CONTROL

enum { RSDP = 0, RSDT = 0x40, FADT = 0x80, FACS = 0x100, DSDT = 0x140 };
enum { HEADER = 36, RSDP_SIZE = 20, FADT_SIZE = 116, FACS_SIZE = 64 };

static void put32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) at[i] = value >> 8 * i & 0xff;
}

static void put_text(uint8_t *at, const char *text)
{
    while (*text) *at++ = (uint8_t)*text++;
}

// Makes the sum of `size` bytes 0 by the one at `where`.
static void put_checksum(uint8_t *table, size_t size, size_t where)
{
    uint8_t sum = 0;

    for (size_t i = 0; i < size; i++) sum += table[i];
    table[where] = (uint8_t)-sum;
}

// The header that all tables but RSDP and FACS have (5.2.5), once the rest is there.
static void put_header(uint8_t *table, const char *signature, uint32_t size)
{
    put_text(table, signature);
    put32(table + 4, size);
    table[8] = 1; // revision
    put_text(table + 10, "TRAPEZ");
    put_text(table + 16, "TRAPEZE ");
    put32(table + 24, 1);
    put_text(table + 28, "TRPZ");
    put32(table + 32, 1);
    put_checksum(table, size, 9);
}

void power_put_tables(uint8_t *to)
{
    // Name (\_S5, Package () {5, 5, 0, 0}): the sleep types of soft-off.
    static const uint8_t aml[] = {0x08, '_',  'S',  '5',  '_',  0x12, 0x08,
                                  0x04, 0x0a, 0x05, 0x0a, 0x05, 0x00, 0x00};
    enum { POWER_BUTTON = 1 << 4, NO_SLEEP_BUTTON = 1 << 5, NO_RTC_WAKE = 1 << 6, WBINVD = 1 };
    enum { TIMER_32 = 1 << 8 };
    uint8_t *const fadt = to + FADT;

    for (size_t i = 0; i < sizeof aml; i++) to[DSDT + HEADER + i] = aml[i];
    put_header(to + DSDT, "DSDT", HEADER + sizeof aml);

    put_text(to + FACS, "FACS");
    put32(to + FACS + 4, FACS_SIZE);

    put32(fadt + 36, POWER_TABLES + FACS);
    put32(fadt + 40, POWER_TABLES + DSDT);
    fadt[46] = POWER_IRQ;
    put32(fadt + 56, POWER_PORT + STATUS);
    put32(fadt + 64, POWER_PORT + CONTROL);
    put32(fadt + 76, POWER_PORT + TIMER);
    fadt[88] = 4; // lengths of PM1 status and enable, of control, of the timer
    fadt[89] = 2;
    fadt[91] = 4;
    put32(fadt + 96, 0xffffffff); // processor states beyond C1: none
    fadt[108] = 0x32;             // the century in CMOS memory
    put32(fadt + 112, WBINVD | POWER_BUTTON | NO_SLEEP_BUTTON | NO_RTC_WAKE | TIMER_32);
    put_header(fadt, "FACP", FADT_SIZE);

    put32(to + RSDT + HEADER, POWER_TABLES + FADT);
    put_header(to + RSDT, "RSDT", HEADER + 4);

    put_text(to + RSDP, "RSD PTR ");
    put_text(to + RSDP + 9, "TRAPEZ");
    put32(to + RSDP + 16, POWER_TABLES + RSDT);
    put_checksum(to + RSDP, RSDP_SIZE, 8);
}

uint32_t power_read(void *device, uint16_t port, unsigned size)
{
    const struct power *const p = device;

    (void)size;
    switch (port - POWER_PORT) {
    case STATUS: return (uint32_t)p->enabled << 16; // nothing ever happens
    case ENABLE: return p->enabled;
    case CONTROL: return SCI_ENABLED;
    case TIMER: return (uint32_t)clock_ticks(p->clock, clock_now(p->clock), POWER_TIMER_HZ);
    default: return 0;
    }
}

void power_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct power *const p = device;

    if (port == POWER_PORT + ENABLE) p->enabled = value & 0xffff;
    if (port == POWER_PORT + STATUS && size == 4) p->enabled = value >> 16 & 0xffff;
    if (port == POWER_PORT + CONTROL && value & SLEEP && (value >> 10 & 7) == SLEEP_TYPE_OFF)
        p->off(p->of);
}
