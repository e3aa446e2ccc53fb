// SPDX-License-Identifier: MIT
// Witnesses run again, in the reference evaluator: no solver, and the definitions once more, in terms
// of two concrete states.
#ifndef TRAPEZE_ISA_CLASSIFY_REPLAY_H
#define TRAPEZE_ISA_CLASSIFY_REPLAY_H

#include "isa-analyzer/classify/classify.h"
#include "isa-analyzer/semantics/concrete.h"

// What became of an instruction in a state: one of the outcomes that its choices leave.
struct replayed {
    struct step step;
    struct concrete before, after;
    struct list written; // of uint64_t: physical addresses
    bool device;         // one was read or written
};

// All outcomes of the witness's instruction in one of its states. Null where the memory is too large
// to be had. replay_free frees what is not in the arena.
struct list replay_outcomes(struct arena *a, const struct description *m, const struct witness *w,
                            unsigned state);
void replay_free(struct list *outcomes);

// Whether the two states show what the witness claims, by the definition. Sets its texts (outcomes,
// difference), in the arena.
bool replay(struct arena *a, const struct description *m, struct witness *w);

// Sets the texts of a witness from the outcomes in its two states (describe.c).
void describe(struct arena *a, const struct description *m, struct witness *w,
              const struct list *first, const struct list *second);

enum { REPLAY_CELLS_MAX = 1 << 28 };

#endif
