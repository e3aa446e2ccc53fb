// SPDX-License-Identifier: MIT
// The ELF loader on a good file, and on that file damaged in every way that a user may meet.

#include "tests/host/guest.h"
#include "tests/random.h"
#include "tests/suites.h"
#include "vmm/host/elf.h"
#include "vmm/host/file.h"
#include "vmm/host/numbers.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 1 << 16, MARK = 0xa5, WORDS = 5 };

static const uint32_t code[WORDS] = {0x11111111, 0x22222222, 0x33333333, 0x44444444, 0x55555555};
static uint8_t good[GUEST_LEAST + 4 * WORDS];
static size_t good_size;
static uint8_t memory[MEMORY];
static struct elf_loaded loaded;
static struct failure failure;

// Loads exactly `size` bytes from the heap, where a sanitizer guards their end.
static bool load(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size + !size);

    if (copy == NULL) abort();
    memcpy(copy, bytes, size);
    memset(memory, MARK, MEMORY);
    failure.text[0] = '\0';
    const bool done = elf_load(copy, size, memory, MEMORY, &loaded, &failure);
    free(copy);
    return done;
}

static bool untouched(uint32_t from, uint32_t to)
{
    for (uint32_t k = from; k < to; k++)
        if (memory[k] != MARK) return false;
    return true;
}

static void refused(const uint8_t *bytes, size_t size, const char *reason)
{
    CU_ASSERT(!load(bytes, size));
    CU_ASSERT(untouched(0, MEMORY));
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, reason));
    if (strstr(failure.text, reason) == NULL)
        printf("expected '%s', found: %s\n", reason, failure.text);
}

static void put(uint8_t *at, unsigned bytes, uint32_t value)
{
    for (unsigned k = 0; k < bytes; k++) at[k] = (uint8_t)(value >> 8 * k);
}

static void test_good(void)
{
    CU_ASSERT_FATAL(load(good, good_size));
    CU_ASSERT_EQUAL(loaded.entry, GUEST_BASE);
    CU_ASSERT_EQUAL(loaded.segments, 1);
    CU_ASSERT_EQUAL(loaded.end, GUEST_BASE + sizeof code + 64);
    CU_ASSERT(!loaded.compressed);
    CU_ASSERT_EQUAL(memcmp(memory + GUEST_BASE, good + GUEST_CODE, sizeof code), 0);
    for (size_t k = 0; k < 64; k++) CU_ASSERT_EQUAL(memory[GUEST_BASE + sizeof code + k], 0);
    CU_ASSERT(untouched(0, GUEST_BASE));
    CU_ASSERT(untouched(loaded.end, MEMORY));
}

static void test_truncated(void)
{
    refused(good, 0, "empty");
    for (size_t size = 1; size < good_size; size++)
        refused(good, size, size < 4 ? "" : "cut short");
}

