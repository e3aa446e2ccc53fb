// SPDX-License-Identifier: MIT
// The units of random system code, each a small function, and the table of how often each occurs.

#include "tests/random_code.h"
#include "tests/rv32.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum { DATA_PAGE = 1, CONTEXTS = 0x400 }; // virtual page of data; see random_guest.h

void emit(struct emitter *e, uint32_t word)
{
    assert(e->at + 4 <= e->end);
    for (int k = 0; k < 4; k++) e->memory[e->at++] = (uint8_t)(word >> 8 * k);
}

void emit_li(struct emitter *e, unsigned rd, uint32_t value)
{
    uint32_t li[2];

    rv32_li(li, rd, value);
    emit(e, li[0]);
    emit(e, li[1]);
}

static void op(struct emitter *e, enum rv32_op o, unsigned rd, unsigned rs1, unsigned rs2,
               int32_t imm)
{
    emit(e, rv32(o, rd, rs1, rs2, imm));
}

static unsigned any(struct emitter *e)
{
    return random_below(e->r, 32);
}

// A register other than x0 and `not`.
static unsigned scratch(struct emitter *e, unsigned not)
{
    unsigned reg;

    do
        reg = 1 + random_below(e->r, 31);
    while (reg == not);
    return reg;
}

static int32_t imm12(struct random *r)
{
    return random_below(r, 2) ? random_between(r, -4, 40) : random_between(r, -2048, 2047);
}

uint32_t random_plain_word(struct random *r)
{
    const enum rv32_op o = RV32_ADDI + random_below(r, RV32_FENCE + 1 - RV32_ADDI);
    const unsigned rd = random_below(r, 32), rs1 = random_below(r, 32), rs2 = random_below(r, 32);
    const bool shift = o == RV32_SLLI || o == RV32_SRLI || o == RV32_SRAI;

    if (random_once_in(r, 8))
        return rv32(random_below(r, 2) ? RV32_LUI : RV32_AUIPC, rd, 0, 0,
                    (int32_t)random_below(r, 1 << 20));
    return rv32(o, rd, rs1, rs2,
                shift            ? (int32_t)random_below(r, 32)
                : o <= RV32_SRAI ? imm12(r)
                                 : 0);
}

static void plain(struct emitter *e)
{
    for (int n = random_between(e->r, 1, 4); n > 0; n--) emit(e, random_plain_word(e->r));
}

static enum rv32_op memory_op(struct emitter *e)
{
    return RV32_LB + random_below(e->r, RV32_SW + 1 - RV32_LB);
}

// base := an address in the data page, its middle more or less.
static void data_base(struct emitter *e, unsigned base)
{
    const unsigned index = scratch(e, base);

    op(e, RV32_LUI, base, 0, 0, DATA_PAGE);
    if (random_below(e->r, 2)) return;
    op(e, RV32_ANDI, index, any(e), 0, 0x7fc | random_between(e->r, 0, 3));
    op(e, RV32_ADD, base, base, index, 0);
}

static void data_access(struct emitter *e)
{
    const unsigned base = scratch(e, 0);

    data_base(e, base);
    for (int n = random_between(e->r, 1, 3); n > 0; n--)
        op(e, memory_op(e), scratch(e, base), base, any(e), random_between(e->r, 0, 2047));
}

// Mostly a memory trap; below 0x1000 now and then, where in supervisor mode it hurts.
static void wild_access(struct emitter *e)
{
    op(e, memory_op(e), any(e), any(e), any(e), imm12(e->r));
}

// The handler's words, as x0-relative addresses see them; rarely the PSWs.
static void low_access(struct emitter *e)
{
    op(e, memory_op(e), any(e), 0, any(e),
       random_once_in(e->r, 48) ? random_between(e->r, 0, 0x2f) : random_between(e->r, 0x30, 0x7c));
}

// Across the partition's end: the last bytes that are allowed, or the first that are not.
static void edge_access(struct emitter *e)
{
    const unsigned base = scratch(e, 0);

    op(e, RV32_LUI, base, 0, 0, random_between(e->r, 2, 5));
    op(e, memory_op(e), scratch(e, base), base, any(e), random_between(e->r, -6, 2));
}

static void branch(struct emitter *e)
{
    op(e, RV32_BEQ + random_below(e->r, 6), 0, any(e), any(e), random_between(e->r, 1, 8) * 4);
}

static void jump(struct emitter *e)
{
    const int32_t offset = random_between(e->r, 1, 16) * 4;
    const unsigned base = scratch(e, 0);

    if (random_below(e->r, 2)) {
        op(e, RV32_JAL, any(e), 0, 0, offset);
        return;
    }
    op(e, RV32_AUIPC, base, 0, 0, 0);
    op(e, RV32_JALR, any(e), base, 0,
       offset + 4 + (random_once_in(e->r, 24) ? random_between(e->r, 0, 3) : 0));
}

