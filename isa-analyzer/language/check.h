// SPDX-License-Identifier: MIT
// The checker: resolves names, infers and checks widths, finds overlapping encodings. It annotates
// the tree in place (see [checker] in tree.h).
#ifndef TRAPEZE_ISA_LANGUAGE_CHECK_H
#define TRAPEZE_ISA_LANGUAGE_CHECK_H

#include "isa-analyzer/language/tree.h"

// What is being checked, and what may stand there.
struct checker {
    struct description *m;
    struct diagnostics *diagnostics;
    struct arena *arena;
    const struct format *format;                  // of the instruction at hand, or null
    struct list *used_fields;                     // of field: what the instruction uses, or null
    struct routine *routine;                      // or null: in declarations
    struct list scope;                            // of local: those that can be seen
    unsigned word_width;                          // of `word`; 0: no word here
    bool instruction;                             // `next`, stop and wait are allowed
    bool deliver;                                 // checkstop is allowed
    bool no_trap;                                 // traps are not
    bool fields_only;                             // only fields, numbers and parameters are
    unsigned functions, procedures, translations; // how many may be used: those declared before
    unsigned effects;
};

// Checks the whole tree. Errors are reported; returns whether there were none.
bool check_description(struct description *m, struct diagnostics *d);

// Between the files of the checker.
// Checks an expression; `expected` is the width that it must have, or 0 for any.
void check_expr(struct checker *c, struct expr *e, unsigned expected);
void check_condition(struct checker *c, struct expr *e);
bool check_constant(struct checker *c, struct expr *e, const char *what, bits *value);
void check_device_read(struct checker *c, struct expr *e, unsigned expected);
void check_routine(struct checker *c, struct routine *r);
void check_format(struct checker *c, struct format *f);
void check_instruction(struct checker *c, struct instruction *i);
void check_overlaps(struct checker *c);
void check_map(struct checker *c);
// Whether the word, right-aligned, is this instruction.
bool instruction_matches(const struct instruction *i, uint64_t word);
struct field *find_field(const struct format *f, const char *name);
struct operand *find_operand(const struct format *f, const char *name);
struct trap_cause *find_trap(const struct description *m, const char *name);
struct selector_value *find_selector_value(const struct description *m, const char *name,
                                           const struct selector *only);
struct local *add_local(struct checker *c, const char *name, struct span where, unsigned width);

#endif
