// SPDX-License-Identifier: MIT
// One random unit of a program: an operation under test with operands that are worth testing.
#ifndef TRAPEZE_TESTS_DIFFERENTIAL_UNIT_H
#define TRAPEZE_TESTS_DIFFERENTIAL_UNIT_H

#include "tests/differential/program.h"
#include "tests/random.h"
#include "tests/rv32.h"

// A value that finds mistakes: 0, 1, -1, the ends of the ranges, powers of two and their
// neighbours, counts about 32; now and then any value.
uint32_t edge_value(struct random *r);

// A unit that tests `op`, one before RV32_QUIET. `data` and `log` are the reserved registers.
struct unit unit_random(struct random *r, enum rv32_op op, unsigned data, unsigned log);

#endif
