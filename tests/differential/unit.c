// SPDX-License-Identifier: MIT
// How each kind of instruction is put to the test: which operands, and what stands around it.

#include "tests/differential/unit.h"

#include <assert.h>
#include <string.h>

struct maker {
    struct random *r;
    struct unit u;
    unsigned data, log;
};

uint32_t edge_value(struct random *r)
{
    static const uint32_t edges[] = {0,          1,          2,          3,          0xffffffff,
                                     0xfffffffe, 0x80000000, 0x80000001, 0x7fffffff, 0x7ffffffe,
                                     0x55555555, 0xaaaaaaaa, 0x0000ffff, 0xffff0000, 0x00008000,
                                     0xffff8000, 0x00007fff, 0x000000ff, 0x00000080, 0xffffff80};

    switch (random_below(r, 8)) {
    case 0:
    case 1:
    case 2: return edges[random_below(r, sizeof edges / sizeof edges[0])];
    case 3: return 1u << random_below(r, 32);
    case 4: return (1u << random_below(r, 32)) - 1;
    case 5: return 0u - (1u << random_below(r, 32));
    case 6: return 28 + random_below(r, 40); // shift counts 31, 32, 33 and more
    default: return random_u32(r);
    }
}

static void put(struct maker *m, uint32_t word)
{
    assert(m->u.n < UNIT_WORDS);
    m->u.words[m->u.n++] = word;
}

static void wrote(struct maker *m, unsigned reg)
{
    m->u.writes |= 1u << reg;
}

// A register that may be written: any but the reserved ones, x0 included.
static unsigned destination(struct maker *m)
{
    unsigned reg;

    do
        reg = random_once_in(m->r, 24) ? 0 : random_below(m->r, 32);
    while (reg == m->data || reg == m->log);
    return reg;
}

// One that will hold what is written to it.
static unsigned scratch(struct maker *m)
{
    unsigned reg;

    do
        reg = destination(m);
    while (reg == 0);
    wrote(m, reg);
    return reg;
}

// A source: as it happens to be, or set to an edge value just before.
static unsigned source(struct maker *m)
{
    if (random_below(m->r, 2) != 0) return random_below(m->r, 32);
    const unsigned reg = scratch(m);
    uint32_t li[2];

    rv32_li(li, reg, edge_value(m->r));
    put(m, li[0]);
    put(m, li[1]);
    return reg;
}

// A second source: unrelated, or near the first one's value, so that comparisons meet equality.
static unsigned second_source(struct maker *m, unsigned rs1)
{
    if (random_below(m->r, 4) != 0) return source(m);
    if (random_below(m->r, 4) == 0) return rs1;
    const unsigned reg = scratch(m);
    put(m, rv32(RV32_ADDI, reg, rs1, 0, random_between(m->r, -1, 1)));
    return reg;
}

static int32_t immediate(struct random *r)
{
    static const int32_t edges[] = {0, 1, -1, 2047, -2048, 1024, -1024, 31, 32, 33};

    return random_below(r, 2) ? edges[random_below(r, sizeof edges / sizeof edges[0])]
                              : random_between(r, -2048, 2047);
}

static void tested(struct maker *m, uint32_t word)
{
    m->u.tested = m->u.n;
    put(m, word);
}

// Something to see by its effect whether it was jumped over.
static void witness(struct maker *m)
{
    const unsigned reg = scratch(m);

    put(m, rv32(RV32_ADDI, reg, reg, 0, random_between(m->r, 1, 2047)));
}

static void register_op(struct maker *m, enum rv32_op op)
{
    const unsigned rs1 = source(m), rs2 = second_source(m, rs1), rd = destination(m);

    tested(m, rv32(op, rd, rs1, rs2, 0));
    wrote(m, rd);
}

static void immediate_op(struct maker *m, enum rv32_op op)
{
    const bool shift = op == RV32_SLLI || op == RV32_SRLI || op == RV32_SRAI;
    const unsigned rs1 = source(m), rd = destination(m);

    tested(m, rv32(op, rd, rs1, 0,
                   shift ? (int32_t)random_below(m->r, 32) : immediate(m->r)));
    wrote(m, rd);
}

static void upper_op(struct maker *m, enum rv32_op op)
{
    const unsigned rd = destination(m);

    tested(m, rv32(op, rd, 0, 0, (int32_t)(edge_value(m->r) & 0xfffff)));
    wrote(m, rd);
}

static unsigned access_size(enum rv32_op op)
{
    switch (op) {
    case RV32_LW:
    case RV32_SW: return 4;
    case RV32_LH:
    case RV32_LHU:
    case RV32_SH: return 2;
    default: return 1;
    }
}

