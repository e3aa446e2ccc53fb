// SPDX-License-Identifier: MIT
// The devices' time and date, ACPI's tables, PCI's configuration, the screen; and random accesses
// to all ports of all devices, which must harm nothing.

#define _DEFAULT_SOURCE // timegm
#include "tests/random.h"
#include "tests/suites.h"

#include "vmm/x86/devices/cmos.h"
#include "vmm/x86/devices/keyboard.h"
#include "vmm/x86/devices/pci.h"
#include "vmm/x86/devices/pic.h"
#include "vmm/x86/devices/pit.h"
#include "vmm/x86/devices/power.h"
#include "vmm/x86/devices/uart.h"
#include "vmm/x86/devices/vga.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

__extension__ typedef unsigned __int128 u128;

static uint64_t tsc;

static uint64_t now(void *of)
{
    (void)of;
    return tsc;
}

// ------------------------------------------------------------------ the clock

static void ticks_are_exact(void)
{
    struct random r = random_seeded(tests_seed());

    for (unsigned i = 0; i < 200000; i++) {
        const struct clock c = {.hz = (random_u64(&r) >> (24 + random_below(&r, 40))) | 1};
        const uint64_t rate = 1 + (random_u32(&r) >> (9 + random_below(&r, 23)));
        const uint64_t t = random_u64(&r) >> random_below(&r, 64);
        const u128 exact = (u128)t * rate / c.hz;
        if (exact <= UINT64_MAX) CU_ASSERT_EQUAL_FATAL(clock_ticks(&c, t, rate), (uint64_t)exact);

        const uint64_t n = random_u64(&r) >> random_below(&r, 64);
        const u128 first = ((u128)n * c.hz + rate - 1) / rate;
        if (first > UINT64_MAX) continue;
        CU_ASSERT_EQUAL_FATAL(clock_at(&c, n, rate), (uint64_t)first);
        CU_ASSERT_FATAL(clock_ticks(&c, (uint64_t)first, rate) >= n);
        if (first > 0) CU_ASSERT_FATAL(clock_ticks(&c, (uint64_t)first - 1, rate) < n);
    }
}

// ------------------------------------------------------------------ the date

enum { HZ = 1000 };

static struct cmos cmos;

static void put(unsigned index, unsigned value)
{
    cmos_write(&cmos, CMOS_PORT, 1, index);
    cmos_write(&cmos, CMOS_PORT + 1, 1, value);
}

static unsigned get(unsigned index)
{
    cmos_write(&cmos, CMOS_PORT, 1, index | 0x80);
    return cmos_read(&cmos, CMOS_PORT + 1, 1) & 0xff;
}

// Opens it at a date. The counter has run for a while.
static void start_cmos(int year, int month, int day, int hour, int minute, int second)
{
    static const struct clock clock = {.now = now, .hz = HZ};
    struct tm t = {.tm_year = year - 1900,
                   .tm_mon = month - 1,
                   .tm_mday = day,
                   .tm_hour = hour,
                   .tm_min = minute,
                   .tm_sec = second};

    tsc = 100 * HZ + 1;
    cmos_open(&cmos, &clock, (uint64_t)timegm(&t) - 100, 32 << 20);
}

// Whether the registers, in BCD and 24 hours, show a date.
static bool shows(unsigned century_year, unsigned month_day, unsigned time, unsigned second)
{
    return (get(0x32) << 8 | get(9)) == century_year && (get(8) << 8 | get(7)) == month_day &&
           (get(4) << 8 | get(2)) == time && get(0) == second;
}

static void dates_are_those_of_libc(void)
{
    struct random r = random_seeded(tests_seed());

    for (unsigned i = 0; i < 50000; i++) {
        const uint64_t seconds = random_u64(&r) >> 30 >> random_below(&r, 20); // to the year 2514
        const time_t t = (time_t)seconds;
        struct tm want;
        const struct date d = date_of(seconds);
        CU_ASSERT_PTR_NOT_NULL_FATAL(gmtime_r(&t, &want));
        CU_ASSERT_EQUAL_FATAL(d.year, (unsigned)want.tm_year + 1900);
        CU_ASSERT_EQUAL_FATAL(d.month, (unsigned)want.tm_mon + 1);
        CU_ASSERT_EQUAL_FATAL(d.day, (unsigned)want.tm_mday);
        CU_ASSERT_EQUAL_FATAL(d.hour, (unsigned)want.tm_hour);
        CU_ASSERT_EQUAL_FATAL(d.minute, (unsigned)want.tm_min);
        CU_ASSERT_EQUAL_FATAL(d.second, (unsigned)want.tm_sec);
        CU_ASSERT_EQUAL_FATAL(d.weekday, (unsigned)want.tm_wday);
        CU_ASSERT_EQUAL_FATAL(date_seconds(&d), seconds);
    }
}

