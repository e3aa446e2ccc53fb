// SPDX-License-Identifier: MIT
// Descriptions as terms, one kind for each constructor of proofs/Language/Syntax.v: what `emit coq`
// writes, with functions and procedures inlined, for the classifier of accept.c to look at.
#ifndef TRAPEZE_ISA_CERTIFY_TERM_H
#define TRAPEZE_ISA_CERTIFY_TERM_H

#include "isa-analyzer/language/tree.h"

enum term_kind {
    // Expressions.
    TERM_NUMBER,  // number
    TERM_SLOT,    // slot
    TERM_ELEMENT, // component, a: the index
    TERM_SIZE,    // of memory
    TERM_WORD,    // number: 0 the instruction's, 1 the address behind it
    TERM_CLASS,   // number: 1 supervisor?, 0 user?
    TERM_CELLS,   // translation or null, number of cells, a: the address
    TERM_BITS,    // low, width, a
    TERM_UNARY,   // op, width, a
    TERM_BINARY,  // op, width: of a; a, b
    TERM_CONCAT,  // width: of b; a, b
    TERM_SEXT,    // low: the width of a; width, a
    TERM_IF,      // a, b, c; of statements: Branch
    TERM_LET,     // slot, a, b
    TERM_OPEN,    // what is left open: Choose and Arbitrary
    TERM_RAISE,   // trap, a; of statements: Trap
    // Statements.
    TERM_SKIP,
    TERM_SEQ,    // a, b
    TERM_ASSIGN, // a: the place, b
    TERM_INPUT,  // a: the place, b: the index
    TERM_DEFINE, // slot, a
    TERM_HALT,   // a
    TERM_WAIT,
    TERM_CHECKSTOP,
    // Places.
    TERM_PART,  // component, a: the index, low, width
    TERM_STORE, // translation or null, number of cells, a: the address
};

struct term {
    enum term_kind kind;
    bits number;
    unsigned slot, width, low;
    enum op op;
    const struct component *component;
    const struct translation *translation;
    const struct trap_cause *trap;
    const struct term *a, *b, *c;
};

// An instruction's body, or a section's that is a statement. In the arena.
const struct term *term_of_body(struct arena *a, const struct description *m,
                                const struct routine *r);

// A translation's body, or the fetch's: its parameters are in slots 0 and 1.
const struct term *term_of_value(struct arena *a, const struct description *m,
                                 const struct routine *r);

bool term_equal(const struct term *x, const struct term *y);

#endif