// A load or store within the data, through the data register or through a computed address.
static void memory_op(struct maker *m, enum rv32_op op, bool store)
{
    const int32_t n = (int32_t)access_size(op), least = -DATA_SIZE / 2, end = DATA_SIZE / 2 - n;
    unsigned value = store ? source(m) : destination(m), base = m->data;
    int32_t offset;

    if (random_below(m->r, 2) == 0) {
        base = scratch(m); // may be the stored register: then the address is what is stored
        put(m, rv32(RV32_ANDI, base, random_below(m->r, 32), 0, 0x3ff));
        put(m, rv32(RV32_ADD, base, base, m->data, 0));
        offset = random_between(m->r, least, end - 0x3ff);
    } else {
        offset = random_between(m->r, least, end);
    }
    if (random_below(m->r, 2)) offset &= -n;
    if (store) {
        tested(m, rv32(op, 0, base, value, offset));
    } else {
        tested(m, rv32(op, value, base, 0, offset));
        wrote(m, value);
    }
}

// Leaves a gap of `words` here.
static void gap(struct maker *m, uint32_t words)
{
    m->u.gap_at = m->u.n;
    m->u.gap = words;
}

// A branch or JAL to the next instruction or over one, forward over a gap, or back over a gap; then
// JALs lead there and on from there. Where it is not taken, something else is seen.
static void jump_op(struct maker *m, enum rv32_op op, uint32_t longest)
{
    const bool jal = op == RV32_JAL;
    const unsigned rs1 = jal ? 0 : source(m), rs2 = jal ? 0 : second_source(m, rs1);
    const unsigned rd = jal ? destination(m) : 0;
    const uint32_t words = random_below(m->r, longest) >> random_below(m->r, 16);
    const int32_t over = 4 * (int32_t)words;

    switch (random_below(m->r, 6)) {
    case 0: tested(m, rv32(op, rd, rs1, rs2, 4)); break;
    case 1:
        tested(m, rv32(op, rd, rs1, rs2, over + 12));
        witness(m);
        put(m, rv32(RV32_JAL, 0, 0, 0, over + 4));
        gap(m, words);
        break;
    case 2:
        put(m, rv32(RV32_JAL, 0, 0, 0, over + 12));
        witness(m);
        put(m, rv32(RV32_JAL, 0, 0, 0, over + 8));
        gap(m, words);
        tested(m, rv32(op, rd, rs1, rs2, -over - 8));
        break;
    default:
        tested(m, rv32(op, rd, rs1, rs2, 8));
        witness(m);
        break;
    }
    wrote(m, rd);
}

static void branch_op(struct maker *m, enum rv32_op op)
{
    jump_op(m, op, 1020); // words: the format's reach
}

// Seldom so far that a program would become too long.
static void jal_op(struct maker *m)
{
    jump_op(m, RV32_JAL, random_once_in(m->r, 16) ? 100000 : 2000);
}

// The target is reached with any immediate; its lowest bit, which JALR drops, may be set.
static void jalr_op(struct maker *m)
{
    const bool over = random_below(m->r, 2);
    const unsigned base = scratch(m), rd = random_below(m->r, 4) ? destination(m) : base;
    const int32_t displacement = random_between(m->r, -1000, 1000);
    const int32_t odd = (int32_t)random_below(m->r, 2);

    put(m, rv32(RV32_AUIPC, base, 0, 0, 0));
    put(m, rv32(RV32_ADDI, base, base, 0, displacement));
    tested(m, rv32(RV32_JALR, rd, base, 0, (over ? 16 : 12) + odd - displacement));
    wrote(m, rd);
    if (over) witness(m);
}

// The manual has implementations ignore all of FENCE's fields.
static void fence_op(struct maker *m)
{
    tested(m, rv32(RV32_FENCE, random_below(m->r, 32), random_below(m->r, 32), 0,
                   (int32_t)random_below(m->r, 4096)));
}

struct unit unit_random(struct random *r, enum rv32_op op, unsigned data, unsigned log)
{
    struct maker m = {.r = r, .data = data, .log = log};

    assert(op < RV32_QUIET);
    if (op == RV32_LUI || op == RV32_AUIPC) {
        upper_op(&m, op);
    } else if (op == RV32_JAL) {
        jal_op(&m);
    } else if (op == RV32_JALR) {
        jalr_op(&m);
    } else if (op <= RV32_BGEU) {
        branch_op(&m, op);
    } else if (op <= RV32_SW) {
        memory_op(&m, op, op >= RV32_SB);
    } else if (op <= RV32_SRAI) {
        immediate_op(&m, op);
    } else if (op == RV32_FENCE) {
        fence_op(&m);
    } else {
        register_op(&m, op);
    }
    return m.u;
}