static void the_date_goes_on(void)
{
    start_cmos(2023, 12, 31, 23, 59, 58);
    CU_ASSERT(shows(0x2023, 0x1231, 0x2359, 0x58));
    CU_ASSERT_EQUAL(get(6), 1); // a Sunday
    tsc += 2 * HZ;
    CU_ASSERT(shows(0x2024, 0x0101, 0, 0));
    tsc += UINT64_C(59) * 86400 * HZ; // a leap year
    CU_ASSERT(shows(0x2024, 0x0229, 0, 0));
    tsc += UINT64_C(86400) * HZ;
    CU_ASSERT(shows(0x2024, 0x0301, 0, 0));
    CU_ASSERT_EQUAL(get(10) & 0x80, 0);
    CU_ASSERT_EQUAL(get(12), 0);
    CU_ASSERT_EQUAL(get(13), 0x80);
    start_cmos(2100, 2, 28, 0, 0, 0);
    tsc += UINT64_C(86400) * HZ;
    CU_ASSERT(shows(0x2100, 0x0301, 0, 0)); // and this was none
}

static void hours_have_four_forms(void)
{
    for (unsigned h = 0; h < 24; h++) {
        const unsigned twelve = h % 12 == 0 ? 12 : h % 12, late = h >= 12 ? 0x80 : 0;
        start_cmos(2024, 5, 17, (int)h, 42, 0);
        CU_ASSERT_EQUAL(get(4), h / 10 * 16 + h % 10);
        put(11, 6);
        CU_ASSERT_EQUAL(get(4), h);
        CU_ASSERT_EQUAL(get(2), 42);
        put(11, 4);
        CU_ASSERT_EQUAL(get(4), twelve | late);
        put(11, 0);
        CU_ASSERT_EQUAL(get(4), (twelve / 10 * 16 + twelve % 10) | late);
        static const uint8_t forms[] = {0, 2, 4, 6};
        for (unsigned i = 0; i < 4; i++) { // written as it is read, it is the same
            put(11, forms[i]);
            const unsigned shown = get(4);
            put(4, 3);
            put(4, shown);
            put(11, 6);
            CU_ASSERT_EQUAL(get(4), h);
        }
    }
}

// As Linux sets it: the clock held, the fields in any order, all of them at once.
static void a_held_clock_is_set(void)
{
    start_cmos(2024, 1, 31, 10, 20, 30);
    put(11, 0x82);
    tsc += 5 * HZ;
    CU_ASSERT(shows(0x2024, 0x0131, 0x1020, 0x30)); // stands still
    put(9, 0x25);
    put(8, 2); // there is no 31st of February, on the way
    put(7, 0x10);
    put(4, 0x23);
    put(2, 0x59);
    put(0, 0x59);
    CU_ASSERT(shows(0x2025, 0x0210, 0x2359, 0x59));
    put(11, 2);
    tsc += HZ;
    CU_ASSERT(shows(0x2025, 0x0211, 0, 0));
    put(11, 0x82);
    put(7, 0x31); // the day first
    put(8, 0x12);
    put(11, 2);
    CU_ASSERT(shows(0x2025, 0x1231, 0, 0));
    put(11, 0x82);
    put(8, 0x11);
    put(11, 2); // the 31st of November remains
    CU_ASSERT(shows(0x2025, 0x1130, 0, 0));
}

