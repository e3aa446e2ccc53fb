// SPDX-License-Identifier: MIT
// What `isa-analyzer emit` writes of a checked description: one file each.
#ifndef TRAPEZE_ISA_EMIT_EMIT_H
#define TRAPEZE_ISA_EMIT_EMIT_H

#include "isa-analyzer/language/tree.h"

// Each writes to `out` and returns true, or reports what in the description it can't express and
// returns false. Write errors of `out` are the caller's to check.
bool emit_c(struct description *m, struct diagnostics *d, FILE *out);
bool emit_coq(struct description *m, struct diagnostics *d, FILE *out);
bool emit_gas(struct description *m, struct diagnostics *d, FILE *out);
bool emit_table(struct description *m, struct diagnostics *d, FILE *out);

#endif
