// SPDX-License-Identifier: MIT
// Recordings as files: written and read back, and damaged.

#include "tests/random.h"
#include "tests/suites.h"
#include "vmm/host/recording.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/recording-XXXXXX";

static int make(void)
{
    const int fd = mkstemp(path);

    return fd < 0 || close(fd) != 0;
}

static int discard(void)
{
    return unlink(path);
}

static void test_round_trip(void)
{
    enum { N = 5000 };
    static struct arrival written[N];
    struct random random = random_seeded(tests_seed());
    struct recording r;
    struct failure f;
    struct arrival *read;
    uint64_t count = 0;
    size_t n;

    CU_ASSERT_FATAL(recording_create(&r, path, &f));
    for (size_t k = 0; k < N; k++) {
        if (random_once_in(&random, 3)) count += random_u32(&random);
        if (k == N - 1) count = UINT64_MAX;
        written[k] = (struct arrival){count, (uint8_t)random_u32(&random)};
        recording_add(&r, &written[k]);
    }
    CU_ASSERT_FATAL(recording_close(&r, &f));
    CU_ASSERT_FATAL(recording_read(path, &read, &n, &f));
    CU_ASSERT_EQUAL_FATAL(n, N);
    for (size_t k = 0; k < N; k++) {
        CU_ASSERT_EQUAL(read[k].count, written[k].count);
        CU_ASSERT_EQUAL(read[k].byte, written[k].byte);
    }
    free(read);
}

static void write_text(const char *text, size_t size)
{
    FILE *file = fopen(path, "w");

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fwrite(text, 1, size, file);
    fclose(file);
}

static void test_accepted(void)
{
    static const struct {
        const char *text;
        size_t n;
    } cases[] = {
        {"trapeze-input 1\nend\n", 0},
        {"trapeze-input 1\nend", 0},
        {"# a comment\n\ntrapeze-input 1\n# another\n0 0\n\n0 255\n7 10\nend\n\n# after\n", 3},
    };

    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct arrival *arrivals;
        struct failure f;
        size_t n;
        write_text(cases[k].text, strlen(cases[k].text));
        CU_ASSERT(recording_read(path, &arrivals, &n, &f));
        CU_ASSERT_EQUAL(n, cases[k].n);
        free(arrivals);
    }
}

static void test_damaged(void)
{
    static const struct {
        const char *text;
        const char *place, *reason; // place: LINE:COLUMN
    } cases[] = {
        {"", "1:1", "expected `trapeze-input 1`"},
        {"trapeze-input 2\nend\n", "1:1", "expected `trapeze-input 1`"},
        {"hello\n", "1:1", "expected `trapeze-input 1`"},
        {"trapeze-input 1\n", "2:1", "cut short"},
        {"trapeze-input 1\n0 1\n5 2\n", "4:1", "cut short"},
        {"trapeze-input 1\n0 1\n5 2\nen", "4:1", "expected a machine count"},
        {"trapeze-input 1\n5 1\n4 2\nend\n", "3:1", "expected a count of at least 5"},
        {"trapeze-input 1\n5\nend\n", "2:2", "expected a space"},
        {"trapeze-input 1\n5x 1\nend\n", "2:2", "expected a space"},
        {"trapeze-input 1\n5 256\nend\n", "2:3", "0 to 255"},
        {"trapeze-input 1\n5 -1\nend\n", "2:3", "0 to 255"},
        {"trapeze-input 1\n5 \nend\n", "2:3", "0 to 255"},
        {"trapeze-input 1\n5 1 \nend\n", "2:3", "0 to 255"},
        {"trapeze-input 1\n5 1\r\nend\n", "2:3", "0 to 255"},
        {"trapeze-input 1\n18446744073709551616 1\nend\n", "2:1", "expected a machine count"},
        {"trapeze-input 1\nend\n5 1\n", "3:1", "nothing after `end`"},
    };
    char place[64];

    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct arrival *arrivals;
        struct failure f;
        size_t n;
        write_text(cases[k].text, strlen(cases[k].text));
        CU_ASSERT(!recording_read(path, &arrivals, &n, &f));
        CU_ASSERT(f.located);
        snprintf(place, sizeof place, "%s:%s: error: ", path, cases[k].place);
        CU_ASSERT_PTR_NOT_NULL(strstr(f.text, place));
        CU_ASSERT_PTR_NOT_NULL(strstr(f.text, cases[k].reason));
        if (strstr(f.text, place) == NULL) printf("expected %s, found: %s\n", place, f.text);
    }
}

static void test_not_text(void)
{
    struct arrival *arrivals;
    struct failure f;
    size_t n;

    write_text("trapeze-input 1\nend\n\0005 1\n", 24);
    CU_ASSERT(!recording_read(path, &arrivals, &n, &f));
    CU_ASSERT_PTR_NOT_NULL(strstr(f.text, "not text"));
    CU_ASSERT(!recording_read("/tmp", &arrivals, &n, &f));
    CU_ASSERT_PTR_NOT_NULL(strstr(f.text, "directory"));
    CU_ASSERT(!recording_read("/nonexistent/file", &arrivals, &n, &f));
    CU_ASSERT_PTR_NOT_NULL(strstr(f.text, "/nonexistent/file"));
}

void suite_recording(void)
{
    CU_pSuite s = CU_add_suite("recording", make, discard);

    CU_add_test(s, "written and read back", test_round_trip);
    CU_add_test(s, "accepted", test_accepted);
    CU_add_test(s, "damaged", test_damaged);
    CU_add_test(s, "not a recording", test_not_text);
}
