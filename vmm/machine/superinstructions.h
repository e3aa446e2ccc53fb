// SPDX-License-Identifier: MIT
// Runs of instructions that the threaded engine executes with one dispatch: the only place in
// vmm/machine that names instructions. A pure optimization, chosen by measuring (bench/).
#ifndef TRAPEZE_VMM_MACHINE_SUPERINSTRUCTIONS_H
#define TRAPEZE_VMM_MACHINE_SUPERINSTRUCTIONS_H

#include "vmm/machine/pg32.h"

// Which source of an instruction is the result of the one before it: compiled in, so that the
// value need not pass through memory.
enum { LINK_NONE = 0, LINK_RS1 = 1, LINK_RS2 = 2 };

#define PG32_PAIRS(X) X(addi, bne, LINK_RS1) X(slli, xor, LINK_RS2) X(srli, xor, LINK_RS2) X(mul, add, LINK_RS1)
#define PG32_TRIPLES(X)

struct superinstruction {
    uint8_t n;
    uint16_t op[3];
    uint8_t link[3]; // link[0] is not used
};

#define PAIR_ROW(a, b, link_b) {2, {PG32_##a, PG32_##b}, {0, link_b}},
#define TRIPLE_ROW(a, b, link_b, c, link_c) {3, {PG32_##a, PG32_##b, PG32_##c}, {0, link_b, link_c}},
static const struct superinstruction superinstructions[] = {
    PG32_TRIPLES(TRIPLE_ROW) PG32_PAIRS(PAIR_ROW){0}};

// One for each row, in the same order.
#define PAIR_NAME(a, b, link_b) FUSED_##a##_##b##_##link_b,
#define TRIPLE_NAME(a, b, link_b, c, link_c) FUSED_##a##_##b##_##link_b##_##c##_##link_c,
enum { PG32_TRIPLES(TRIPLE_NAME) PG32_PAIRS(PAIR_NAME) FUSED };

enum { SUPERINSTRUCTIONS = sizeof superinstructions / sizeof superinstructions[0] - 1 };

#endif