// A word that may stand in a counted loop: it does not touch the counter.
static void loop_word(struct emitter *e, unsigned counter)
{
    uint32_t word;

    do
        word = random_plain_word(e->r);
    while ((word >> 7 & 31) == counter);
    emit(e, word);
}

// Back to `start`, but not for ever even where the loop was entered in its middle.
static void loop_end(struct emitter *e, unsigned counter, uint32_t start)
{
    op(e, RV32_ADDI, counter, counter, 0, -1);
    op(e, RV32_ANDI, counter, counter, 0, 31);
    op(e, RV32_BNE, 0, counter, 0, (int32_t)start - (int32_t)e->at);
}

static void loop(struct emitter *e)
{
    const unsigned counter = scratch(e, 0), base = scratch(e, counter);

    op(e, RV32_LUI, base, 0, 0, DATA_PAGE);
    op(e, RV32_ADDI, counter, 0, 0, random_between(e->r, 1, 32));
    const uint32_t start = e->at;
    for (int n = random_between(e->r, 1, 6); n > 0; n--) {
        if (random_below(e->r, 3) != 0)
            loop_word(e, counter);
        else if (random_below(e->r, 2))
            op(e, RV32_SB + random_below(e->r, 3), 0, base, any(e), random_between(e->r, 0, 2047));
        else
            op(e, RV32_LB + random_below(e->r, 5), 0, base, 0, random_between(e->r, 0, 2047));
    }
    loop_end(e, counter, start);
}

// Puts an instruction word, or a piece of one, in the way of what comes or where a loop comes by.
static void write_code(struct emitter *e)
{
    const unsigned base = scratch(e, 0), word = scratch(e, base);
    const enum rv32_op store = random_below(e->r, 4) ? RV32_SW : RV32_SB + random_below(e->r, 3);
    const int32_t distance = random_below(e->r, 2) ? random_between(e->r, 1, 24) * 4
                                                   : random_between(e->r, -24, -1) * 4;

    op(e, RV32_LUI, base, 0, 0, DATA_PAGE);
    op(e, RV32_LW, word, base, 0, -4 * random_between(e->r, 1, 512));
    op(e, RV32_AUIPC, base, 0, 0, 0);
    op(e, store, 0, base, word,
       distance + (random_once_in(e->r, 8) ? random_between(e->r, 1, 3) : 0));
}

// A loop that writes another word over one of its own each time round.
static void write_code_in_loop(struct emitter *e)
{
    unsigned reg[4]; // counter, address of words, word, address of code

    for (unsigned k = 0, fresh = scratch(e, 0); k < 4; k++) reg[k] = 1 + (fresh + 7 * k) % 31;
    op(e, RV32_LUI, reg[1], 0, 0, DATA_PAGE);
    op(e, RV32_ADDI, reg[0], 0, 0, random_between(e->r, 1, 8));
    const uint32_t start = e->at;
    op(e, RV32_LW, reg[2], reg[1], 0, -4 * random_between(e->r, 1, 500));
    op(e, RV32_ADDI, reg[1], reg[1], 0, -4);
    loop_word(e, reg[0]);
    op(e, RV32_AUIPC, reg[3], 0, 0, 0);
    op(e, RV32_SW, 0, reg[3], reg[2], -4); // over loop_word's
    loop_end(e, reg[0], start);
}

static void set_timer(struct emitter *e)
{
    const unsigned t = scratch(e, 0);

    op(e, RV32_ADDI, t, 0, 0,
       random_once_in(e->r, 8) ? random_between(e->r, 0, 4) : random_between(e->r, 5, 600));
    op(e, RV32_STM, 0, t, 0, 0);
    if (random_below(e->r, 2)) op(e, RV32_RTM, any(e), 0, 0, 0);
}

static void read_timer(struct emitter *e)
{
    op(e, RV32_RTM, any(e), 0, 0, 0);
}

static void console(struct emitter *e)
{
    if (random_below(e->r, 2)) op(e, RV32_IN, any(e), 0, 0, random_between(e->r, 0, 1));
    else op(e, RV32_OUT, 0, any(e), 0, random_once_in(e->r, 4));
}

