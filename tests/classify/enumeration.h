// SPDX-License-Identifier: MIT
// Enumeration on demand: a computation asks for the value of what it reads when it reads it, and is
// repeated until every answer was given everywhere. What is never read is never enumerated.
#ifndef TRAPEZE_TESTS_CLASSIFY_ENUMERATION_H
#define TRAPEZE_TESTS_CLASSIFY_ENUMERATION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { ENUMERATION_DEPTH = 96 };

struct enumeration {
    uint16_t taken[ENUMERATION_DEPTH], of[ENUMERATION_DEPTH];
    unsigned n;  // answers that are laid down
    unsigned at; // the next one to give
};

// The answer to a question with answers 0 to alternatives - 1.
static inline unsigned enumeration_ask(struct enumeration *e, unsigned alternatives)
{
    if (e->at == e->n) {
        if (e->n == ENUMERATION_DEPTH || alternatives == 0) {
            fputs("the enumeration asks too much, or for nothing\n", stderr);
            abort();
        }
        e->taken[e->n] = 0;
        e->of[e->n++] = (uint16_t)alternatives;
    }
    return e->taken[e->at++];
}

// Lays down the answers for the next repetition; false where all were given. The questions must
// depend on the answers before them and on nothing else.
static inline bool enumeration_next(struct enumeration *e)
{
    e->n = e->at; // what was not asked this time is open again
    e->at = 0;
    while (e->n > 0 && ++e->taken[e->n - 1] == e->of[e->n - 1]) e->n--;
    return e->n > 0;
}

#endif
