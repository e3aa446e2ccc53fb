// SPDX-License-Identifier: MIT
// Witnesses as JSON, and run again.
#ifndef TRAPEZE_ISA_CLASSIFY_WITNESS_H
#define TRAPEZE_ISA_CLASSIFY_WITNESS_H

#include "isa-analyzer/classify/classify.h"

// As the schema "trapeze/witness/1" has it. The caller owns the reference.
json_t *witness_json(const struct description *m, const struct witness *w);

#endif
