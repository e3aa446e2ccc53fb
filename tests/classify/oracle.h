// SPDX-License-Identifier: MIT
// The classes of DESIGN 4 by brute force: every definition is a search through all states (or pairs
// of states) of a tiny machine for a witness. Shares nothing with the analyzer but the parser and
// the checker.
#ifndef TRAPEZE_TESTS_CLASSIFY_ORACLE_H
#define TRAPEZE_TESTS_CLASSIFY_ORACLE_H

#include "tests/classify/interpreter.h"

// In the order and with the names of `isa-analyzer check --json`.
enum property {
    ALWAYS_TRAPS,
    PRIVILEGED,
    VACUOUS,
    CONDITIONALLY_PRIVILEGED,
    CONTROL_SENSITIVE,
    LOCATION_SENSITIVE,
    MODE_SENSITIVE,
    RESOURCE_SENSITIVE,
    USER_SENSITIVE,
    INNOCUOUS,
    NONDETERMINISTIC,
    EXACT,
    REFLECTABLE,
    EXACT_HYBRID,
    REFLECTABLE_HYBRID,
    PROPERTIES
};

extern const char *const oracle_property_names[PROPERTIES];

enum { SEARCH_LIMIT = 1000 * 1000 };

enum theorem { THEOREM1, THEOREM2, THEOREM3, EXACT_MACHINE, EXACT_HYBRID_MACHINE, THEOREMS };

extern const char *const oracle_theorem_names[THEOREMS];

// What is searched for: a state or a pair of states that ...
enum search {
    SEARCH_SURVIVES,      // does not trap
    SEARCH_TRAPS,         // traps
    SEARCH_PAIR,          // supervisor and user, neither memory-trapping
    SEARCH_UNPRIVILEGED,  // such a pair that a privileged instruction cannot have
    SEARCH_CONDITION,     // such a pair that one has
    SEARCH_EFFECT,        // changes the mode or a resource, stops or waits
    SEARCH_EFFECT_USER,   // the same in user mode
    SEARCH_SVTRAP,        // traps in supervisor mode, not in user mode
    SEARCH_LOCATION,      // behaves differently by location
    SEARCH_LOCATION_USER, // the same in user mode
    SEARCH_MODE,          // by mode
    SEARCH_RESOURCE,      // by another resource
    SEARCH_CHOICE,        // has two outcomes
    SEARCH_INEXACT,       // runs wrongly under the map
    SEARCH_INEXACT_USER,  // the same for virtual user mode
    SEARCH_UNREFLECTABLE, // memory-traps on the real machine only
    SEARCH_UNREFLECTABLE_USER,
    SEARCHES
};

struct verdicts {
    bool found[SEARCHES];
    bool is[PROPERTIES];
    bool complete; // every search came to its end, or to a witness; if not, nothing else is meant
};

struct oracle {
    struct world world;
    const struct instruction *instruction;
    enum reading reading;
    struct outcomes outcomes[2];
};

// Judges one instruction. `o` needs no preparation; it is large. Gives up after SEARCH_LIMIT states
// without a witness. `selection` restricts its words; null: all of them.
void oracle_judge(struct oracle *o, const struct subject *s, const struct instruction *i,
                  const struct selection *selection, enum reading reading, struct verdicts *v);

// The theorems' verdicts from those of all instructions.
void oracle_theorems(const struct verdicts *v, unsigned n, bool holds[THEOREMS]);

// Prints the witnesses that bear on a property, after searching for them again.
void oracle_explain(struct oracle *o, const struct subject *s, const struct instruction *i,
                    const struct selection *selection, enum property property, FILE *out);

// Between the files: whether the states at hand (to be asked for) are a witness.
bool literal_survives(struct oracle *o);
bool literal_traps(struct oracle *o);
bool literal_pair(struct oracle *o);
bool literal_unprivileged(struct oracle *o);
bool literal_condition(struct oracle *o);
bool literal_effect(struct oracle *o);
bool literal_effect_user(struct oracle *o);
bool literal_svtrap(struct oracle *o);
bool literal_location(struct oracle *o);
bool literal_location_user(struct oracle *o);
bool literal_mode(struct oracle *o);
bool literal_resource(struct oracle *o);
bool literal_choice(struct oracle *o);
bool exact_violated(struct oracle *o);
bool exact_violated_user(struct oracle *o);
bool exact_unreflectable(struct oracle *o);
bool exact_unreflectable_user(struct oracle *o);

// Whether an outcome, in state `side`, gives the mode or a resource another value.
bool changes_resources(struct oracle *o, unsigned side, const struct outcome *x);

#endif
