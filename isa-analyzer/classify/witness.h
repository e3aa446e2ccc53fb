// SPDX-License-Identifier: MIT
// Witnesses as JSON, of the schema "trapeze/witness/1" (isa-analyzer/witness.schema.json).
#ifndef TRAPEZE_ISA_CLASSIFY_WITNESS_H
#define TRAPEZE_ISA_CLASSIFY_WITNESS_H

#include "isa-analyzer/classify/classify.h"

// The caller owns the reference.
json_t *witness_json(const struct description *m, const struct witness *w);

// Reads a witness and the description that it is of, configured as it says. Returns null after
// reporting what is wrong (`d` is for the description). Everything lives in the arena.
struct witness *witness_read(struct arena *a, const char *file, struct diagnostics *d,
                             struct description **m);

#endif
