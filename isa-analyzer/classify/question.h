// SPDX-License-Identifier: MIT
// Questions to the solver: one or two states, the outcomes of an instruction in them, and a condition.
// Every question that is asked of an instruction is built here, so that a witness, an SMT-LIB file and
// an answer all come from one place.
#ifndef TRAPEZE_ISA_CLASSIFY_QUESTION_H
#define TRAPEZE_ISA_CLASSIFY_QUESTION_H

#include "isa-analyzer/classify/classify.h"
#include "isa-analyzer/classify/translation.h"

// One of the ways in which an instruction may end: as conditions on the state.
struct outcome {
    const struct evaluation *evaluation;
    Z3_ast memory_trap, trap, stop, wait, next; // exactly one of them holds
    Z3_ast cause, information;                  // of a trap
    Z3_ast code;                                // of a stop
};

// A state, and the outcomes of the instruction in it: one for each combination of its choices.
struct run {
    struct symbolic state;
    const struct mode_value *mode; // null: the machine has no modes
    struct list outcomes;          // of outcome
    Z3_ast memory_traps;           // some outcome is a memory trap
    Z3_ast traps;                  // every outcome is another trap
    Z3_ast may_trap;               // some outcome is
    Z3_ast silent;                 // no outcome is a trap of either kind
    bool whole;                    // all of memory counts, not the window that R describes
    bool arbitrary;                // a value was left open
    bool too_many;                 // choices; nothing can be said
};

// What the questions on one row share: a context of the solver and the word.
struct session {
    Z3_context z;
    struct arena *arena; // of what is kept; terms are gone with the context
    struct symbols symbols;
    const struct description *m;
    const struct row *row;
    struct translation_lemmas *translation;
    const struct classify_options *options;
    struct list fields; // of Z3_ast: the constants in the word
    Z3_ast word, word_valid;
    unsigned questions; // asked so far
    struct list keep;   // of run: modes' states, made once
    const char *fault;  // a witness that its replay did not confirm
};

// Opens a session on a row. Returns false where no word belongs to it (its selector's values are all
// taken). session_close frees the terms.
bool session_open(struct session *s, struct arena *a, const struct description *m,
                  const struct row *row, struct translation_lemmas *translation,
                  const struct classify_options *options);
void session_close(struct session *s);

enum { ASSUMPTIONS_MAX = 24 };

// A question: is there a model of all conditions?
struct question {
    struct session *session;
    const char *name; // for files
    struct run *runs[2];
    unsigned runs_n;
    Z3_ast conditions[ASSUMPTIONS_MAX];
    unsigned conditions_n;
    bool inexact;     // a "yes" may be owed to an arbitrary value only: it counts as unknown
    Z3_ast partition; // exact: k
};

void question_add(struct question *q, Z3_ast condition);

// "Yes" where there is a model.
struct verdict question_ask(struct question *q);

// The same, with the conditions' solver left open for more questions (witness.c). The caller
// releases it by Z3_solver_dec_ref.
Z3_solver question_solver(const struct question *q);

// Evaluates the row's instruction in a state that was set up, for every combination of choices.
void run_evaluate(struct session *s, struct run *r);

// The state in which everything is unknown but the mode, evaluated; made once for each mode.
struct run *run_in_mode(struct session *s, const struct mode_value *mode);

// A copy of a state that nothing was evaluated in, named `name`.
void run_copy_state(struct session *s, struct symbolic *to, const struct symbolic *from,
                    const char *name);

// Modes of a class, in the order of declaration. Of a machine without modes: one null.
struct list modes_of(const struct session *s, bool supervisor);
struct list modes_all(const struct session *s);

// How two states of a pair are related.
enum relation {
    RELATED_BY_MODE,     // equal but for the mode
    RELATED_BY_LOCATION, // equal but for the base and what else belongs to relocation
    RELATED_BY_RESOURCE, // equal but for one other resource, a signal or a device
};

// The second state of a pair, of which `first` is the one; evaluated. `resource` is what differs by
// RELATED_BY_RESOURCE, or null: all of them.
struct run *run_related(struct session *s, struct question *q, struct run *first,
                        enum relation relation, const struct mode_value *mode,
                        const struct component *resource);

// The sets of outcomes differ, in what a program can see. `only_next`: where both are Next.
Z3_ast outcomes_differ(struct session *s, struct run *a, struct run *b, bool only_next);

// Two outcomes, of states with one inner array or two equal ones, differ.
Z3_ast outcome_differs(struct session *s, struct run *a, const struct outcome *x, struct run *b,
                       const struct outcome *y, bool only_next);

// Two outcomes of one state differ in anything.
Z3_ast effects_differ(struct session *s, struct run *r, const struct outcome *o,
                      const struct outcome *p);

// Registers, counter or the inner memory are not the same after x in a and y in b.
Z3_ast contents_differ(struct session *s, struct run *a, const struct outcome *x, struct run *b,
                       const struct outcome *y);

// An outcome leaves the mode or a resource other than it was, or uses a device.
Z3_ast outcome_changes(struct session *s, struct run *r, const struct outcome *o);

// Mode, resources and devices of the final states: those of `b` as in `a`'s initial one.
Z3_ast resources_changed(struct session *s, struct run *r, const struct evaluation *v);

#endif
