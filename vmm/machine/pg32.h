// SPDX-License-Identifier: MIT
// The machine that `isa-analyzer emit c` makes of pg32.isa, with this project's hook on stores.
// Everything under vmm/ includes the generated header through this file and in no other way.
#ifndef TRAPEZE_VMM_MACHINE_PG32_H
#define TRAPEZE_VMM_MACHINE_PG32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct pg32;

// Tells whoever keeps copies of decoded memory that `n` bytes at physical `address` have changed.
// `s` must be the processor of a struct machine. Defined in core/machine.h.
static inline void machine_wrote(struct pg32 *s, uint64_t address, uint64_t n);

#define PG32_WROTE(s, address, n) machine_wrote((s), (address), (n))
#include "pg32.gen.h"

#include "vmm/core/machine.h"

#endif