// One field of the good file changed.
static const struct mutation {
    unsigned at, bytes;
    uint32_t value;
    const char *reason;
} mutations[] = {
    {0, 1, 0x7e, "not an ELF file"},
    {4, 1, 2, "64-bit"},
    {4, 1, 7, "ELF class 7"},
    {5, 1, 2, "big-endian"},
    {5, 1, 0, "data encoding 0"},
    {6, 1, 9, "version 9"},
    {16, 2, 1, "link it"}, // an object file
    {16, 2, 3, "-no-pie"},
    {16, 2, 4, "core dump"},
    {16, 2, 0xff00, "type 65280"},
    {18, 2, 62, "expected 243, RISC-V"},   // x86-64's number
    {24, 4, 0x102, "not a multiple of 4"}, // entry
    {24, 4, 0xfc, "outside what is loaded"},
    {24, 4, GUEST_BASE + 4 * WORDS + 64, "outside what is loaded"},
    {28, 4, 0, "no program headers"},
    {28, 4, 0xfffffff0, "cut short: the program header table"},
    {32, 4, 0xffffffff, "cut short: the section header table"},
    {42, 2, 31, "program headers of 31 bytes"},
    {44, 2, 0, "no program headers"},
    {44, 2, 1000, "cut short: the program header table"},
    {46, 2, 64, "section headers of 64 bytes"},
    {48, 2, 77, "cut short: the section header table"},
    {GUEST_PHDR, 4, 6, "no loadable segments"}, // PT_PHDR
    {GUEST_PHDR, 4, 3, "dynamically linked"},   // PT_INTERP
    {GUEST_PHDR + 4, 4, 0xffffff00, "cut short: segment 0"},
    {GUEST_PHDR + 16, 4, 4 * WORDS + 65, "segment 0 has 85 bytes in the file but 84 in memory"},
    {GUEST_PHDR + 20, 4, 0, "segment 0 has 20 bytes in the file but 0 in memory"},
    {GUEST_PHDR + 20, 4, 0x10000, "--memory 68K would do"},
    {GUEST_PHDR + 12, 4, 0x2000000, "--memory 32772K would do"},
    {GUEST_PHDR + 12, 4, 0x1ffff00, "--memory 32M would do"},
    {GUEST_PHDR + 12, 4, 0xffffffff, "beyond all memory that PG32 can have"},
    {GUEST_PHDR + 20, 4, 0xffffffff, "beyond all memory that PG32 can have"},
};

static void test_mutations(void)
{
    uint8_t bad[sizeof good];

    for (size_t k = 0; k < sizeof mutations / sizeof mutations[0]; k++) {
        const struct mutation *m = &mutations[k];
        memcpy(bad, good, good_size);
        put(bad + m->at, m->bytes, m->value);
        refused(bad, good_size, m->reason);
    }
}

// The second segment given bytes at `address`.
static void with_second(uint8_t *file, uint32_t address, uint32_t size)
{
    memcpy(file, good, good_size);
    put(file + GUEST_PHDR + 32 + 12, 4, address);
    put(file + GUEST_PHDR + 32 + 20, 4, size);
}

static void test_overlap(void)
{
    const uint32_t end = GUEST_BASE + 4 * WORDS + 64;
    uint8_t file[sizeof good];

    with_second(file, end - 1, 4);
    refused(file, good_size, "segments 0 (physical 0x100 to 0x154) and 1 (from 0x153) overlap");
    with_second(file, GUEST_BASE - 4, 5);
    refused(file, good_size, "overlap");
    with_second(file, 0, MEMORY);
    refused(file, good_size, "overlap");
    with_second(file, end, 4);
    CU_ASSERT(load(file, good_size));
    CU_ASSERT_EQUAL(loaded.segments, 2);
    with_second(file, GUEST_BASE - 4, 4);
    CU_ASSERT(load(file, good_size));
    with_second(file, MEMORY - 4, 4); // up to the last byte
    CU_ASSERT(load(file, good_size));
    CU_ASSERT_EQUAL(loaded.end, MEMORY);
}

// Correct, if unusual.
static void test_accepted(void)
{
    uint8_t file[sizeof good + 1];

    memcpy(file, good, good_size);
    put(file + 36, 4, 1); // EF_RISCV_RVC
    CU_ASSERT(load(file, good_size));
    CU_ASSERT(loaded.compressed);

    memcpy(file, good, good_size);
    put(file + 32, 4, 0); // no section headers
    put(file + 48, 2, 0);
    CU_ASSERT(load(file, good_size - 40));

    // Everything after the header one byte later, so that its tables are misaligned.
    memcpy(file, good, 52);
    file[52] = 0;
    memcpy(file + 53, good + 52, good_size - 52);
    put(file + 28, 4, GUEST_PHDR + 1);
    put(file + 32, 4, (uint32_t)(good_size - 40 + 1));
    put(file + GUEST_PHDR + 1 + 4, 4, GUEST_CODE + 1);
    CU_ASSERT(load(file, good_size + 1));
    CU_ASSERT_EQUAL(memcmp(memory + GUEST_BASE, good + GUEST_CODE, sizeof code), 0);
}

