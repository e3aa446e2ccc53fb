// SPDX-License-Identifier: MIT
// The walk through a guest's page tables: cases from the manual's tables, and random entries of
// which a sum over the levels says what must come out.

#include "tests/suites.h"

#include "vmm/x86/paging.h"

#include <CUnit/CUnit.h>
#include <string.h>

enum { PAGES = 8, PAGE_BYTES = 4096 };
static uint8_t memory[PAGES * PAGE_BYTES];
static uint64_t state;

static bool get(void *context, uint64_t physical, unsigned size, uint64_t *entry)
{
    (void)context;
    if (physical + size > sizeof memory) return false;
    *entry = 0;
    memcpy(entry, memory + physical, size);
    return true;
}

static void set(void *context, uint64_t physical, unsigned size, uint64_t bits)
{
    uint64_t entry;

    CU_ASSERT_TRUE_FATAL(get(context, physical, size, &entry));
    entry |= bits;
    memcpy(memory + physical, &entry, size);
}

static void put(uint64_t physical, unsigned size, uint64_t entry)
{
    memcpy(memory + physical, &entry, size);
}

static uint64_t random_bits(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return state >> 33 ^ state << 31;
}

static struct paging paging(enum paging_mode mode)
{
    memset(memory, 0, sizeof memory);
    return (struct paging){
        .mode = mode, .cr3 = 0x1000, .address_bits = 40, .read = get, .set = set};
}

enum { NOWHERE = 0x10000, FOUND = 0x20000 };

// FOUND and the address in *physical, NOWHERE, or the error code.
static uint32_t walk(const struct paging *p, uint64_t linear, unsigned access, uint64_t *physical)
{
    uint32_t code;
    const enum paging_result r = paging_walk(p, linear, access, physical, &code);

    return r == PAGING_FOUND ? FOUND : r == PAGING_NOWHERE ? NOWHERE : code;
}

static void two_levels_of_32_bits(void)
{
    struct paging p = paging(PAGING_32);
    uint64_t at = 0;

    put(0x1000 + 4 * 1, 4, 0x2007);
    put(0x2000 + 4 * 3, 4, 0xabcde005); // user, read-only
    put(0x1000 + 4 * 2, 4, 0x00406087); // 4 MiB at 0x3_0040_0000 by PSE-36
    put(0x1000 + 4 * 3, 4, 0x00800001); // a table outside
    CU_ASSERT_EQUAL(walk(&p, 0x403123, 0, &at), FOUND);
    CU_ASSERT_EQUAL(at, 0xabcde123);
    CU_ASSERT_EQUAL(memory[0x100c - 8] & 0x60, 0x20);
    CU_ASSERT_EQUAL(memory[0x200c] & 0x60, 0x20);
    CU_ASSERT_EQUAL(walk(&p, 0x403123, PAGE_WRITE, &at), FOUND); // no WP
    CU_ASSERT_EQUAL(memory[0x200c] & 0x60, 0x60);
    CU_ASSERT_EQUAL(walk(&p, 0x403123, PAGE_WRITE | PAGE_USER, &at), 7);
    p.write_protect = true;
    CU_ASSERT_EQUAL(walk(&p, 0x403123, PAGE_WRITE, &at), 3);
    CU_ASSERT_EQUAL(walk(&p, 0x404123, PAGE_WRITE, &at), 2);
    CU_ASSERT_EQUAL(walk(&p, 0xc00000, 0, &at), NOWHERE);
    p.pse = true;
    CU_ASSERT_EQUAL(walk(&p, 0x812345, PAGE_USER, &at), FOUND);
    CU_ASSERT_EQUAL(at, UINT64_C(0x300412345));
    p.address_bits = 33; // bit 33 of the address is in bit 14
    CU_ASSERT_EQUAL(walk(&p, 0x812345, PAGE_USER, &at), 13);
    p.smap = true;
    CU_ASSERT_EQUAL(walk(&p, 0x403123, 0, &at), 1);
    p.ac = true;
    CU_ASSERT_EQUAL(walk(&p, 0x403123, 0, &at), FOUND);
    CU_ASSERT_EQUAL(walk(&p, 0x403123, PAGE_IMPLICIT, &at), 1);
    p.smep = true;
    CU_ASSERT_EQUAL(walk(&p, 0x403123, PAGE_FETCH, &at), 0x11);
}

