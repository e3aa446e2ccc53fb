// SPDX-License-Identifier: MIT
// Symbolic states of a described machine, and symbolic values as a domain of the evaluator: terms
// of Z3. A value is a bit vector or, where it comes from a comparison, a Boolean.
//
// Memory is one or two arrays, and a view says what lies where. Nothing is ever stored into an
// array: what an instruction writes is kept as its effects, and folded into the cells that are
// looked at.
#ifndef TRAPEZE_ISA_SEMANTICS_SYMBOLIC_H
#define TRAPEZE_ISA_SEMANTICS_SYMBOLIC_H

#include <z3.h>

#include "isa-analyzer/semantics/evaluate.h"

// An element of an array at which a formula looks: all that a model must say of the array.
struct symbolic_look {
    const struct component *component;
    Z3_ast array, index, term;
};

// What the states of one question share.
struct symbols {
    Z3_context z;
    struct arena *arena;
    const struct description *m;
    unsigned index_bits; // of a physical address, as the arrays have it
    struct list looks;   // of symbolic_look, each once
    unsigned fresh;      // constants made so far
    bool plain;          // terms stay as they were built: for other solvers to read
};

// Arbitrary values of so many bits are choices among all of them.
enum { SYMBOLIC_CHOICES = 32, SYMBOLIC_SMALL = 2 };

struct symbolic;

// Address translation: what is known of it beforehand. A null member knows nothing.
struct symbolic_lemmas {
    // Whether every access of `cells` cells that `t` lets pass in this state lies in the inner
    // array.
    bool (*inside)(void *context, const struct symbolic *s, const struct translation *t,
                   unsigned cells);
    // Whether `t` lets an access pass in this state exactly when it does in the twin, to the same
    // place of the inner array (from the twin's address 0 on), and has else one trap to raise.
    bool (*twin)(void *context, const struct symbolic *s, const struct translation *t,
                 unsigned cells);
    void *context;
};

struct symbolic {
    struct domain domain; // first, so that one can be had from the other
    struct symbols *symbols;
    const char *name;   // of the state, within the names of constants
    Z3_ast *components; // by the component's ordinal: a bit vector, or an array of them
    Z3_ast size;        // cells of memory, as wide as its parameter
    // Memory from `origin` on, `extent` cells, is the array `inner`, counted from there; the rest
    // is `outer`, by physical address. Without `outer`, all is inner and origin is null.
    Z3_ast inner, outer, origin, extent;
    const struct symbolic *twin; // or null
    const struct symbolic_lemmas *lemmas;
    // Open choices: those that are to be taken, and how many alternatives each turned out to have.
    unsigned choices[SYMBOLIC_CHOICES], alternatives[SYMBOLIC_CHOICES];
    unsigned choices_n;
    bool too_many;       // choices
    unsigned arbitrary;  // arbitrary values made
    const char *values;  // whose: names the arbitrary values
    struct list anyones; // of Z3_ast: those values
};

// Prepares the description's part. The context and the arena stay the caller's.
void symbols_init(struct symbols *y, Z3_context z, struct arena *a, const struct description *m);

// Makes a state of which everything is unknown, with constants named after `name`, and a memory of
// one array. Members may then be replaced, by those of another state say.
void symbolic_init(struct symbolic *s, struct symbols *y, const char *name);

// Terms.
Z3_ast symbolic_simple(struct symbols *y, Z3_ast a); // simplified, unless they stay plain
Z3_ast symbolic_bits(struct symbols *y, Z3_ast a);   // of a Boolean: one bit
Z3_ast symbolic_truth(struct symbols *y, Z3_ast a);  // of one bit: a Boolean
Z3_ast symbolic_number(struct symbols *y, bits n, unsigned width);
Z3_ast symbolic_fresh(struct symbols *y, const char *name, unsigned width);
Z3_ast symbolic_resize(struct symbols *y, Z3_ast a, unsigned width); // by zeros, or cut
unsigned symbolic_width(struct symbols *y, Z3_ast a);
Z3_ast symbolic_and(struct symbols *y, Z3_ast a, Z3_ast b);
Z3_ast symbolic_or(struct symbols *y, Z3_ast a, Z3_ast b);
Z3_ast symbolic_not(struct symbols *y, Z3_ast a);
Z3_ast symbolic_equal(struct symbols *y, Z3_ast a, Z3_ast b); // of one sort, or of one bit
Z3_ast symbolic_below(struct symbols *y, Z3_ast a, Z3_ast b); // a < b, of any widths
// a + n <= b, where nothing wraps around.
Z3_ast symbolic_fits(struct symbols *y, Z3_ast a, bits n, Z3_ast b);
Z3_ast symbolic_if(struct symbols *y, Z3_ast condition, Z3_ast yes, Z3_ast no);

// Each check of this solver takes at most `work` of its own count of what it does (0: no limit).
// Not a time: answers are the same on every machine, loaded or not.
void symbolic_limit(Z3_context z, Z3_solver solver, unsigned work);

// An element of a component, before the instruction; `index` is null for a scalar.
Z3_ast symbolic_element(struct symbolic *s, const struct component *x, Z3_ast index);

// The same after the effects of an evaluation in this state. Branches count, traps do not: what was
// evaluated must end in Next, Stop or Wait.
Z3_ast symbolic_final(struct symbolic *s, const struct evaluation *v, const struct component *x,
                      Z3_ast index);

// A cell of the inner array, or the outer one (by physical address), after the effects.
Z3_ast symbolic_final_inner(struct symbolic *s, const struct evaluation *v, Z3_ast at);
Z3_ast symbolic_final_outer(struct symbolic *s, const struct evaluation *v, Z3_ast at);

// In files of their own.
extern const struct domain symbolic_operations;
Z3_ast symbolic_load(struct symbolic *s, Z3_ast address, unsigned cells,
                     const struct translation *t);
Z3_ast symbolic_select(struct symbols *y, const struct component *x, Z3_ast array, Z3_ast index);

#endif
