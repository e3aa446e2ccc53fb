// SPDX-License-Identifier: MIT
// The self-hosted monitor, build/guests/monitor.elf, against the bare machine: random guests that
// come to an end, alone under one monitor and under two, leave the same memory, disk and output;
// and two side by side too.

#include "tests/random.h"
#include "tests/random_guest.h"
#include "tests/suites.h"
#include "vmm/guests/disk.h"
#include "vmm/host/elf.h"
#include "vmm/host/file.h"
#include "vmm/machine/hardware.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    BARE_LENGTH = 3000,      // instructions in which a guest must end to be of use
    SELF_LENGTH = 200 << 20, // in which the monitor must end with it
    MEMORY = 4 << 20,        // of the machine that the monitor runs on
    INNER = 2 << 20,         // of the monitor on the monitor
    OUTPUT = 1 << 16,
    DISK_MOST = 1 << 20,
};

// A machine with its disk and its output.
struct bench {
    struct hardware h;
    uint8_t *memory, *engine_memory;
    uint8_t disk[DISK_MOST];
    uint8_t output[OUTPUT];
    size_t output_n;
    struct run_result end;
};

static void put(void *context, uint8_t byte)
{
    struct bench *b = context;

    if (b->output_n < OUTPUT) b->output[b->output_n++] = byte;
}

static void bench_open(struct bench *b, uint32_t size)
{
    const size_t engine = hardware_engine_memory(size);

    b->memory = calloc(1, size);
    b->engine_memory = malloc(engine);
    if (b->memory == NULL || b->engine_memory == NULL) abort();
    hardware_init(&b->h, b->memory, size, &engine_threaded, b->engine_memory, engine);
    b->h.m.devices.put = put;
    b->h.m.devices.context = b;
    b->h.m.devices.disk = b->disk;
    b->output_n = 0;
}

static void bench_close(struct bench *b)
{
    free(b->memory);
    free(b->engine_memory);
}

// ---------------------------------------------------------------- disks for monitors

// Appends contents as whole sectors; returns the first. *sectors grows.
static uint32_t append(uint8_t *disk, uint32_t *sectors, const uint8_t *bytes, uint32_t n)
{
    const uint32_t first = *sectors, more = (n + SECTOR_SIZE - 1) / SECTOR_SIZE;

    if ((first + more) * (size_t)SECTOR_SIZE > DISK_MOST) abort();
    memset(disk + (size_t)first * SECTOR_SIZE, 0, (size_t)more * SECTOR_SIZE);
    memcpy(disk + (size_t)first * SECTOR_SIZE, bytes, n);
    *sectors += more;
    return first;
}

// Puts a guest, and its disk, on a monitor's disk. Returns the sector of the guest's disk.
static uint32_t add_guest(uint8_t *disk, uint32_t *sectors, const char *name, const uint8_t *image,
                          uint32_t size, uint32_t memory, uint32_t entry, const uint8_t *its_disk,
                          uint32_t its_size)
{
    struct disk_directory *d = (struct disk_directory *)disk;
    struct disk_entry *e = &d->entry[d->count];

    d->magic = DISK_MAGIC;
    d->count += 2;
    snprintf(e[0].name, sizeof e[0].name, "%s", name);
    e[0].type = DISK_GUEST;
    e[0].size = size;
    e[0].memory = memory;
    e[0].entry = entry;
    e[0].sector = append(disk, sectors, image, size);
    snprintf(e[1].name, sizeof e[1].name, "%s.disk", name);
    e[1].type = DISK_DISK;
    e[1].size = its_size;
    e[1].sector = append(disk, sectors, its_disk, its_size);
    return e[1].sector;
}

// build/guests/monitor.elf, as a file and as its first bytes in memory.
static struct {
    uint8_t *file;
    size_t size;
    struct elf_loaded loaded;
    uint8_t image[1 << 18];
    uint32_t image_size, end; // bytes of it that are not zeros; where the partitions begin
} monitor;

static bool monitor_read(void)
{
    static uint8_t memory[INNER];
    struct failure f;

    if (monitor.file != NULL) return true;
    if (!file_read("build/guests/monitor.elf", &monitor.file, &monitor.size, &f) ||
        !elf_load(monitor.file, monitor.size, memory, INNER, &monitor.loaded, &f)) {
        fprintf(stderr, "build/guests/monitor.elf: %s\n", f.text);
        return false;
    }
    monitor.end = (monitor.loaded.end + 4095) & ~UINT32_C(4095);
    for (uint32_t k = 0; k < monitor.loaded.end; k++)
        if (memory[k] != 0) monitor.image_size = k + 1;
    if (monitor.image_size > sizeof monitor.image) return false;
    memcpy(monitor.image, memory, monitor.image_size);
    return true;
}

// ---------------------------------------------------------------- runs

static struct bench bare[2], self;

static bool run_bare(struct bench *b, const struct random_guest *g)
{
    bench_open(b, GUEST_MEMORY);
    memcpy(b->memory, g->image, GUEST_MEMORY);
    memcpy(b->disk, g->disk, sizeof g->disk);
    b->h.m.devices.sectors = GUEST_SECTORS;
    machine_reset(&b->h.m, g->entry);
    b->end = machine_go(&b->h.m, BARE_LENGTH);
    return b->end.reason == RUN_STOP || b->end.reason == RUN_IDLE ||
           b->end.reason == RUN_CHECK_STOP;
}