// Several bytes of the headers at random: loaded as promised, or refused with memory untouched.
static void test_random(void)
{
    struct random random = random_seeded(tests_seed());
    const unsigned rounds = tests_quick() ? 2000 : 50000;
    unsigned refusals = 0;
    uint8_t file[sizeof good];

    for (unsigned round = 0; round < rounds; round++) {
        memcpy(file, good, good_size);
        for (unsigned k = random_below(&random, 4) + 1; k > 0; k--)
            file[4 + random_below(&random, GUEST_CODE - 4)] = (uint8_t)random_u32(&random);
        if (load(file, good_size)) {
            CU_ASSERT(loaded.segments >= 1 && loaded.end <= MEMORY && loaded.entry < loaded.end);
            continue;
        }
        refusals++;
        CU_ASSERT(failure.text[0] != '\0');
        CU_ASSERT(untouched(0, MEMORY));
    }
    CU_ASSERT(refusals > rounds / 2);
}

// The note that asks for memory, in a file that has one; and in that file with the note changed.
static void test_memory_note(void)
{
    static const char name[] = "Trapeze";
    uint8_t *file, *note = NULL;
    size_t size;
    uint32_t wanted = 0;

    CU_ASSERT_FATAL(file_read("build/guests/monitor.elf", &file, &size, &failure));
    for (size_t k = 0; k + sizeof name + 4 < size && note == NULL; k++)
        if (memcmp(file + k, name, sizeof name) == 0 && file[k - 4] == NOTE_MEMORY) note = file + k;
    CU_ASSERT_PTR_NOT_NULL_FATAL(note);
    CU_ASSERT(elf_memory_wanted(file, size, &wanted, &failure));
    CU_ASSERT_EQUAL(wanted, UINT32_C(64) << 20);
    put(note + sizeof name, 4, 0x5000);
    CU_ASSERT(elf_memory_wanted(file, size, &wanted, &failure));
    CU_ASSERT_EQUAL(wanted, 0x5000);
    put(note + sizeof name, 4, 0x5004);
    CU_ASSERT_FALSE(elf_memory_wanted(file, size, &wanted, &failure));
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, "its note asks for 0x5004 bytes"));
    note[-4] = NOTE_MEMORY + 1; // another type: not ours
    CU_ASSERT(elf_memory_wanted(file, size, &wanted, &failure));
    CU_ASSERT_EQUAL(wanted, PG32_MEMORY_USUAL);
    note[-4] = NOTE_MEMORY;
    note[0] = 't'; // another owner
    CU_ASSERT(elf_memory_wanted(file, size, &wanted, &failure));
    CU_ASSERT_EQUAL(wanted, PG32_MEMORY_USUAL);
    put(note - 12, 4, 0xffffffff); // longer than there are bytes
    CU_ASSERT(elf_memory_wanted(file, size, &wanted, &failure));
    CU_ASSERT_EQUAL(wanted, PG32_MEMORY_USUAL);
    free(file);
    CU_ASSERT(elf_memory_wanted(good, good_size, &wanted, &failure));
    CU_ASSERT_EQUAL(wanted, PG32_MEMORY_USUAL);
    CU_ASSERT_FALSE(elf_memory_wanted(good, good_size - 1, &wanted, &failure));
}

void suite_elf(void)
{
    CU_pSuite s = CU_add_suite("elf", NULL, NULL);

    good_size = guest_elf(good, code, WORDS);
    CU_add_test(s, "a good file", test_good);
    CU_add_test(s, "cut short anywhere", test_truncated);
    CU_add_test(s, "one field wrong", test_mutations);
    CU_add_test(s, "overlap", test_overlap);
    CU_add_test(s, "unusual but correct", test_accepted);
    CU_add_test(s, "headers at random", test_random);
    CU_add_test(s, "a note asks for memory", test_memory_note);
}
