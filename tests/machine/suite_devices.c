// SPDX-License-Identifier: MIT
// The ports' protocols, first alone, then as a guest sees them through `in` and `out`.

#include "tests/suites.h"
#include "tests/machine/encode.h"
#include "tests/machine/rig.h"

#include <CUnit/CUnit.h>

static uint32_t command(struct devices *d, uint32_t sector, uint32_t c)
{
    devices_write(d, PORT_DISK_SECTOR, sector);
    devices_write(d, PORT_DISK_COMMAND, c);
    return devices_read(d, PORT_DISK_COMMAND);
}

static void disk_protocol(void)
{
    uint8_t disk[3 * SECTOR_SIZE] = {0};
    struct devices d = {.disk = disk, .sectors = 3};

    for (size_t k = 0; k < sizeof disk; k++) disk[k] = (uint8_t)(k * 7 + k / SECTOR_SIZE);
    devices_reset(&d);
    CU_ASSERT_EQUAL(devices_read(&d, PORT_DISK_SECTOR), 3);
    CU_ASSERT_EQUAL(devices_read(&d, PORT_DISK_COMMAND), DISK_DONE);

    CU_ASSERT_EQUAL(command(&d, 1, DISK_READ), DISK_DONE);
    for (uint32_t k = 0; k < 2 * SECTOR_WORDS; k++) { // the index wraps
        const uint8_t *p = disk + SECTOR_SIZE + 4 * (k % SECTOR_WORDS);
        const uint32_t w = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
        CU_ASSERT_EQUAL(devices_read(&d, PORT_DISK_DATA), w);
    }

    devices_write(&d, PORT_DISK_DATA, 0x04030201);
    CU_ASSERT_EQUAL(command(&d, 2, DISK_WRITE), DISK_DONE);
    CU_ASSERT_EQUAL(memcmp(disk + 2 * SECTOR_SIZE, "\1\2\3\4", 4), 0);
    CU_ASSERT_EQUAL(memcmp(disk + 2 * SECTOR_SIZE + 4, disk + SECTOR_SIZE + 4, SECTOR_SIZE - 4), 0);
    CU_ASSERT_EQUAL(devices_read(&d, PORT_DISK_DATA), 0x04030201); // and the index is 0 again
    CU_ASSERT_EQUAL(command(&d, 2, DISK_REWIND), DISK_DONE);
    CU_ASSERT_EQUAL(devices_read(&d, PORT_DISK_DATA), 0x04030201);
}

static void disk_errors(void)
{
    static const uint32_t no_commands[] = {0, 4, 0x80000001};
    uint8_t disk[2 * SECTOR_SIZE], before[sizeof disk];
    struct devices d = {.disk = disk, .sectors = 2, .disk_read_only = true};

    memset(disk, 0x5a, sizeof disk);
    memcpy(before, disk, sizeof disk);
    devices_reset(&d);
    CU_ASSERT_EQUAL(command(&d, 0, DISK_WRITE), DISK_PROTECTED);
    CU_ASSERT_EQUAL(command(&d, 2, DISK_WRITE), DISK_NO_SECTOR);
    CU_ASSERT_EQUAL(command(&d, 2, DISK_READ), DISK_NO_SECTOR);
    CU_ASSERT_EQUAL(command(&d, UINT32_MAX, DISK_READ), DISK_NO_SECTOR);
    for (size_t k = 0; k < sizeof no_commands / sizeof *no_commands; k++)
        CU_ASSERT_EQUAL(command(&d, 0, no_commands[k]), DISK_NO_COMMAND);
    CU_ASSERT_EQUAL(devices_read(&d, PORT_DISK_DATA), 0); // no failed command filled the buffer
    CU_ASSERT_EQUAL(memcmp(disk, before, sizeof disk), 0);
    CU_ASSERT_EQUAL(command(&d, 1, DISK_READ), DISK_DONE);
    CU_ASSERT_EQUAL(devices_read(&d, PORT_DISK_DATA), 0x5a5a5a5a);

    struct devices none = {.sectors = 7}; // a size without contents is no disk
    CU_ASSERT_EQUAL(devices_read(&none, PORT_DISK_SECTOR), 0);
    CU_ASSERT_EQUAL(command(&none, 0, DISK_READ), DISK_NO_SECTOR);
    CU_ASSERT_EQUAL(command(&none, 0, DISK_WRITE), DISK_NO_SECTOR);
}

