// SPDX-License-Identifier: MIT
// Two engines on one random guest, compared after every piece of the run; and where they part, the
// first step at which they do.
#ifndef TRAPEZE_TESTS_DIFFERENTIAL_LOCKSTEP_H
#define TRAPEZE_TESTS_DIFFERENTIAL_LOCKSTEP_H

#include "tests/differential/subject.h"

// How a run is cut into pieces, after each of which the states are compared.
enum pieces {
    SINGLE, // one step each: state after state
    RANDOM, // of 1 to some thousand instructions, from the guest's seed, so that engines which
            // work in blocks do
};

struct lockstep {
    const struct engine *a, *b; // null: machine_step
    enum pieces pieces;
    uint64_t most;              // instructions, about
    // Called before every step of `a`, and after it; null: not. SINGLE only.
    void (*watch)(const struct subject *a, bool after, struct run_result r);
};

struct lockstep_result {
    bool same;
    uint64_t completed; // instructions
    uint64_t step;      // where not `same`: the first step, from 1, after which states differ
    enum run_reason ended;
};

// Runs guest `g`. A difference is told on `report`, if that is not null.
struct lockstep_result lockstep(const struct lockstep *l, const struct random_guest *g,
                                FILE *report);

#endif
