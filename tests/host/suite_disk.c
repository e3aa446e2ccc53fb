// SPDX-License-Identifier: MIT
// Disk images as files: what reaches them, what does not, and what if one changes in use.

#include "tests/host/child.h"
#include "tests/host/guest.h"
#include "tests/rv32.h"
#include "tests/suites.h"

#include <CUnit/CUnit.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ZERO = 0, A0 = 10, A1 = 11, SECTORS = 3, SIZE = SECTORS * 512 };
enum { CONSOLE = 0, SECTOR = 2, DATA = 3, COMMAND = 4, READ = 1, WRITE = 2, REWIND = 3 };

static char image[] = "/tmp/image-XXXXXX";
static char inverter[] = "/tmp/inverter-XXXXXX", stopper[] = "/tmp/stopper-XXXXXX";

// Guests that wait for a byte, invert the first word of sector 1 on the disk, and then halt with
// the status of the write, or check stop.
static int make(void)
{
    uint32_t code[] = {
        rv32(RV32_IDLE, 0, 0, 0, 0),         rv32(RV32_IN, A0, 0, 0, CONSOLE),
        rv32(RV32_OUT, 0, A0, 0, CONSOLE),   rv32(RV32_ADDI, A0, ZERO, 0, 1),
        rv32(RV32_OUT, 0, A0, 0, SECTOR),    rv32(RV32_ADDI, A0, ZERO, 0, READ),
        rv32(RV32_OUT, 0, A0, 0, COMMAND),   rv32(RV32_IN, A1, 0, 0, DATA),
        rv32(RV32_XORI, A1, A1, 0, -1),      rv32(RV32_ADDI, A0, ZERO, 0, REWIND),
        rv32(RV32_OUT, 0, A0, 0, COMMAND),   rv32(RV32_OUT, 0, A1, 0, DATA),
        rv32(RV32_ADDI, A0, ZERO, 0, WRITE), rv32(RV32_OUT, 0, A0, 0, COMMAND),
        rv32(RV32_IN, A0, 0, 0, COMMAND),    0,
    };
    const size_t n = sizeof code / sizeof code[0];
    const int fd = mkstemp(image);

    code[n - 1] = rv32(RV32_HALT, 0, A0, 0, 0);
    guest_file(inverter, code, n);
    code[n - 1] = rv32(RV32_ECALL, 0, 0, 0, 0);
    guest_file(stopper, code, n);
    return fd < 0 || close(fd) != 0;
}

static int discard(void)
{
    return unlink(image) | unlink(inverter) | unlink(stopper);
}

static void fill(void)
{
    FILE *file = fopen(image, "w");

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (int k = 0; k < SIZE; k++) putc(0x55, file);
    fclose(file);
}

// The image is as filled, but for the first word of sector 1, which was inverted or not.
static void image_is(bool inverted)
{
    uint8_t bytes[SIZE + 1];
    FILE *file = fopen(image, "r");

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fread(bytes, 1, SIZE + 1, file), SIZE);
    fclose(file);
    for (int k = 0; k < SIZE; k++)
        CU_ASSERT_EQUAL(bytes[k], inverted && k >= 512 && k < 516 ? 0xaa : 0x55);
}

// Runs the guest with one byte of input; `option` may be null.
static int run(struct child *c, const char *guest, const char *option)
{
    child_start(c, CHILD_PIPE, (const char *[]){"run", guest, "--disk", image, option, NULL});
    child_type(c, "x", 1);
    return child_end(c);
}

static void test_kept(void)
{
    struct child c;

    fill();
    CU_ASSERT_EQUAL(run(&c, inverter, NULL), 0);
    image_is(true);
    CU_ASSERT_EQUAL(run(&c, inverter, NULL), 0);
    image_is(false);
}

static void test_snapshot(void)
{
    struct child c;

    fill();
    CU_ASSERT_EQUAL(run(&c, inverter, "--snapshot"), 0);
    image_is(false);
    chmod(image, 0444); // and what must not be written need not be writable
    CU_ASSERT_EQUAL(run(&c, inverter, "--snapshot"), 0);
    chmod(image, 0600);
    image_is(false);
}

static void test_write_protected(void)
{
    struct child c;

    fill();
    chmod(image, 0444);
    CU_ASSERT_EQUAL(run(&c, inverter, NULL), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.errors, "halted with code 2 "));
    chmod(image, 0600);
    image_is(false);
}

// The run is repeated to find the last instructions: from the disk as it was, and without writing
// it a second time.
static void test_check_stop(void)
{
    static const char *const options[] = {NULL, "--snapshot"};

    for (int k = 0; k < 2; k++) {
        struct child c;
        fill();
        CU_ASSERT_EQUAL(run(&c, stopper, options[k]), 1);
        CU_ASSERT_PTR_NOT_NULL(strstr(c.errors, "  a1 aaaaaaaa"));
        CU_ASSERT_PTR_NOT_NULL(strstr(c.errors, "xori a1, a1, -1"));
        CU_ASSERT_PTR_NULL(strstr(c.errors, "cannot be shown"));
        image_is(options[k] == NULL);
    }
}

static void test_cut_short(void)
{
    struct child c;

    fill();
    child_start(&c, CHILD_TERMINAL, (const char *[]){"run", inverter, "--disk", image, NULL});
    while (tcgetattr(c.terminal, &c.attributes) == 0 && (c.attributes.c_lflag & ICANON) != 0)
        poll(NULL, 0, 1); // until the image has been mapped and the guest waits
    CU_ASSERT_EQUAL(truncate(image, 0), 0);
    child_type(&c, "x", 1);
    CU_ASSERT_EQUAL(child_wait(&c), 2);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(c.errors, "vmm: error: the disk image can no longer be accessed"));
    CU_ASSERT_EQUAL(tcgetattr(c.terminal, &c.attributes), 0);
    CU_ASSERT((c.attributes.c_lflag & ICANON) != 0);
    child_free(&c);
}

void suite_disk(void)
{
    CU_pSuite s = CU_add_suite("disk images", make, discard);

    CU_add_test(s, "writes are kept", test_kept);
    CU_add_test(s, "--snapshot", test_snapshot);
    CU_add_test(s, "write-protected", test_write_protected);
    CU_add_test(s, "a check stop", test_check_stop);
    CU_add_test(s, "cut short while in use", test_cut_short);
}