static void disk(struct emitter *e)
{
    const unsigned t = scratch(e, 0);

    op(e, RV32_ADDI, t, 0, 0, random_between(e->r, 0, GUEST_SECTORS + 1));
    op(e, RV32_OUT, 0, t, 0, PORT_DISK_SECTOR);
    op(e, RV32_ADDI, t, 0, 0, random_between(e->r, 0, 4));
    op(e, RV32_OUT, 0, t, 0, PORT_DISK_COMMAND);
    op(e, RV32_IN, any(e), 0, 0, random_between(e->r, PORT_DISK_SECTOR, PORT_DISK_COMMAND));
    for (int n = random_between(e->r, 0, 3); n > 0; n--)
        if (random_below(e->r, 2)) op(e, RV32_IN, any(e), 0, 0, PORT_DISK_DATA);
        else op(e, RV32_OUT, 0, any(e), 0, PORT_DISK_DATA);
}

static void other_port(struct emitter *e)
{
    if (random_below(e->r, 2)) op(e, RV32_IN, any(e), 0, 0, random_between(e->r, 0, 2047));
    else op(e, RV32_OUT, 0, any(e), 0, random_between(e->r, 0, 2047));
}

// Into another partition, at the same P; rarely to where there is nothing.
static void set_relocation(struct emitter *e)
{
    const unsigned l = scratch(e, 0), b = scratch(e, l);

    if (random_once_in(e->r, 12)) {
        op(e, RV32_LRB, 0, any(e), any(e), 0);
        return;
    }
    const int32_t pages[] = {0, 2, 6, 10};
    op(e, RV32_LUI, l, 0, 0, pages[random_below(e->r, 4)]);
    op(e, RV32_LUI, b, 0, 0, random_between(e->r, 3, 16));
    op(e, RV32_LRB, 0, l, b, 0);
}

// SPSW, a changed status and a P after this unit, LPSW: the mode and IE change here and now.
static void change_status(struct emitter *e)
{
    const unsigned base = scratch(e, 0), t = scratch(e, base);

    op(e, RV32_LUI, base, 0, 0, DATA_PAGE);
    op(e, RV32_ADDI, base, base, 0, random_between(e->r, 0, 2000));
    op(e, RV32_SPSW, 0, base, 0, 0);
    op(e, RV32_LW, t, base, 0, 4); // where SPSW says we go on: here
    op(e, RV32_ADDI, t, t, 0, 6 * 4);
    op(e, RV32_SW, 0, base, t, 4);
    op(e, RV32_ADDI, t, 0, 0, random_between(e->r, 0, 3));
    op(e, RV32_SB, 0, base, t, 0);
    op(e, RV32_LPSW, 0, base, 0, 0);
}

static void load_context(struct emitter *e)
{
    const unsigned base = scratch(e, 0);

    op(e, RV32_ADDI, base, 0, 0, CONTEXTS + 32 * (int32_t)random_below(e->r, GUEST_CONTEXTS));
    op(e, RV32_LPSW, 0, base, 0, 0);
}

static void wild_psw(struct emitter *e)
{
    op(e, random_below(e->r, 2) ? RV32_SPSW : RV32_LPSW, 0, any(e), 0, 0);
}

static void idle(struct emitter *e)
{
    if (!random_once_in(e->r, 4)) set_timer(e);
    op(e, RV32_IDLE, 0, 0, 0, 0);
}

static void halt(struct emitter *e)
{
    op(e, RV32_HALT, 0, any(e), 0, 0);
}

static void supervisor_call(struct emitter *e)
{
    op(e, random_below(e->r, 3) ? RV32_ECALL : RV32_EBREAK, 0, 0, 0, 0);
}

static void fence(struct emitter *e)
{
    op(e, RV32_FENCE, any(e), any(e), 0, (int32_t)random_below(e->r, 4096));
}

// Any word at all, or a privileged one with a field that must be zero set.
static void illegal(struct emitter *e)
{
    if (random_below(e->r, 2)) emit(e, random_u32(e->r));
    else emit(e, 0x0b | random_below(e->r, 8) << 12 | 1u << random_between(e->r, 7, 31));
}

static const struct {
    void (*emit)(struct emitter *e);
    unsigned weight;
} units[] = {
    {plain, 300},         {data_access, 120}, {wild_access, 8},     {low_access, 8},
    {edge_access, 8},     {branch, 60},       {jump, 50},           {loop, 30},
    {write_code, 16},     {write_code_in_loop, 6}, {set_timer, 10}, {read_timer, 5},
    {console, 6},         {disk, 5},          {other_port, 3},      {set_relocation, 8},
    {change_status, 8},   {load_context, 4},  {wild_psw, 2},        {idle, 6},
    {halt, 1},            {supervisor_call, 8}, {fence, 6},         {illegal, 6},
};

void emit_random_unit(struct emitter *e)
{
    unsigned total = 0, k = 0;

    for (size_t j = 0; j < sizeof units / sizeof units[0]; j++) total += units[j].weight;
    unsigned pick = random_below(e->r, total);
    while (pick >= units[k].weight) pick -= units[k++].weight;
    units[k].emit(e);
}
