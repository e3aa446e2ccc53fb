// SPDX-License-Identifier: MIT
// The evaluator: what a routine of a description does, over any domain of values. It changes
// nothing itself: it returns the effects, to be committed together, and the ways in which
// the routine ends.
#ifndef TRAPEZE_ISA_SEMANTICS_EVALUATE_H
#define TRAPEZE_ISA_SEMANTICS_EVALUATE_H

#include "isa-analyzer/semantics/domain.h"

// One assignment. In a concrete domain, only those that happen are listed.
struct effect {
    union value guard;                 // the conditions of the branches around it
    const struct component *component; // what is assigned; a memory: by physical address
    bool indexed;
    union value index; // of the element; of a memory: the address of the first cell
    unsigned index_width;
    unsigned cells;                        // of a memory: how many
    const struct translation *translation; // of a memory: what the address went through, or null
    unsigned low, width;                   // the bits assigned
    union value data;
    // The value comes from a device and is read when the effect is committed: data is its index.
    const struct component *device;
};

enum ending { ENDING_TRAP, ENDING_STOP, ENDING_WAIT, ENDING_CHECKSTOP };

// A way in which the routine ends other than by completing; STOP and WAIT complete too.
struct end {
    enum ending ending;
    union value guard;              // when; traps: the first that holds counts
    const struct trap_cause *cause; // TRAP
    union value value;              // TRAP: the information; STOP: the code
    bool translation;               // TRAP: raised by address translation
};

// What is known while an instruction is evaluated; null where it makes no sense.
struct site {
    const struct instruction *instruction;
    union value word;    // the instruction
    union value address; // its address: for `next`
};

struct evaluation {
    struct domain *domain;
    struct arena *arena;
    const struct description *m;
    struct site site;
    struct list effects; // of effect, in the order of the text
    struct list ends;    // of end
    union value alive;   // nothing has trapped
    union value result;  // of a routine that has one
    // Within:
    union value branch;
    const union value *slots;
    bool translating;
};

// Evaluates a routine with the arguments for its parameters. The result lives in the arena.
struct evaluation *evaluate(struct arena *a, const struct description *m, struct domain *d,
                            const struct site *site, const struct routine *r,
                            const union value *arguments);

// Adds, within a domain's `translate`, a trap of address translation that happens where `condition`
// holds and nothing has trapped before.
void evaluation_trap(struct evaluation *v, union value condition, const struct trap_cause *cause,
                     union value information);

// The same for an expression without parameters (an interrupt's condition, `wake`).
union value evaluate_condition(struct arena *a, const struct description *m, struct domain *d,
                               const struct expr *e);

#endif
