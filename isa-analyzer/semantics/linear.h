// SPDX-License-Identifier: MIT
// Linear integers as a domain of the evaluator, for address translation: its comparisons of sums are
// easy there and hard as bit vectors. What is not linear is noticed, and then nothing is claimed.
#ifndef TRAPEZE_ISA_SEMANTICS_LINEAR_H
#define TRAPEZE_ISA_SEMANTICS_LINEAR_H

#include <z3.h>

#include "isa-analyzer/semantics/evaluate.h"

// A number from 0 to max.
struct linear_value {
    Z3_ast term; // an integer
    bits max;
};

struct linear {
    struct domain domain; // first, so that one can be had from the other
    Z3_context z;
    struct arena *arena;
    const struct description *m;
    struct linear_value **components; // by ordinal; null: not known, and asking for it fails
    struct linear_value *size;        // of the memory
    bool failed;                      // something was not linear
};

// A state in which nothing is known yet; the arena and the context stay the caller's.
void linear_init(struct linear *l, Z3_context z, struct arena *a, const struct description *m);

// A number of `width` bits, known or unknown. What an unknown one may be is for the caller to assert:
// 0 <= term <= max.
struct linear_value *linear_number(struct linear *l, bits n);
struct linear_value *linear_unknown(struct linear *l, const char *name, unsigned width);

// Of a value with one bit.
Z3_ast linear_truth(struct linear *l, union value a);

#endif
