// SPDX-License-Identifier: MIT
// A stub's memory: descriptors, vectors, page tables, code.

#include "vmm/x86/tests/stub_memory.h"

#include "vmm/guests/memory.h"
#include "vmm/x86/traps.h"

enum { PAGE_SIZE = 4096, LARGE_PAGE_SHIFT = 21 };

struct memory {
    stub_at *at;
    void *machine;
};

bool text_same(const char *a, const char *b)
{
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

bool text_begins(const char *text, const char *prefix)
{
    while (*prefix && *text == *prefix) text++, prefix++;
    return *prefix == 0;
}

// A page at a time: a machine's pages need not be one piece.
static void put(const struct memory *m, uint64_t guest, const void *from, uint64_t size)
{
    const char *bytes = from;

    while (size > 0) {
        const uint64_t room = PAGE_SIZE - guest % PAGE_SIZE, part = size < room ? size : room;
        memcpy(m->at(m->machine, guest, part), bytes, part);
        guest += part, bytes += part, size -= part;
    }
}

static uint64_t *words(const struct memory *m, uint64_t guest)
{
    return m->at(m->machine, guest, PAGE_SIZE - guest % PAGE_SIZE);
}

static void put_descriptors(const struct memory *m, struct stub_tables *t)
{
    static const uint64_t table[] = {
        0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff, 0, 0};

    put(m, STUB_GDT, table, sizeof table);
    t->gdt = STUB_GDT;
    t->gdt_limit = sizeof table - 1;
}

static void put_pages(const struct memory *m)
{
    uint64_t *level2 = words(m, STUB_LEVEL2);

    *words(m, STUB_LEVEL4) = STUB_LEVEL3 | 3;
    *words(m, STUB_LEVEL3) = STUB_LEVEL2 | 3;
    for (uint64_t i = 0; i < 512; i++) level2[i] = i << LARGE_PAGE_SHIFT | 0x83;
}

static void put_vectors(const struct memory *m, const char *start, const char *end)
{
    put(m, STUB_VECTORS, start, (uint64_t)(end - start));
}

static void real_vectors(const struct memory *m, struct stub_tables *t)
{
    uint32_t *table = m->at(m->machine, 0, sizeof *table * STUB_VECTOR_COUNT);

    for (unsigned n = 0; n < STUB_VECTOR_COUNT; n++) table[n] = STUB_VECTORS + n * STUB_VECTOR_SIZE;
    t->idt = 0;
    t->idt_limit = 0xffff;
}

// Interrupt gates of 8 bytes, or of 16.
static void gates(const struct memory *m, struct stub_tables *t, uint16_t selector, unsigned size)
{
    uint64_t *table = words(m, STUB_IDT);

    for (uint64_t n = 0; n < STUB_VECTOR_COUNT; n++) {
        const uint64_t to = STUB_VECTORS + n * STUB_VECTOR_SIZE;
        table[size / 8 * n] =
            (to & 0xffff) | (uint64_t)selector << 16 | UINT64_C(0x8e00) << 32 | (to >> 16) << 48;
    }
    t->idt = STUB_IDT;
    t->idt_limit = (uint16_t)(STUB_VECTOR_COUNT * size - 1);
}

struct stub_tables stub_fill(const struct stub *s, stub_at *at, void *machine)
{
    const struct memory m = {at, machine};
    struct stub_tables t = {0};

    put_descriptors(&m, &t);
    put_pages(&m);
    if (text_same(s->mode, "real")) {
        t.mode = STUB_REAL;
        put_vectors(&m, vectors_real, vectors_protected);
        real_vectors(&m, &t);
    } else if (text_same(s->mode, "protected")) {
        t.mode = STUB_PROTECTED;
        put_vectors(&m, vectors_protected, vectors_long);
        gates(&m, &t, 0x08, 8);
    } else if (text_same(s->mode, "long")) {
        t.mode = STUB_LONG;
        put_vectors(&m, vectors_long, vectors_end);
        gates(&m, &t, 0x18, 16);
    } else {
        panic("stub %s: no mode '%s'", s->name, s->mode);
    }
    put(&m, STUB_CODE, s->code, s->size);
    return t;
}
