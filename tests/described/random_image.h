// SPDX-License-Identifier: MIT
// Random guests for the machines in tests/described/machines: memory full of random instructions,
// and a ring of trap handlers each of which makes the next one the handler and goes on in a context
// of its own, mostly a user program in a window of its own, at times a window that makes no sense.
#ifndef TRAPEZE_TESTS_DESCRIBED_RANDOM_IMAGE_H
#define TRAPEZE_TESTS_DESCRIBED_RANDOM_IMAGE_H

#include "tests/random.h"
#include "vmm/described/machine.h"

enum { IMAGE_HANDLERS = 16 };

// What is the machine's own in a guest. Each function writes at `at` and returns the address
// behind.
struct image_kind {
    const char *isa;   // the machine's name; variants' names begin with it
    uint64_t handlers; // where the ring may begin
    // Code that makes `next` the handler of traps.
    uint64_t (*advance)(struct described *m, uint64_t at, uint64_t next, unsigned h);
    // Code that goes on in some context, and the context; in supervisor mode at `next`.
    uint64_t (*resume)(struct described *m, struct random *r, uint64_t at, uint64_t next);
    void (*first)(struct described *m, uint64_t handler); // makes it the one that a trap goes to
};

extern const struct image_kind image_word36, image_tri16, image_clock24;

// Fills m's memory with the guest of a seed, always the same; returns its entry.
uint64_t random_image(struct described *m, const struct image_kind *kind, uint64_t seed);

#endif
