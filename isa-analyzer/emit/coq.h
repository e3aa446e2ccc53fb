// SPDX-License-Identifier: MIT
// Between the files of `emit coq`: expressions and statements as terms of proofs/Language/Syntax.v.
#ifndef TRAPEZE_ISA_EMIT_COQ_H
#define TRAPEZE_ISA_EMIT_COQ_H

#include "isa-analyzer/language/tree.h"

// How many slots of the term a function or procedure takes.
struct coq_size {
    const struct routine *routine;
    unsigned slots;
};

// A routine that is being written. No two places in it write the same slot of the term, so that a
// place's slot can name the choice that it leaves open too.
struct coq_body {
    struct description *m;
    struct diagnostics *d;
    FILE *out;
    const struct format *format; // that fields and operands are of, or null
    struct list *sizes;          // of coq_size: of what is written already
    bool parametric;             // inside a function or procedure: slots are counted from `k` on
    bool encoding; // inside an operand or a guard: parameters of configuration are numbers
    unsigned next; // the first slot that is free
    // What each of the routine's own slots is called in the term.
    const char **slots;
};

// Begins a routine whose parameters are in the first slots of the term.
void coq_begin(struct coq_body *b, const struct routine *r);

// Writes an expression as an argument: in parentheses where it needs some.
void coq_expression(struct coq_body *b, const struct expr *e);

// Writes a body as a statement, its lines indented by `depth` levels of two.
void coq_statement(struct coq_body *b, const struct list *body, unsigned depth);

// Writes a body that can trap and read, and no more, and its result, as an expression. Reports what
// else it does.
void coq_value(struct coq_body *b, const struct list *body, const struct expr *result);

void coq_number(FILE *out, bits value);

// A machine's name as Coq allows it, without '-' and '.'. In the arena.
const char *coq_name(struct arena *a, const char *machine);

#endif
