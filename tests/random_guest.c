// SPDX-License-Identifier: MIT
// The frame of a random guest: trap handler, entry, contexts, pages, disk, input.

#include "tests/random_guest.h"
#include "tests/random_code.h"
#include "tests/rv32.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum { PAGE = 4096, PAGES = GUEST_MEMORY / PAGE };

// Physical addresses; random_guest.h has the map.
enum {
    NEW_PSW = 0x20,
    SAVED = 0x30,
    COUNTS = 0x80, // by cause
    COUNT = 0xa0,
    NEXT_CONTEXT = 0xa4, // address
    RELOAD = 0xa8,       // what a timer trap sets T to
    HANDLER = 0x100,
    ENTRY = 0x200,
    CONTEXTS = 0x400,
    CONTEXT_SIZE = 32, // PSW, then T
    CONTEXTS_END = CONTEXTS + GUEST_CONTEXTS * CONTEXT_SIZE,
};

enum { T0 = 5, T1 = 6, T2 = 7 };

static void put_word(uint8_t *memory, uint32_t at, uint32_t word)
{
    for (int k = 0; k < 4; k++) memory[at + (uint32_t)k] = (uint8_t)(word >> 8 * k);
}

static void op(struct emitter *e, enum rv32_op o, unsigned rd, unsigned rs1, unsigned rs2,
               int32_t imm)
{
    emit(e, rv32(o, rd, rs1, rs2, imm));
}

// Fills in the offset of the branch or JAL at `at`, emitted with offset 0, to here.
static void land(struct emitter *e, uint32_t at, enum rv32_op o, unsigned rs1, unsigned rs2)
{
    put_word(e->memory, at, rv32(o, 0, rs1, rs2, (int32_t)(e->at - at)));
}

static uint32_t open_branch(struct emitter *e)
{
    e->at += 4;
    return e->at - 4;
}

// COUNTS[cause]++, COUNT++; leaves the cause in T0 and COUNT in T2.
static void handler_counts(struct emitter *e)
{
    for (int k = 0; k < 3; k++) op(e, RV32_SW, 0, 0, T0 + (unsigned)k, SAVED + 4 * k);
    op(e, RV32_LBU, T0, 0, 0, 1);
    op(e, RV32_SLLI, T1, T0, 0, 2);
    op(e, RV32_LW, T2, T1, 0, COUNTS);
    op(e, RV32_ADDI, T2, T2, 0, 1);
    op(e, RV32_SW, 0, T1, T2, COUNTS);
    op(e, RV32_LW, T2, 0, 0, COUNT);
    op(e, RV32_ADDI, T2, T2, 0, 1);
    op(e, RV32_SW, 0, 0, T2, COUNT);
}

// The next context of the ring: its T, then its PSW.
static void handler_switches(struct emitter *e)
{
    op(e, RV32_LW, T2, 0, 0, NEXT_CONTEXT);
    op(e, RV32_ADDI, T1, T2, 0, CONTEXT_SIZE);
    emit_li(e, T0, CONTEXTS_END);
    const uint32_t within = open_branch(e);
    op(e, RV32_ADDI, T1, 0, 0, CONTEXTS);
    land(e, within, RV32_BLTU, T1, T0);
    op(e, RV32_SW, 0, 0, T1, NEXT_CONTEXT);
    op(e, RV32_LW, T0, T2, 0, 16);
    op(e, RV32_STM, 0, T0, 0, 0);
    op(e, RV32_LW, T0, 0, 0, SAVED);
    op(e, RV32_LW, T1, 0, 0, SAVED + 4);
    op(e, RV32_LPSW, 0, T2, 0, 0);
}

static void make_handler(struct emitter *e)
{
    const int32_t often = (1 << random_between(e->r, 2, 5)) - 1; // traps between two switches
    const bool echo = random_below(e->r, 2);

    handler_counts(e);
    op(e, RV32_ANDI, T1, T2, 0, often);
    const uint32_t switch_due = open_branch(e);
    op(e, RV32_ADDI, T1, 0, 0, 5);
    const uint32_t interrupt = open_branch(e);

    op(e, RV32_LW, T1, 0, 0, 4); // P
    op(e, RV32_LW, T2, 0, 0, 0x10);
    const uint32_t fetch_failed = open_branch(e); // a memory trap's address is P itself
    op(e, RV32_ADDI, T1, T1, 0, 4);
    op(e, RV32_SW, 0, 0, T1, 4);
    const uint32_t skip_done = open_branch(e);

    land(e, interrupt, RV32_BGE, T0, T1);
    const uint32_t device = open_branch(e);
    op(e, RV32_LW, T2, 0, 0, RELOAD);
    op(e, RV32_STM, 0, T2, 0, 0);
    const uint32_t timer_done = open_branch(e);
    land(e, device, RV32_BNE, T0, T1);
    op(e, RV32_IN, T2, 0, 0, PORT_CONSOLE);
    if (echo) op(e, RV32_OUT, 0, T2, 0, PORT_CONSOLE);

    land(e, skip_done, RV32_BEQ, 0, 0);
    land(e, timer_done, RV32_BEQ, 0, 0);
    for (int k = 0; k < 3; k++) op(e, RV32_LW, T0 + (unsigned)k, 0, 0, SAVED + 4 * k);
    op(e, RV32_LPSW, 0, 0, 0, 0);

    land(e, switch_due, RV32_BEQ, T1, 0);
    land(e, fetch_failed, RV32_BEQ, T1, T2);
    handler_switches(e);
}

