// SPDX-License-Identifier: MIT
// Tiny machines made at random, for the classes: words of two to four bits, two or three modes,
// relocation and its relatives, instructions of a few statements that are privileged, sensitive,
// both or neither.
#ifndef TRAPEZE_TESTS_CLASSIFY_RANDOM_MACHINE_H
#define TRAPEZE_TESTS_CLASSIFY_RANDOM_MACHINE_H

#include <stdint.h>
#include <stdio.h>

// The same seed gives the same text.
void random_machine(FILE *out, uint64_t seed);

#endif
