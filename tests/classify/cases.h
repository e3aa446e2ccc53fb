// SPDX-License-Identifier: MIT
// Instructions whose classes are known on paper: the rows of DESIGN 4's table of holes, the
// variants of PG32, and one for each condition of the definitions.
#ifndef TRAPEZE_TESTS_CLASSIFY_CASES_H
#define TRAPEZE_TESTS_CLASSIFY_CASES_H

#include <stdio.h>

#include "tests/classify/oracle.h"

// A machine of three-bit words with some instructions, all of which are judged together.
struct machine_case {
    const char *name;
    const char *modes, *map;
    const struct instruction_case {
        const char *name, *body;
        const char *holds; // the properties that hold, between spaces; the others do not
    } * instructions;      // to a null name
    const char *theorems;  // those that hold
};

extern const struct machine_case machine_cases[]; // to a null name

// Writes the description of a machine.
void machine_case_print(const struct machine_case *c, FILE *out);

// Whether `word` is among the words of `list`.
bool is_listed(const char *list, const char *word);

// Definitions with a condition changed, and an instruction of the machines that shows it: the
// property has another value under that reading.
struct reading_case {
    enum reading reading;
    const char *machine, *instruction;
    enum property property;
};

extern const struct reading_case reading_cases[READINGS - 1];

#endif