static void make_entry(struct emitter *e)
{
    for (unsigned reg = 1; reg < 32; reg++)
        emit_li(e, reg, random_below(e->r, 3) ? random_below(e->r, 64) : random_u32(e->r));
    handler_switches(e);
}

// A multiple of the page, mostly; else nearly anything.
static uint32_t random_start(struct random *r)
{
    if (random_once_in(r, 12)) return random_below(r, GUEST_MEMORY + PAGE);
    if (random_once_in(r, 4)) return PAGE * random_below(r, PAGES);
    return (2 + 4 * random_below(r, 3)) * PAGE;
}

static uint32_t random_timer(struct random *r)
{
    switch (random_below(r, 5)) {
    case 0: return 0;
    case 1: return random_below(r, 12);
    default: return 20 + random_below(r, 600);
    }
}

static void make_context(uint8_t *memory, struct random *r, uint32_t at)
{
    const bool whole = random_once_in(r, 4);
    const uint32_t l = whole ? 0 : random_start(r);
    const uint32_t b = whole                ? GUEST_MEMORY
                       : random_once_in(r, 16) ? random_u32(r) >> random_below(r, 32)
                                               : PAGE * (3 + random_below(r, 3));
    const uint32_t code_pages[] = {2, 3, 0}; // of a partition
    const uint32_t page = whole ? 2 + random_below(r, PAGES - 2) : code_pages[random_below(r, 3)];
    uint32_t P = PAGE * page + 4 * random_below(r, PAGE / 4), status = random_below(r, 4);

    if (random_once_in(r, 40)) P = random_u32(r) >> random_below(r, 32);
    if (random_once_in(r, 4)) status |= random_u32(r) & 0xff00; // a cause, ignored
    if (random_below(r, 3) == 0) status |= 3;                   // user mode, preemptible
    put_word(memory, at, status);
    put_word(memory, at + 4, P);
    put_word(memory, at + 8, l);
    put_word(memory, at + 12, b);
    put_word(memory, at + 16, random_timer(r));
}

// A page of code ends in a trap, so that no loop of pages is without one, and starts again.
static void make_code_page(uint8_t *memory, struct random *r, uint32_t page)
{
    const uint32_t end = (page + 1) * PAGE;
    struct emitter e = {.r = r, .memory = memory, .at = page * PAGE, .end = end};

    while (e.at + RANDOM_UNIT_BYTES + 8 <= end) emit_random_unit(&e);
    while (e.at + 8 < end) emit(&e, random_plain_word(r));
    emit(&e, rv32(RV32_ECALL, 0, 0, 0, 0));
    emit(&e, rv32(RV32_JAL, 0, 0, 0, (int32_t)(page * PAGE) - (int32_t)e.at));
}

static void make_data_page(uint8_t *memory, struct random *r, uint32_t page)
{
    for (uint32_t at = page * PAGE; at < (page + 1) * PAGE; at += 4)
        put_word(memory, at, random_u32(r) >> random_below(r, 32));
}

void random_guest_make(struct random_guest *g, uint64_t seed)
{
    struct random r = random_seeded(seed);
    struct emitter handler = {.r = &r, .memory = g->image, .at = HANDLER, .end = ENTRY};
    struct emitter entry = {.r = &r, .memory = g->image, .at = ENTRY, .end = CONTEXTS};
    const uint32_t spacing = random_once_in(&r, 3) ? 2 : 40u << random_below(&r, 5); // of input
    uint64_t count = 0;

    memset(g, 0, sizeof *g);
    g->seed = seed;
    g->entry = ENTRY;
    make_handler(&handler);
    make_entry(&entry);
    put_word(g->image, NEW_PSW, random_once_in(&r, 24) ? 2 : 0); // IE = 1 invites a check stop
    put_word(g->image, NEW_PSW + 4, HANDLER);
    put_word(g->image, NEW_PSW + 8, 0);
    put_word(g->image, NEW_PSW + 12, GUEST_MEMORY);
    put_word(g->image, NEXT_CONTEXT, CONTEXTS);
    put_word(g->image, RELOAD, random_timer(&r));
    for (uint32_t k = 0; k < GUEST_CONTEXTS; k++)
        make_context(g->image, &r, CONTEXTS + k * CONTEXT_SIZE);
    for (uint32_t at = CONTEXTS_END; at < PAGE; at += 4)
        put_word(g->image, at, random_plain_word(&r));
    make_data_page(g->image, &r, 1);
    for (uint32_t page = 2; page < PAGES; page++)
        if (page % 4 == 3) make_data_page(g->image, &r, page);
        else make_code_page(g->image, &r, page);

    for (size_t k = 0; k < sizeof g->disk; k++) g->disk[k] = (uint8_t)random_u32(&r);
    g->disk_read_only = random_once_in(&r, 4);
    for (int k = 0; k < GUEST_ARRIVALS; k++) {
        count += random_below(&r, spacing);
        g->arrivals[k] = (struct arrival){.count = count, .byte = (uint8_t)random_u32(&r)};
    }
}
