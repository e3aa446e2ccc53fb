// SPDX-License-Identifier: MIT
// Prints checked trees in the language's own notation: for comments, tables and messages.
#ifndef TRAPEZE_ISA_LANGUAGE_PRINTER_H
#define TRAPEZE_ISA_LANGUAGE_PRINTER_H

#include <stdio.h>

#include "isa-analyzer/language/tree.h"

void print_expression(const struct expr *e, FILE *out);

// One statement on one line, blocks in braces.
void print_statement_line(const struct statement *s, FILE *out);

// A body, a statement a line, indented by `depth` levels of two.
void print_body(const struct list *body, unsigned depth, FILE *out);

#endif
