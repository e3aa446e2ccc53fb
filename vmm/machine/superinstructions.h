// SPDX-License-Identifier: MIT
// Pairs of instructions that the threaded engine executes with one dispatch: the only place in
// vmm/machine that names instructions. A pure optimization, chosen by measuring; a pair may go or
// come without anything else changing.
#ifndef TRAPEZE_VMM_MACHINE_SUPERINSTRUCTIONS_H
#define TRAPEZE_VMM_MACHINE_SUPERINSTRUCTIONS_H

#include "vmm/machine/pg32.h"

// Which sources of an instruction are the result of the one before it: their value is then taken
// from a register of the host and need not pass through memory, which costs five cycles.
enum { LINK_NONE = 0, LINK_RS1 = 1, LINK_RS2 = 2, LINK_BOTH = 3, LINKS = 4 };

// X(first, its links to what comes before the pair, second, its links to the first), the more
// closely linked before the less. The first must not store, jump or need exact time.
// clang-format off
#define PG32_PAIRS(X) \
    X(slli, 1, xor, 1) X(slli, 1, xor, 2) X(slli, 0, xor, 1) X(slli, 0, xor, 2) \
    X(srli, 1, xor, 1) X(srli, 1, xor, 2) X(srli, 0, xor, 1) X(srli, 0, xor, 2) \
    X(slli, 1, add, 1) X(slli, 1, add, 2) X(slli, 0, add, 1) X(slli, 0, add, 2) \
    X(srli, 1, or, 1) X(srli, 0, or, 1) X(slli, 1, or, 1) X(slli, 0, or, 1) \
    X(slli, 1, srli, 1) X(slli, 0, srli, 1) X(srli, 1, andi, 1) X(srli, 0, andi, 1) \
    X(add, 1, xor, 1) X(add, 0, xor, 1) X(xor, 1, mul, 1) X(xor, 0, mul, 1) \
    X(mul, 1, add, 1) X(mul, 1, add, 2) X(mul, 0, add, 1) X(mul, 0, add, 2) \
    X(add, 1, srli, 1) X(add, 0, srli, 1) X(or, 1, sub, 1) X(or, 0, sub, 1) \
    X(add, 1, lw, 1) X(add, 0, lw, 1) X(add, 1, lbu, 1) X(add, 0, lbu, 1) \
    X(lw, 0, addi, 1) X(lw, 0, add, 2) X(lw, 0, lw, 0) X(lui, 0, addi, 1) \
    X(addi, 1, sw, 2) X(addi, 0, sw, 2) X(addi, 0, addi, 0) \
    X(andi, 1, beq, 1) X(andi, 1, bne, 1) X(andi, 0, beq, 1) X(andi, 0, bne, 1) \
    X(addi, 0, bne, 1) X(addi, 0, blt, 1) X(addi, 0, bltu, 1) X(lw, 0, bne, 1) \
    X(lbu, 1, beq, 1) X(lbu, 0, beq, 1) X(lbu, 0, bne, 1) X(lw, 1, beq, 1) X(lw, 0, beq, 1) \
    X(slt, 0, bne, 1) X(slt, 0, beq, 1) X(sltu, 0, bne, 1) X(sltu, 0, beq, 1)
// clang-format on

struct superinstruction {
    uint16_t op[2];
    uint8_t links[2];
};

// In the same order: the rows, and their numbers.
#define PAIR_ROW(a, la, b, lb) {{PG32_##a, PG32_##b}, {la, lb}},
static const struct superinstruction superinstructions[] = {PG32_PAIRS(PAIR_ROW)};
#define PAIR_NUMBER(a, la, b, lb) PAIR_##a##la##b##lb,
enum { PG32_PAIRS(PAIR_NUMBER) SUPERINSTRUCTIONS };

#define NAMED_FLAGS(name, flags) FLAGS_##name = (flags),
enum { PG32_INSTRUCTIONS(NAMED_FLAGS) FLAGS_undefined = PG32_MAYTRAP };

#define PAIR_CHECK(a, la, b, lb)                                                                   \
    _Static_assert(!(FLAGS_##a & (PG32_STORES | PG32_JUMPS | PG32_SYSTEM)) &&                      \
                       !(FLAGS_##b & PG32_SYSTEM),                                                 \
                   #a " cannot be paired with " #b);
PG32_PAIRS(PAIR_CHECK)

#endif
