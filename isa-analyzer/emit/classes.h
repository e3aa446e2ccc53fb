// SPDX-License-Identifier: MIT
// What `isa-analyzer emit` writes of a machine's classes: one file each. The description is checked
// and classified; write errors of `out` are the caller's to check.
#ifndef TRAPEZE_ISA_EMIT_CLASSES_H
#define TRAPEZE_ISA_EMIT_CLASSES_H

#include <stdio.h>

#include "isa-analyzer/classify/classify.h"

// In which of the paper's classes a row is, as tables and pictures have it: the first that fits.
enum class {
    CLASS_ALWAYS_TRAPS,
    CLASS_PRIVILEGED_SENSITIVE, // trapped and in need of it
    CLASS_PRIVILEGED,
    CLASS_SENSITIVE, // in the way of theorem 1
    CLASS_INNOCUOUS,
    CLASS_UNDECIDED,
    CLASSES
};

enum class row_class(const struct row *r);
extern const char *const class_names[CLASSES];

// The classification as JSON, as `check --json` prints it.
void emit_json(const struct classification *c, FILE *out);
// SARIF 2.1.0: a result for each instruction and theorem in whose way it stands.
void emit_sarif(const struct classification *c, FILE *out);
// The classes as a picture, for Graphviz's dot.
void emit_dot(const struct classification *c, FILE *out);
// A table of the classes in MyST Markdown, and of the theorems.
void emit_class_table(const struct classification *c, FILE *out);

#endif
