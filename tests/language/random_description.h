// SPDX-License-Identifier: MIT
// Descriptions made at random: every operator, widths of all sizes, nested statements. They are
// sound by construction; what they do has no meaning.
#ifndef TRAPEZE_TESTS_LANGUAGE_RANDOM_DESCRIPTION_H
#define TRAPEZE_TESTS_LANGUAGE_RANDOM_DESCRIPTION_H

#include <stdint.h>
#include <stdio.h>

// Writes a description named `random` with `instructions` instructions, one for each value of the
// highest byte of the word. The same seed gives the same text.
void random_description(FILE *out, uint64_t seed, unsigned instructions);

#endif
