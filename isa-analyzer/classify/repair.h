// SPDX-License-Identifier: MIT
// The smallest changes to a machine under which a theorem's condition holds: a parameter set
// another way, an instruction made to trap in user mode, of a selector only some values. Every set
// of changes is written as a description that extends the machine's, read back, and classified
// again.
#ifndef TRAPEZE_ISA_CLASSIFY_REPAIR_H
#define TRAPEZE_ISA_CLASSIFY_REPAIR_H

#include "isa-analyzer/classify/classify.h"

struct repair_change {
    const struct config *config; // this parameter is to be `value`; or null, and
    uint64_t value;
    const char *instruction; // this instruction is to trap in user mode,
    const char *condition;   // for these operands, in the language; null: for all
};

struct repair {
    struct list changes; // of repair_change, parameters first
    const char *name;    // of the machine that `text` describes
    const char *text;    // a description that extends the machine's; null: parameters are enough
};

struct repairs {
    bool holds;           // there is nothing to repair
    enum answer possible; // whether there are such changes
    struct list repairs;  // of repair: the smallest ones, all of the same size
    struct list
        stubborn;      // of const char *: instructions that stand in the way still when they trap
                       // in user mode
    const char *fault; // what was written cannot be read back: our mistake; or null
};

// Repairs the machine described in `file`, configured by the `n` settings, which are kept. The
// description was read before, so its mistakes are known. Everything lives in the arena.
struct repairs *repair(struct arena *a, const char *file, const char *const *settings, unsigned n,
                       enum theorem t, const struct classify_options *o);

#endif
