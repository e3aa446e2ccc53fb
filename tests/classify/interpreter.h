// SPDX-License-Identifier: MIT
// What an instruction does in one of two related states: all its outcomes. An interpreter of its
// own over the checked tree, so that the analyzer's evaluator is checked too.
#ifndef TRAPEZE_TESTS_CLASSIFY_INTERPRETER_H
#define TRAPEZE_TESTS_CLASSIFY_INTERPRETER_H

#include "tests/classify/world.h"

enum { WRITES_MAX = 16, OUTCOMES_MAX = 256 };

enum outcome_kind { OUTCOME_NEXT, OUTCOME_MEMORY_TRAP, OUTCOME_TRAP, OUTCOME_STOP, OUTCOME_WAIT };

struct write {
    uint64_t at, value; // an element, or a physical address inside memory
};

struct outcome {
    enum outcome_kind kind;
    const struct trap_cause *cause;
    uint64_t value; // a trap's information; the code of a stop
    bool device;    // a device was read or written
    bool jumped;    // the counter was assigned (it is among the elements)
    unsigned elements_n, cells_n;
    struct write elements[WRITES_MAX], cells[WRITES_MAX];
};

struct outcomes {
    unsigned n;
    struct outcome list[OUTCOMES_MAX];
};

// Fills `o` with the outcomes of instruction `i` in state `side` of `w`; one for every way in which
// open choices can be made.
void outcomes_of(struct world *w, unsigned side, const struct instruction *i, struct outcomes *o);

// Whether the word at hand (whose fields are asked for) is the instruction, where that depends on
// more than fixed fields.
bool word_matches(struct world *w, const struct instruction *i);

// An element, or a cell by physical address, after a Next, Stop or Wait.
uint64_t element_after(struct world *w, unsigned side, const struct instruction *i,
                       const struct outcome *o, unsigned element);
uint64_t cell_after(struct world *w, unsigned side, const struct outcome *o, uint64_t at);

#endif
