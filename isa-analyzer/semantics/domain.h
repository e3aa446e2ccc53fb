// SPDX-License-Identifier: MIT
// What the evaluator computes with: values are an interface, with a concrete implementation
// (concrete.c) and, for the analyzer, a symbolic one. So what is analyzed is what runs.
#ifndef TRAPEZE_ISA_SEMANTICS_DOMAIN_H
#define TRAPEZE_ISA_SEMANTICS_DOMAIN_H

#include "isa-analyzer/language/tree.h"

// A bit vector: a number where values are concrete, a term of the domain's own otherwise. Its width
// is known from where it stands.
union value {
    bits number;
    void *term;
};

struct evaluation;

enum truth { TRUTH_NO, TRUTH_YES, TRUTH_OPEN };

// The operations. `self` is the domain; widths are in bits. Everything that reads the state reads
// the one before the instruction.
struct domain {
    union value (*constant)(struct domain *self, bits number, unsigned width);
    union value (*unary)(struct domain *self, enum op op, union value a, unsigned width);
    union value (*binary)(struct domain *self, enum op op, union value a, union value b,
                          unsigned width_a, unsigned width_b);
    union value (*if_else)(struct domain *self, union value condition, union value yes,
                           union value no, unsigned width);
    union value (*slice)(struct domain *self, union value a, unsigned low, unsigned width,
                         unsigned width_a);
    union value (*extend)(struct domain *self, union value a, unsigned from, unsigned to,
                          bool sign);
    enum truth (*truth)(struct domain *self, union value condition);
    // An element of a component; `index` is null for a scalar.
    union value (*read)(struct domain *self, const struct component *x, const union value *index,
                        unsigned index_width);
    // `cells` cells of memory from a physical address on; beyond its end they read as zero. The
    // address went through `t`, or none.
    union value (*load)(struct domain *self, const struct component *memory, union value address,
                        unsigned address_width, unsigned cells, const struct translation *t);
    // May be null. Translates an address in its own way: adds the traps to `v` (evaluation_trap), and
    // returns true with the physical address; or false, to have `t` evaluated as it stands.
    bool (*translate)(struct domain *self, struct evaluation *v, const struct translation *t,
                      union value address, unsigned cells, union value *physical);
    union value (*parameter)(struct domain *self, const struct config *c);
    // Which of `alternatives` the next open choice takes, and the next arbitrary value.
    unsigned (*choose)(struct domain *self, unsigned alternatives);
    union value (*arbitrary)(struct domain *self, unsigned width);
};

#endif