static void ports_that_lead_nowhere(void)
{
    struct devices d = {0}, before;

    devices_reset(&d);
    memcpy(&before, &d, sizeof d);
    for (uint32_t port = PORT_DISK_COMMAND + 1; port < 2048; port++) {
        devices_write(&d, port, 1);
        CU_ASSERT_EQUAL(devices_read(&d, port), UINT32_MAX);
    }
    devices_write(&d, PORT_CONSOLE, 'x'); // nobody listens
    devices_write(&d, PORT_CONSOLE_STATUS, UINT32_MAX);
    CU_ASSERT_EQUAL(memcmp(&d, &before, sizeof d), 0);
}

static void console_in_time(void)
{
    static const struct arrival arrivals[] = {{5, 0xff}, {5, 'b'}, {9, 'c'}};
    struct devices d = {.arrivals = arrivals, .arrivals_n = 2};

    CU_ASSERT_FALSE(devices_at(&d, 4));
    CU_ASSERT_EQUAL(devices_read(&d, PORT_CONSOLE), UINT32_MAX);
    CU_ASSERT_EQUAL(devices_read(&d, PORT_CONSOLE_STATUS), CONSOLE_CAN_WRITE);
    CU_ASSERT_TRUE(devices_at(&d, 5));
    CU_ASSERT_EQUAL(devices_read(&d, PORT_CONSOLE_STATUS), CONSOLE_CAN_WRITE | CONSOLE_WAITS);
    CU_ASSERT_EQUAL(devices_read(&d, PORT_CONSOLE), 0xff);
    CU_ASSERT_EQUAL(devices_read(&d, PORT_CONSOLE), 'b');
    CU_ASSERT_EQUAL(devices_next(&d), UINT64_MAX);
    d.arrivals_n = 3; // the host has more
    CU_ASSERT_FALSE(devices_at(&d, 8));
    CU_ASSERT_EQUAL(devices_next(&d), 9);
    CU_ASSERT_TRUE(devices_at(&d, 100));
    CU_ASSERT_EQUAL(devices_read(&d, PORT_CONSOLE), 'c');
    CU_ASSERT_FALSE(devices_at(&d, 100));
}

static char printed[8];
static size_t printed_n;

static void print(void *context, uint8_t byte)
{
    CU_ASSERT_PTR_EQUAL(context, printed);
    if (printed_n < sizeof printed) printed[printed_n++] = (char)byte;
}

// `in` sees the level of the moment at which it executes, wherever in a block it stands.
static void guest_reads_and_writes(void)
{
    for (int e = 0; e < 2; e++) {
        static const struct arrival arrivals[] = {{3, 'h'}, {3, 'i'}};
        const uint32_t program[] = {in(5, 0) /* 0: too early */,
                                    in(6, 1),
                                    addi(7, 0, 1),
                                    in(8, 1) /* count 3 */,
                                    in(9, 0),
                                    in(10, 0),
                                    in(11, 0),
                                    in(12, 2047),
                                    out(9, 0),
                                    addi(13, 0, 0x669),
                                    out(13, 0),
                                    halt(10)};
        struct rig r;

        rig_open(&r, rig_engines[e], 0);
        printed_n = 0;
        r.h.m.devices.put = print;
        r.h.m.devices.context = printed;
        r.h.m.devices.arrivals = arrivals;
        r.h.m.devices.arrivals_n = 2;
        rig_program(&r, RIG_CODE, program, sizeof program / sizeof *program);
        const struct run_result result = machine_go(&r.h.m, UINT64_MAX);
        CU_ASSERT_EQUAL(result.reason, RUN_STOP);
        CU_ASSERT_EQUAL(result.value, 'i');
        CU_ASSERT_EQUAL(r.h.m.s.x[5], UINT32_MAX);
        CU_ASSERT_EQUAL(r.h.m.s.x[6], CONSOLE_CAN_WRITE);
        CU_ASSERT_EQUAL(r.h.m.s.x[8], CONSOLE_CAN_WRITE | CONSOLE_WAITS);
        CU_ASSERT_EQUAL(r.h.m.s.x[9], 'h');
        CU_ASSERT_EQUAL(r.h.m.s.x[11], UINT32_MAX);
        CU_ASSERT_EQUAL(r.h.m.s.x[12], UINT32_MAX);
        CU_ASSERT_EQUAL(printed_n, 2);
        CU_ASSERT_EQUAL(memcmp(printed, "hi", 2), 0);
        CU_ASSERT_EQUAL(r.h.m.completed, 12);
        rig_close(&r);
    }
}

void suite_devices(void)
{
    CU_pSuite s = CU_add_suite("machine: devices", NULL, NULL);

    CU_add_test(s, "disk protocol", disk_protocol);
    CU_add_test(s, "disk errors", disk_errors);
    CU_add_test(s, "ports that lead nowhere", ports_that_lead_nowhere);
    CU_add_test(s, "console in time", console_in_time);
    CU_add_test(s, "guest reads and writes", guest_reads_and_writes);
}
