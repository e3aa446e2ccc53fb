// SPDX-License-Identifier: MIT
// What the analyzer decides of a description: the classes of each instruction, the verdicts of the
// theorems, and the pairs of concrete states that show them. The definitions are in the book,
// chapter "The analyzer"; each has a file of its own beside this one.
#ifndef TRAPEZE_ISA_CLASSIFY_CLASSIFY_H
#define TRAPEZE_ISA_CLASSIFY_CLASSIFY_H

#include <jansson.h>

#include "isa-analyzer/language/tree.h"

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

extern const char *const answer_names[]; // "no", "yes", "unknown"

// What is decided of an instruction. The names, in property_names, are those in JSON.
enum property {
    // The paper's classes, and those that belong to them.
    PROPERTY_ALWAYS_TRAPS,
    PROPERTY_PRIVILEGED,
    PROPERTY_VACUOUS, // no pair of states exists of which the definition of privileged speaks
    PROPERTY_CONDITIONALLY_PRIVILEGED,
    PROPERTY_CONTROL_SENSITIVE,
    PROPERTY_LOCATION_SENSITIVE,
    PROPERTY_MODE_SENSITIVE,
    PROPERTY_RESOURCE_SENSITIVE,
    PROPERTY_USER_SENSITIVE,
    PROPERTY_INNOCUOUS,
    PROPERTY_NONDETERMINISTIC,
    // May it run directly? For all virtual states, and for those in user mode.
    PROPERTY_EXACT,
    PROPERTY_REFLECTABLE,
    PROPERTY_EXACT_HYBRID,
    PROPERTY_REFLECTABLE_HYBRID,
    PROPERTIES
};

extern const char *const property_names[PROPERTIES];

// The value of an element of a component. Elements that are not listed are 0, or what they are
// fixed to; of a memory, `index` is the physical address of the cell.
struct snapshot_value {
    const struct component *component;
    uint64_t index, value;
};

// A concrete state.
struct snapshot {
    struct list values; // of snapshot_value, in the order of declaration, then of the index
    uint64_t cells_n;   // of the memory
};

// Two states in which the instruction `word` shows what is claimed. Of properties that one state
// shows, both are the same state. Of the exact ones the first is the virtual machine's state and
// the second the real machine's that represents it.
struct witness {
    enum property property;
    const struct instruction *instruction;
    uint64_t word;
    struct snapshot states[2];
    uint64_t partition; // exact properties: the physical address at which the partition begins
    struct list open;   // of uint64_t: the values that what the description leaves open may take
    bool fetchable;     // the word stands at the counter in both states, and can be fetched
    // What the instruction does in either state, and where the two part, in words.
    const char *outcomes[2], *difference;
};

struct verdict {
    enum answer answer;
    struct witness *witness; // or null
    const char *reason;      // of ANSWER_UNKNOWN
};

// An instruction, or one value of its selector.
struct row {
    struct instruction *instruction;
    const struct field *selector;         // or null
    const struct selector_value *selects; // null with a selector: every value that has no name
    struct verdict verdicts[PROPERTIES];
    const char *condition; // where it is conditionally privileged: when it traps, in words
};

enum theorem { THEOREM_1, THEOREM_2, THEOREM_3, THEOREM_EXACT, THEOREM_EXACT_HYBRID, THEOREMS };

extern const char *const theorem_names[THEOREMS]; // as --require and JSON name them

struct theorem_verdict {
    enum answer holds;
    struct list because; // of row: those that stand in the way, or are undecided
};

struct classification {
    const struct description *m;
    struct row *rows;
    unsigned rows_n;
    struct theorem_verdict theorems[THEOREMS];
    const char *fault; // a witness that its replay did not confirm: our mistake; or null
};

struct classify_options {
    unsigned work;     // of one query, in units of the solver's own count; 0: no limit
    unsigned threads;  // 0: as many as there are processors
    const char *only;  // the name of the one instruction to classify, or null
    bool no_witnesses; // the answers are enough
    void (*progress)(void *context, unsigned done, unsigned all); // called by one thread at a time
    // Sees each question, as SMT-LIB, with the answer to it; null: nobody does. Terms are then as
    // they were built, which takes longer. Of one thread only.
    void (*question)(void *context, const char *name, const char *text);
    void *context; // of either
};

// Classifies the instructions of a checked description, in the configuration that is set.
// Everything returned lives in the arena; the result does not depend on the number of threads.
struct classification *classify(struct arena *a, const struct description *m,
                                const struct classify_options *o);

// "csrrw csr=sstatus": the name of a row. In the arena.
const char *row_name(struct arena *a, const struct row *r);

// The selector's part of it, "csr=sstatus", or null.
const char *row_selector(struct arena *a, const struct row *r);

// The rows sensitive in one of the ways that theorem 1 speaks of, and not set aside.
enum answer row_sensitive(const struct row *r);

// As the schema "trapeze/check/1" has it. The caller owns the reference.
json_t *classification_json(const struct classification *c);

#endif