static void a_running_clock_is_set(void)
{
    start_cmos(2024, 1, 31, 10, 20, 30);
    put(8, 2);
    CU_ASSERT(shows(0x2024, 0x0229, 0x1020, 0x30));
    put(7, 0x15);
    put(0, 0x05);
    tsc += 60 * HZ;
    CU_ASSERT(shows(0x2024, 0x0215, 0x1021, 0x05));
    static const uint8_t bad[][2] = {{0, 0x60}, {2, 0x60}, {4, 0x24}, {7, 0},
                                     {7, 0x32}, {8, 0},    {8, 0x13}, {9, 0xa0}};
    for (unsigned i = 0; i < sizeof bad / 2; i++) put(bad[i][0], bad[i][1]);
    put(11, 6); // binary: no year beyond the century
    for (unsigned i = 0; i < 1000; i++) put(9, 255);
    put(11, 2);
    CU_ASSERT(shows(0x2024, 0x0215, 0x1021, 0x05));
}

// A guest may write its time-stamp counter. The clock is then wrong, but answers.
static void a_counter_set_back_harms_nothing(void)
{
    start_cmos(2024, 5, 17, 0, 0, 0);
    tsc += UINT64_C(60) * 366 * 86400 * HZ;
    put(9, 0); // the year 2000: before the counter's 0, it was before 1970
    CU_ASSERT_EQUAL(get(9), 0);
    tsc = 0;
    CU_ASSERT(get(0x32) >= 0x19 && get(0x32) <= 0x99);
    put(9, 0x42);
    CU_ASSERT_EQUAL(get(9), 0x42);
    tsc = UINT64_MAX;
    CU_ASSERT(get(0x32) >= 0x19 && get(0x32) <= 0x99);
}

static void memory_is_kept(void)
{
    start_cmos(2024, 1, 1, 0, 0, 0);
    CU_ASSERT_EQUAL(get(0x15) | get(0x16) << 8, 640);
    CU_ASSERT_EQUAL(get(0x17) | get(0x18) << 8, 31 << 10);
    CU_ASSERT_EQUAL(get(0x30) | get(0x31) << 8, 31 << 10);
    CU_ASSERT_EQUAL(get(0x34) | get(0x35) << 8, 256);
    for (unsigned i = 14; i < CMOS_BYTES; i++)
        if (i != 0x32) put(i, i ^ 0x55);
    for (unsigned i = 14; i < CMOS_BYTES; i++)
        CU_ASSERT_EQUAL(get(i), i == 0x32 ? 0x20 : (i ^ 0x55));
}

// ------------------------------------------------------------------ ACPI

static unsigned offs;

static void on_off(void *of)
{
    (void)of;
    offs++;
}

