// SPDX-License-Identifier: MIT
// Runs a program under qemu-riscv32, which nobody here wrote: the oracle for RV32IM.
#ifndef TRAPEZE_TESTS_DIFFERENTIAL_QEMU_H
#define TRAPEZE_TESTS_DIFFERENTIAL_QEMU_H

#include "tests/differential/program.h"

// Runs `p` and puts its result, p->result_size bytes, at `result`. Null, or what went wrong, to be
// shown to people: a missing qemu-riscv32 is named with the package to install.
const char *qemu_run(const struct program *p, uint8_t *result);

#endif