// The monitor with `n` guests, or with a monitor that has them. Returns where the first partition
// with a guest is; disk_at: the sectors of the guests' disks.
static uint32_t run_self(const struct random_guest *g, size_t n, bool twice, uint32_t *disk_at)
{
    static uint8_t inner[DISK_MOST];
    uint32_t sectors = 1, start = monitor.end;
    uint8_t *disk = twice ? inner : self.disk;
    const char *const names[] = {"one", "two"};

    memset(disk, 0, SECTOR_SIZE);
    for (size_t k = 0; k < n; k++)
        disk_at[k] = add_guest(disk, &sectors, names[k], g[k].image, GUEST_MEMORY, GUEST_MEMORY,
                               g[k].entry, g[k].disk, sizeof g[k].disk);
    if (twice) {
        const uint32_t its_size = sectors * SECTOR_SIZE;
        sectors = 1;
        memset(self.disk, 0, SECTOR_SIZE);
        const uint32_t at =
            add_guest(self.disk, &sectors, "monitor", monitor.image, monitor.image_size, INNER,
                      monitor.loaded.entry, inner, its_size);
        for (size_t k = 0; k < n; k++) disk_at[k] += at;
        start += monitor.end;
    }
    bench_open(&self, MEMORY);
    self.h.m.devices.sectors = sectors;
    memcpy(self.memory, monitor.image, monitor.image_size);
    machine_reset(&self.h.m, monitor.loaded.entry);
    self.end = machine_go(&self.h.m, SELF_LENGTH);
    return start;
}

static bool differ(const char *what, const struct random_guest *g, bool twice)
{
    fprintf(stderr, "random guest %" PRIu64 " under the self-hosted monitor%s: %s differs\n",
            g->seed, twice ? " on itself" : "", what);
    return false;
}

static bool same_end(const struct random_guest *g, bool twice)
{
    switch (bare[0].end.reason) {
    case RUN_STOP:
        return (self.end.reason == RUN_STOP && self.end.value == bare[0].end.value) ||
               differ("the end", g, twice);
    case RUN_IDLE: return self.end.reason == RUN_IDLE || differ("the end (idle)", g, twice);
    default:
        return (self.end.reason == RUN_STOP && self.end.value == 1) ||
               differ("the end (check stop)", g, twice);
    }
}

static bool same_guest(const struct random_guest *g, const struct bench *b, uint32_t start,
                       uint32_t disk_at, bool twice)
{
    if (memcmp(self.memory + start, b->memory, GUEST_MEMORY) != 0)
        return differ("memory", g, twice);
    if (memcmp(self.disk + (size_t)disk_at * SECTOR_SIZE, b->disk, sizeof g->disk) != 0)
        return differ("the disk", g, twice);
    return true;
}

// One guest, under one monitor or two.
static bool alone(const struct random_guest *g, bool twice)
{
    uint32_t disk_at, start = run_self(g, 1, twice, &disk_at);
    const size_t n = bare[0].output_n;
    bool good = same_end(g, twice) && same_guest(g, &bare[0], start, disk_at, twice);

    if (good && (self.output_n < n || memcmp(self.output, bare[0].output, n) != 0))
        good = differ("output", g, twice);
    bench_close(&self);
    return good;
}

// Both, side by side. One that waits for ever lets the other come to its end.
static bool together(const struct random_guest *g)
{
    uint32_t disk_at[2], start = run_self(g, 2, false, disk_at);
    bool good = true;

    for (uint32_t k = 0; k < 2 && good; k++)
        good = same_guest(&g[k], &bare[k], start + k * GUEST_MEMORY, disk_at[k], false);
    bench_close(&self);
    return good;
}

static void test_random_guests(void)
{
    static struct random_guest g[2];
    const uint64_t wanted = tests_long() ? 1500 : tests_quick() ? 20 : 150;
    uint64_t ends[RUN_TURN + 1] = {0}, seed = tests_seed(), found = 0;
    bool good = true, have_one = false;

    if (!monitor_read()) {
        CU_FAIL("the self-hosted monitor cannot be read");
        return;
    }
    for (; found < wanted && good; seed++) {
        struct random_guest *next = &g[have_one];
        struct bench *b = &bare[have_one];
        random_guest_make(next, seed);
        next->disk_read_only = false;
        if (run_bare(b, next)) {
            ends[b->end.reason]++;
            if (!have_one) good = alone(next, false) && (found % 8 != 0 || alone(next, true));
            found++;
            if (!have_one) {
                have_one = true;
                continue; // it stays until there is a second
            }
            good = good && together(g);
            bench_close(&bare[0]);
            have_one = false;
        }
        bench_close(b);
    }
    if (have_one) bench_close(&bare[0]);
    CU_ASSERT_TRUE(good);
    CU_ASSERT_TRUE(ends[RUN_STOP] + ends[RUN_IDLE] + ends[RUN_CHECK_STOP] == found);
    CU_ASSERT_TRUE(ends[RUN_STOP] > 0);
}

void suite_self(void)
{
    CU_pSuite s = CU_add_suite("the self-hosted monitor", NULL, NULL);

    CU_add_test(s, "random guests", test_random_guests);
}
