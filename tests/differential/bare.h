// SPDX-License-Identifier: MIT
// Runs a differential program on PG32 through the machine's interface.
#ifndef TRAPEZE_TESTS_DIFFERENTIAL_BARE_H
#define TRAPEZE_TESTS_DIFFERENTIAL_BARE_H

#include "tests/differential/program.h"
#include "tests/rv32.h"
#include "vmm/machine/hardware.h"

// Runs `p` on engine `e`, which may be null: then in single steps (machine_step). Puts the result,
// p->result_size bytes, at `result`. Null, or what went wrong, to be shown to people.
const char *bare_run(const struct program *p, const struct engine *e, uint8_t *result);

// What the single steps of all programs so far have completed, by operation.
extern uint64_t bare_executed[RV32_OPS + 1];

#endif