static void pae(void)
{
    struct paging p = paging(PAGING_PAE);
    uint64_t at = 0;

    p.pdpte[1] = 0x2001;
    put(0x2000, 8, UINT64_C(0x1200e00087)); // 2 MiB
    CU_ASSERT_EQUAL(walk(&p, 0x40012345, 0, &at), FOUND);
    CU_ASSERT_EQUAL(at, UINT64_C(0x1200e12345));
    CU_ASSERT_EQUAL(walk(&p, 0x12345, 0, &at), 0);
    put(0x2000, 8, UINT64_C(0x0010000000e00087)); // bit 52
    CU_ASSERT_EQUAL(walk(&p, 0x40012345, 0, &at), 9);
    put(0x2000, 8, UINT64_C(0x8000000000e00087));
    CU_ASSERT_EQUAL(walk(&p, 0x40012345, 0, &at), 9);
    p.nx = true;
    CU_ASSERT_EQUAL(walk(&p, 0x40012345, 0, &at), FOUND);
    CU_ASSERT_EQUAL(walk(&p, 0x40012345, PAGE_FETCH, &at), 0x11);
}

// Chains through four tables at 0x1000 to 0x4000, with random rights and now and then a bit that
// is absent, reserved or large.
static void four_levels_at_random(void)
{
    enum { CASES = 4000 };
    unsigned found = 0, faults = 0;

    state = tests_seed();
    for (unsigned n = 0; n < CASES; n++) {
        struct paging p = paging(PAGING_4_LEVELS);
        const uint64_t r = random_bits(), linear = random_bits() & UINT64_C(0x7fffffffffff);
        p.write_protect = r & 1, p.nx = r & 2, p.smep = r & 4, p.smap = r & 8, p.ac = r & 16;
        p.gigabyte_pages = r & 32;
        const unsigned access = r >> 6 & (PAGE_WRITE | PAGE_USER | PAGE_FETCH);
        if ((access & (PAGE_WRITE | PAGE_FETCH)) == (PAGE_WRITE | PAGE_FETCH)) continue;

        // The expectation, level by level from the top.
        bool user = true, write = true, execute = true, ended = false;
        uint32_t code = access & (PAGE_WRITE | PAGE_USER);
        if (access & PAGE_FETCH && (p.smep || p.nx)) code |= PAGE_FETCH;
        uint64_t expected = 0;
        uint32_t outcome = 0;
        for (unsigned level = 4; level >= 1; level--) {
            const uint64_t x = random_bits();
            const bool present = x % 16, xd = x >> 4 & 1 && x >> 5 & 1, high = !(x >> 6 & 31);
            const bool large = level > 1 && !(x >> 11 & 3), low = large && !(x >> 13 & 7);
            const uint64_t page = UINT64_C(1) << (12 + 9 * (level - 1));
            const uint64_t to = large || level == 1 ? (random_bits() & 0xffffffffff) / page * page
                                                    : (6 - level) * 0x1000;
            const bool u = x >> 16 & 3, w = x >> 18 & 3;
            put(0x1000 * (5 - level) + (linear / page & 511) * 8, 8,
                to | present | (w ? 2 : 0) | (u ? 4 : 0) | (large ? 0x80 : 0) | (low ? 0x2000 : 0) |
                    (high ? UINT64_C(1) << 45 : 0) | (xd ? UINT64_C(1) << 63 : 0));
            if (ended) continue;
            user &= u, write &= w, execute &= !xd;
            if (!present) {
                outcome = code, ended = true;
            } else if (high || low || (xd && !p.nx) || (large && level == 4) ||
                       (large && level == 3 && !p.gigabyte_pages)) {
                outcome = code | 9, ended = true;
            } else if (large || level == 1) {
                bool may = true;
                if (access & PAGE_USER) may = user;
                if (!(access & PAGE_USER) && user)
                    may = access & PAGE_FETCH ? !p.smep : !p.smap || p.ac;
                if (access & PAGE_WRITE && !write && (access & PAGE_USER || p.write_protect))
                    may = false;
                if (access & PAGE_FETCH && !execute) may = false;
                outcome = may ? FOUND : code | 1, ended = true;
                expected = to + linear % page;
            }
        }
        uint64_t at = 0;
        CU_ASSERT_EQUAL(walk(&p, linear, access, &at), outcome);
        if (outcome == FOUND) CU_ASSERT_EQUAL(at, expected);
        found += outcome == FOUND;
        faults += outcome != FOUND;
    }
    CU_ASSERT_TRUE(found > CASES / 20 && faults > CASES / 20);
}

void suite_paging(void)
{
    CU_pSuite s = CU_add_suite("a guest's paging", NULL, NULL);

    CU_add_test(s, "two levels of 32 bits", two_levels_of_32_bits);
    CU_add_test(s, "PAE", pae);
    CU_add_test(s, "four levels at random", four_levels_at_random);
}
