// SPDX-License-Identifier: MIT
// Random system code for random guests (random_guest.h): what stands in their code pages.
#ifndef TRAPEZE_TESTS_RANDOM_CODE_H
#define TRAPEZE_TESTS_RANDOM_CODE_H

#include "tests/random.h"
#include "tests/random_guest.h"

// Where the next word goes.
struct emitter {
    struct random *r;
    uint8_t *memory;
    uint32_t at, end; // physical addresses, multiples of 4
};

void emit(struct emitter *e, uint32_t word);
void emit_li(struct emitter *e, unsigned rd, uint32_t value);

// One random unit: one to a dozen instructions that belong together.
void emit_random_unit(struct emitter *e);

enum { RANDOM_UNIT_BYTES = 16 * 4 }; // the longest

// Any one instruction of those that neither jump nor are privileged.
uint32_t random_plain_word(struct random *r);

#endif
