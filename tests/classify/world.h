// SPDX-License-Identifier: MIT
// Two states of a described machine that are related somehow: equal but for the mode, a virtual and
// a real one, ... The relation says which variables they share. Values are asked for when they are
// read, so that enumerating them means enumerating what the instruction can touch.
#ifndef TRAPEZE_TESTS_CLASSIFY_WORLD_H
#define TRAPEZE_TESTS_CLASSIFY_WORLD_H

#include "isa-analyzer/language/tree.h"
#include "tests/classify/enumeration.h"

enum { ELEMENTS_MAX = 32, CELLS_MAX = 32, FIELDS_MAX = 8, COMPONENTS_MAX = 24, MODES_MAX = 4 };

// Definitions with one condition changed, to see that each condition matters. DEFINED is DESIGN's.
enum reading {
    DEFINED,
    MEMORY_TRAPS_COUNT,   // states that memory-trap are not exempt
    MODE_COMPARES_TRAPS,  // by mode, states that trap are compared too
    SVTRAP_FORGOTTEN,     // control: "traps in supervisor, not in user" does not count
    VALUES_IGNORED,       // control: an assignment counts whatever the value
    BOUND_DIFFERS,        // location pairs need not share b
    OUTSIDE_SHARED,       // location pairs share the contents outside the window
    INFORMATION_IGNORED,  // traps are compared by cause alone
    NOT_SET_ASIDE,        // instructions that always trap are judged like others
    FIRST_MODES,          // only the first mode of each class is looked at
    BOUND_NOT_CLIPPED,    // the real bound is the virtual one
    PARTITION_UNMOVED,    // k = 0
    RESOURCES_MAY_CHANGE, // exact: S' may have other resources than S
    STOP_ALLOWED,         // exact: Stop and Wait do no harm
    ALL_LENT,             // every resource is real
    ANY_TRAP_REFLECTS,    // reflectable: any trap will do
    READINGS
};

// A resource while a guest runs: DESIGN's "kept" (the real value is arbitrary, or fixed) or "lent".
enum ownership { KEPT, KEPT_FIXED, LENT };

struct element {
    const struct component *x;
    unsigned index;
    bool fixed; // always of this value
    uint64_t value;
    enum ownership ownership;
    uint64_t real_value; // KEPT_FIXED
};

// A description, its registers numbered through.
struct subject {
    const struct description *m;
    struct element elements[ELEMENTS_MAX];
    unsigned elements_n, first[COMPONENTS_MAX]; // by the component's ordinal
    unsigned base, bound, mode;                 // elements
    unsigned modes_n;
    uint64_t modes[MODES_MAX];
    bool supervisor[MODES_MAX];
    uint64_t size; // of memory as configured, in cells
};

// Numbers the elements. Returns false for a machine that these tests do not enumerate: one without
// mode, base, bound or memory, or too large.
bool subject_init(struct subject *s, const struct description *m);

// Which words of an instruction are looked at: those with one of these values in a selector.
struct selection {
    const struct field *field;
    unsigned n;
    uint64_t values[16];
};

enum relation {
    SAME,           // one state; or two equal but for the elements of `differing`
    LOCATION,       // also equal windows of memory only
    REPRESENTATION, // side 0 is virtual, side 1 a real state that represents it
};

enum { VIRTUAL = 0, REAL = 1 };

struct world {
    const struct subject *subject;
    enum reading reading;
    const struct selection *selection; // null: all words
    enum relation relation;
    bool differing[ELEMENTS_MAX]; // the second state has its own
    struct enumeration answers;
    // What has been asked for since world_begin; -1: not yet.
    int16_t elements[2][ELEMENTS_MAX];
    int16_t cells[3][CELLS_MAX]; // shared ones, those of the first state, of the second
    int16_t fields[FIELDS_MAX];
    int16_t k, w, q; // REPRESENTATION: the partition's start and size, the real memory's size
};

// Forgets the states, for the next repetition.
void world_begin(struct world *w);

// Restricts the mode of one state (0 or 1) to a class, before it is read.
void world_set_class(struct world *w, unsigned side, bool supervisor);

// Reads, in one of the two states: an element, a cell of memory by physical address (zero beyond
// the end), the number of cells, a field of the instruction.
uint64_t world_element(struct world *w, unsigned side, unsigned element);
uint64_t world_cell(struct world *w, unsigned side, uint64_t at);
uint64_t world_size(struct world *w, unsigned side);
uint64_t world_field(struct world *w, const struct instruction *i, const struct field *f);

// The window index of a physical address where the cell belongs to both states' windows, or -1;
// and the physical address of a window index.
int world_window(struct world *w, unsigned side, uint64_t at);
uint64_t world_physical(struct world *w, unsigned side, uint64_t index);

// Prints what has been asked for: the witness.
void world_print(const struct world *w, const struct instruction *i, FILE *out);

#endif