static uint32_t get32(const uint8_t *at)
{
    return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

static unsigned sum(const uint8_t *at, size_t size)
{
    uint8_t s = 0;

    for (size_t i = 0; i < size; i++) s += at[i];
    return s;
}

// The table at a guest-physical address; null where it is none of that name, or has a wrong sum.
static const uint8_t *table(const uint8_t *tables, uint32_t address, const char *name)
{
    if (address < POWER_TABLES || address > POWER_TABLES + POWER_TABLES_SIZE - 36) return NULL;
    const uint8_t *t = tables + (address - POWER_TABLES);
    const uint32_t size = get32(t + 4);
    if (memcmp(t, name, 4) != 0 || size < 36) return NULL;
    if (size > POWER_TABLES + POWER_TABLES_SIZE - address) return NULL;
    return sum(t, size) == 0 || strcmp(name, "FACS") == 0 ? t : NULL;
}

static void tables_are_well_formed(void)
{
    uint8_t *tables = calloc(1, POWER_TABLES_SIZE);

    CU_ASSERT_PTR_NOT_NULL_FATAL(tables);
    power_put_tables(tables);
    CU_ASSERT_EQUAL(memcmp(tables, "RSD PTR ", 8), 0);
    CU_ASSERT_EQUAL(sum(tables, 20), 0);
    CU_ASSERT_EQUAL(tables[15], 0); // ACPI 1.0
    const uint8_t *rsdt = table(tables, get32(tables + 16), "RSDT");
    CU_ASSERT_PTR_NOT_NULL_FATAL(rsdt);
    CU_ASSERT_EQUAL(get32(rsdt + 4), 36 + 4);
    const uint8_t *fadt = table(tables, get32(rsdt + 36), "FACP");
    CU_ASSERT_PTR_NOT_NULL_FATAL(fadt);
    CU_ASSERT_EQUAL(get32(fadt + 4), 116);
    CU_ASSERT_EQUAL(get32(fadt + 36) % 64, 0);
    const uint8_t *facs = table(tables, get32(fadt + 36), "FACS");
    CU_ASSERT_PTR_NOT_NULL_FATAL(facs);
    CU_ASSERT_EQUAL(get32(facs + 4), 64);
    CU_ASSERT_EQUAL(fadt[46] | fadt[47] << 8, POWER_IRQ);
    CU_ASSERT_EQUAL(get32(fadt + 48), 0); // always in ACPI mode
    CU_ASSERT(get32(fadt + 56) == 0x600 && fadt[88] == 4);
    CU_ASSERT(get32(fadt + 64) == 0x604 && fadt[89] == 2);
    CU_ASSERT(get32(fadt + 76) == 0x608 && fadt[91] == 4);
    CU_ASSERT_EQUAL(fadt[108], 0x32);
    CU_ASSERT(get32(fadt + 112) & 1 << 8); // the timer has 32 bits

    // The DSDT is one name: \_S5, a package of its length, four integers.
    const uint8_t *dsdt = table(tables, get32(fadt + 40), "DSDT");
    CU_ASSERT_PTR_NOT_NULL_FATAL(dsdt);
    const uint8_t *p = dsdt + 36, *end = dsdt + get32(dsdt + 4);
    CU_ASSERT(p[0] == 0x08 && memcmp(p + 1, "_S5_", 4) == 0 && p[5] == 0x12);
    CU_ASSERT_PTR_EQUAL(p + 6 + p[6], end); // its length counts itself
    CU_ASSERT_EQUAL(p[7], 4);
    unsigned values[4], n = 0;
    for (p += 8; p < end && n < 4; p++) values[n++] = *p == 0x0a ? *++p : *p;
    CU_ASSERT(p == end && n == 4);
    CU_ASSERT(values[0] == 5 && values[1] == 5 && values[2] == 0 && values[3] == 0);
    free(tables);
}

static void power_goes_off_as_the_tables_say(void)
{
    static const struct clock clock = {.now = now, .hz = 2 * POWER_TIMER_HZ};
    struct power power = {.clock = &clock, .off = on_off};

    offs = 0;
    CU_ASSERT_EQUAL(power_read(&power, 0x604, 2) & 1, 1);
    power_write(&power, 0x602, 2, 0x0321);
    CU_ASSERT_EQUAL(power_read(&power, 0x602, 2), 0x0321);
    CU_ASSERT_EQUAL(power_read(&power, 0x600, 2) & 0xffff, 0);
    power_write(&power, 0x600, 4, 0x0120ffff);
    CU_ASSERT_EQUAL(power_read(&power, 0x600, 4), 0x01200000);
    power_write(&power, 0x604, 2, 5 << 10);
    power_write(&power, 0x604, 2, 1 << 13);
    power_write(&power, 0x604, 2, 1 << 13 | 4 << 10);
    power_write(&power, 0x600, 2, 1 << 13 | 5 << 10);
    CU_ASSERT_EQUAL(offs, 0);
    power_write(&power, 0x604, 2, 1 << 13 | 5 << 10);
    CU_ASSERT_EQUAL(offs, 1);
    tsc = 2 * UINT64_C(0x1fffffffe);
    CU_ASSERT_EQUAL(power_read(&power, 0x608, 4), 0xfffffffe);
    tsc += 4;
    CU_ASSERT_EQUAL(power_read(&power, 0x608, 4), 0);
}

// ------------------------------------------------------------------ PCI, the screen

static uint32_t configuration(struct pci *p, uint32_t address, unsigned offset, unsigned size)
{
    pci_write(p, PCI_PORT, 4, UINT32_C(1) << 31 | address);
    const uint32_t value = pci_read(p, (uint16_t)(PCI_PORT + 4 + offset), size);
    return size == 4 ? value : value & ((UINT32_C(1) << 8 * size) - 1);
}

static void there_is_a_host_bridge_and_nothing_else(void)
{
    struct pci pci = {0};

    pci_write(&pci, PCI_PORT + 3, 1, 1); // as Linux looks for it: that is another register
    CU_ASSERT_EQUAL(pci_read(&pci, PCI_PORT, 4), 0);
    CU_ASSERT_EQUAL(pci_read(&pci, PCI_PORT + 4, 4), UINT32_MAX); // not enabled
    pci_write(&pci, PCI_PORT, 4, UINT32_MAX);
    CU_ASSERT_EQUAL(pci_read(&pci, PCI_PORT, 4), 0x80fffffc);
    CU_ASSERT_EQUAL(configuration(&pci, 0, 0, 4), 0x12378086);
    CU_ASSERT_EQUAL(configuration(&pci, 0, 2, 2), 0x1237);
    CU_ASSERT_EQUAL(configuration(&pci, 0, 1, 1), 0x80);
    CU_ASSERT_EQUAL(configuration(&pci, 8, 2, 2), 0x0600); // the class that Linux asks for
    CU_ASSERT_EQUAL(configuration(&pci, 12, 2, 1), 0);     // one function, an ordinary header
    for (unsigned i = 0x10; i < 0x100; i += 4) CU_ASSERT_EQUAL(configuration(&pci, i, 0, 4), 0);
    for (uint32_t i = 1; i < 0x10000; i++)
        CU_ASSERT_EQUAL_FATAL(configuration(&pci, i << 8, 0, 4), UINT32_MAX);
    pci_write(&pci, PCI_PORT, 4, UINT32_C(1) << 31);
    pci_write(&pci, PCI_PORT + 4, 4, 0); // read-only
    CU_ASSERT_EQUAL(pci_read(&pci, PCI_PORT + 4, 4), 0x12378086);
}

static void the_screen_shows_its_text(void)
{
    struct vga vga;
    char row[VGA_COLUMNS + 1];
    uint8_t *text = calloc(1, VGA_TEXT_SIZE);

    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    vga_open(&vga);
    memcpy(text + 2 * 2 * VGA_COLUMNS, "a\7 \7b\7\0\7\1\7~\7\x7f\7\xff\7 \7", 18);
    vga_row(&vga, text, 1, row);
    CU_ASSERT_STRING_EQUAL(row, "");
    vga_row(&vga, text, 2, row);
    CU_ASSERT_STRING_EQUAL(row, "a b .~..");
    vga_write(&vga, 0x3d4, 2, 0xb0 << 8 | 13); // index and data at once
    vga_write(&vga, 0x3d4, 1, 12);
    vga_write(&vga, 0x3d5, 1, 0x3f);
    CU_ASSERT_EQUAL(vga_read(&vga, 0x3d5, 1), 0x3f);
    CU_ASSERT_EQUAL(vga_read(&vga, 0x3d4, 1), 12);
    memset(text + VGA_TEXT_SIZE - 2 * VGA_COLUMNS, 'x', 2);
    vga_row(&vga, text, 0, row); // the last of its memory, after which the first comes
    CU_ASSERT_STRING_EQUAL(row, "x");
    vga_row(&vga, text, 3, row);
    CU_ASSERT_STRING_EQUAL(row, "a b .~..");
    vga_write(&vga, 0x3c2, 1, 0x63);
    CU_ASSERT_EQUAL(vga_read(&vga, 0x3cc, 1), 0x63);
    CU_ASSERT_EQUAL((vga_read(&vga, 0x3da, 1) ^ vga_read(&vga, 0x3da, 1)) & 9, 9);
    free(text);
}

// ------------------------------------------------------------------ anything at all

static void ignore(void *of, bool high)
{
    (void)of, (void)high;
}

static void ignore_byte(void *of, uint8_t byte)
{
    (void)of, (void)byte;
}

static void random_accesses_harm_nothing(void)
{
    static struct pic pic;
    static struct pit pit;
    static struct uart uart;
    static struct keyboard keyboard;
    static struct pci pci;
    static struct vga vga;
    static uint8_t text[VGA_TEXT_SIZE];
    static struct clock clock = {.now = now, .hz = 1};
    struct power power = {.clock = &clock, .off = on_off};
    const struct {
        uint16_t first, last;
        void *device;
        uint32_t (*read)(void *device, uint16_t port, unsigned size);
        void (*write)(void *device, uint16_t port, unsigned size, uint32_t value);
    } devices[] = {
        {PIC_PORT, PIC_PORT + 1, &pic, pic_read, pic_write},
        {PIC2_PORT, PIC2_PORT + 1, &pic, pic_read, pic_write},
        {PIC_LEVEL_PORT, PIC_LEVEL_PORT + 1, &pic, pic_read, pic_write},
        {PIT_PORT, PIT_PORT + 3, &pit, pit_read, pit_write},
        {PIT_SPEAKER_PORT, PIT_SPEAKER_PORT, &pit, pit_read, pit_write},
        {UART_PORT, UART_PORT + 7, &uart, uart_read, uart_write},
        {KEYBOARD_PORT, KEYBOARD_PORT, &keyboard, keyboard_read, keyboard_write},
        {KEYBOARD_COMMAND_PORT, KEYBOARD_COMMAND_PORT, &keyboard, keyboard_read, keyboard_write},
        {CMOS_PORT, CMOS_PORT + 1, &cmos, cmos_read, cmos_write},
        {PCI_PORT, PCI_LAST_PORT, &pci, pci_read, pci_write},
        {VGA_PORT, VGA_LAST_PORT, &vga, vga_read, vga_write},
        {POWER_PORT, POWER_LAST_PORT, &power, power_read, power_write},
    };
    enum { N = sizeof devices / sizeof devices[0] };
    struct random r = random_seeded(tests_seed());
    char row[VGA_COLUMNS + 1];

    for (unsigned life = 0; life < 10; life++) {
        clock.hz = 1 + (random_u64(&r) >> (24 + random_below(&r, 40)));
        tsc = 0;
        pic_open(&pic);
        pit_open(&pit, &clock);
        uart_open(&uart, ignore_byte, NULL);
        uart.interrupt = ignore;
        keyboard_open(&keyboard);
        keyboard.interrupt = ignore;
        keyboard.reset = on_off;
        cmos_open(&cmos, &clock, random_u32(&r), random_u64(&r) >> random_below(&r, 64));
        vga_open(&vga);
        for (unsigned i = 0; i < 30000 * N; i++) {
            const unsigned k = random_below(&r, N), size = 1u << random_below(&r, 3);
            const uint16_t port =
                (uint16_t)(devices[k].first +
                           random_below(&r, devices[k].last - devices[k].first + 1u));
            tsc += random_u64(&r) % (clock.hz * 16); // of 2^63 in all, at most
            if (random_once_in(&r, 2))
                devices[k].read(devices[k].device, port, size);
            else
                devices[k].write(devices[k].device, port, size,
                                 random_u32(&r) & (size == 4 ? UINT32_MAX : (1u << 8 * size) - 1));
            if (random_once_in(&r, 4)) pic_line(&pic, random_below(&r, 16), random_once_in(&r, 2));
            if (random_once_in(&r, 4)) CU_ASSERT_FATAL(pic_acknowledge(&pic) < 256);
            if (random_once_in(&r, 4)) uart_receive(&uart, 'a');
            CU_ASSERT_FATAL(uart_room(&uart) <= UART_FIFO);
            vga_row(&vga, text, random_below(&r, VGA_ROWS), row);
            pit_edges(&pit);
            CU_ASSERT_FATAL(pit_next(&pit) > tsc);
        }
    }
}

void suite_devices_board(void)
{
    CU_pSuite s = CU_add_suite("time and date", NULL, NULL);

    CU_add_test(s, "ticks are exact", ticks_are_exact);
    CU_add_test(s, "dates are those of libc", dates_are_those_of_libc);
    CU_add_test(s, "the date goes on", the_date_goes_on);
    CU_add_test(s, "hours have four forms", hours_have_four_forms);
    CU_add_test(s, "a held clock is set", a_held_clock_is_set);
    CU_add_test(s, "a running clock is set", a_running_clock_is_set);
    CU_add_test(s, "a counter set back harms nothing", a_counter_set_back_harms_nothing);
    CU_add_test(s, "memory is kept", memory_is_kept);
    s = CU_add_suite("power", NULL, NULL);
    CU_add_test(s, "tables are well formed", tables_are_well_formed);
    CU_add_test(s, "power goes off as the tables say", power_goes_off_as_the_tables_say);
    s = CU_add_suite("PCI and screen", NULL, NULL);
    CU_add_test(s, "there is a host bridge, nothing else", there_is_a_host_bridge_and_nothing_else);
    CU_add_test(s, "the screen shows its text", the_screen_shows_its_text);
    s = CU_add_suite("all ports", NULL, NULL);
    CU_add_test(s, "random accesses harm nothing", random_accesses_harm_nothing);
}
