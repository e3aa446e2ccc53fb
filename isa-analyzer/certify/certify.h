// SPDX-License-Identifier: MIT
// Certificates: a Coq file whose compilation proves what it claims of each instruction. What it
// claims comes from here and from the solver; neither has to be trusted.
#ifndef TRAPEZE_ISA_CERTIFY_CERTIFY_H
#define TRAPEZE_ISA_CERTIFY_CERTIFY_H

#include "isa-analyzer/classify/classify.h"

// For all virtual states, and for those in user mode that the hybrid monitor runs directly.
enum sense { ALL_STATES, USER_STATES, SENSES };

// What the classifier in Coq (proofs/Language/Classifier.v, Certificate.v, Steps.v) will say of a
// description. Everything is computed there again.
struct acceptance {
    bool sound_frame;      // the tick changes resources only
    bool whole;            // there is no R = (l, b): the partition is all of memory
    struct list strange;   // of translation: neither relocation by R nor independent of the state
    bool steady[SENSES];   // fetching, and words that are no instructions, do no harm
    bool *may_run[SENSES]; // by the instruction's ordinal
};

// In the arena.
struct acceptance *accept_description(struct arena *a, const struct description *m);

// What a certificate says of an instruction, in one sense.
enum claim { CLAIM_RUNS, CLAIM_WRONG, CLAIM_UNDECIDED };

struct claims {
    const struct acceptance *accepted;
    struct list of[SENSES];     // of struct instruction_claim, an instruction each
    unsigned number[SENSES][3]; // of instructions, by claim
};

struct instruction_claim {
    const struct instruction *instruction;
    enum claim claim;
    const struct witness *witness; // CLAIM_WRONG
    const char *reason;            // CLAIM_UNDECIDED: why
};

// What can be claimed of a description all of whose instructions were classified. In the arena.
struct claims *claims_make(struct arena *a, const struct classification *c);

// Writes the certificate. Returns false after reporting what is beyond a term of Coq.
bool certificate_write(struct description *m, const struct claims *c, struct diagnostics *d,
                       FILE *out);

#endif
