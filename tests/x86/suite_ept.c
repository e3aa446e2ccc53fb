// SPDX-License-Identifier: MIT
// Extended page tables: what has been mapped is found, nothing else is, and all of it is given
// back.

#include "tests/suites.h"

#include "vmm/x86/ept.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

static unsigned tables, tables_back, small_back, large_back;

static uint64_t *frame(void)
{
    uint64_t *table = aligned_alloc(PAGE, PAGE);

    if (table == NULL) abort();
    memset(table, 0, PAGE);
    tables++;
    return table;
}

static void give_table(void *table)
{
    free(table);
    tables_back++;
}

static void give_page(void *page, uint64_t size)
{
    (void)page;
    if (size == PAGE)
        small_back++;
    else if (size == LARGE_PAGE)
        large_back++;
}

static uint64_t found(const uint64_t *root, uint64_t guest)
{
    uint64_t host;

    return ept_find(root, guest, &host) ? host : UINT64_MAX;
}

static void what_is_mapped_is_found(void)
{
    tables = tables_back = small_back = large_back = 0;
    uint64_t *root = frame();

    ept_map(root, 0x3000, 0x7654000, PAGE, frame);
    ept_map(root, 0x1ff000, 0x1000, PAGE, frame);
    ept_map(root, 0x200000, 0x80000000, LARGE_PAGE, frame);
    ept_map(root, UINT64_C(0x7fffffe00000), 0x600000, LARGE_PAGE, frame);
    CU_ASSERT_EQUAL(tables, 1 + 3 + 2);

    CU_ASSERT_EQUAL(found(root, 0x3000), 0x7654000);
    CU_ASSERT_EQUAL(found(root, 0x3fff), 0x7654fff);
    CU_ASSERT_EQUAL(found(root, 0x1ff123), 0x1123);
    CU_ASSERT_EQUAL(found(root, 0x200000), 0x80000000);
    CU_ASSERT_EQUAL(found(root, 0x3fffff), 0x801fffff);
    CU_ASSERT_EQUAL(found(root, UINT64_C(0x7fffffffffff)), 0x7fffff);
    static const uint64_t nowhere[] = {
        0,
        0x2fff,
        0x4000,
        0x1fefff,
        0x400000,
        0x40000000,
        UINT64_C(0x8000000000),
        UINT64_MAX,
        UINT64_C(1) << 48,
        (UINT64_C(1) << 48) + 0x3000,
    };
    for (unsigned i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++)
        CU_ASSERT_EQUAL(found(root, nowhere[i]), UINT64_MAX);

    ept_release(root, give_table, give_page);
    CU_ASSERT_EQUAL(tables_back, tables);
    CU_ASSERT_EQUAL(small_back, 2);
    CU_ASSERT_EQUAL(large_back, 2);
}

// The bits that a processor reads (SDM 3C, 28.3.2): access 2:0, memory type 5:3, large page 7.
static void entries_are_as_the_processor_reads_them(void)
{
    uint64_t *root = frame();

    ept_map(root, 0x200000, 0x400000, LARGE_PAGE, frame);
    ept_map(root, 0, 0x5000, PAGE, frame);
    uint64_t *level3 = (uint64_t *)(uintptr_t)(root[0] & ~UINT64_C(0xfff));
    CU_ASSERT_EQUAL(root[0] & 0xfff, 7);
    uint64_t *level2 = (uint64_t *)(uintptr_t)(level3[0] & ~UINT64_C(0xfff));
    CU_ASSERT_EQUAL(level3[0] & 0xfff, 7);
    CU_ASSERT_EQUAL(level2[1], 0x4000b7);
    uint64_t *level1 = (uint64_t *)(uintptr_t)(level2[0] & ~UINT64_C(0xfff));
    CU_ASSERT_EQUAL(level2[0] & 0xfff, 7);
    CU_ASSERT_EQUAL(level1[0], 0x5037);
    CU_ASSERT_EQUAL(level1[1], 0);
    CU_ASSERT_EQUAL(ept_pointer(root) & 0xfff, 0x1e);
    ept_release(root, give_table, give_page);
}

void suite_ept(void)
{
    CU_pSuite s = CU_add_suite("extended page tables", NULL, NULL);

    CU_add_test(s, "what is mapped is found", what_is_mapped_is_found);
    CU_add_test(s, "entries are as the processor reads them",
                entries_are_as_the_processor_reads_them);
}
