// SPDX-License-Identifier: MIT
// Between the files that write tiny machines: what is being written.
#ifndef TRAPEZE_TESTS_CLASSIFY_RANDOM_WRITER_H
#define TRAPEZE_TESTS_CLASSIFY_RANDOM_WRITER_H

#include <stdbool.h>
#include <stdio.h>

#include "tests/random.h"

// What an instruction may read and write; most may little, so that many stay innocuous.
enum subject_matter {
    ABOUT_BASE = 1,
    ABOUT_BOUND = 2,
    ABOUT_LOCATION = 4,
    ABOUT_TIMER = 8,
    ABOUT_FLAG = 16,
    ABOUT_MODE = 32,
    ABOUT_SIZE = 64,
    ABOUT_VIRTUAL = 128,
    ABOUT_PHYSICAL = 256,
    ABOUT_CHOICE = 512,
    ABOUT_DEVICE = 1024,
    ABOUT_TRAP = 2048,
};

struct writer {
    FILE *out;
    struct random random;
    // The machine.
    unsigned width, cell, size_width, bound_width, timer_width, location_width, mode_width;
    unsigned modes;
    bool pairs; // two cells can be accessed at once: the translation sees to it that both exist
    unsigned selector; // width of the instructions' selector, `which`; 0: none
    bool tame;         // what is not innocuous is mostly guarded
    // The instruction.
    unsigned reads, writes; // of subject_matter
    const char *plain[3];   // registers and the like that it reads
    unsigned choices, lets, visible;
    bool which; // its selector is open
};

static inline bool chance(struct writer *w, unsigned percent)
{
    return random_below(&w->random, 100) < percent;
}

static inline unsigned draw(struct writer *w, unsigned n)
{
    return random_below(&w->random, n);
}

static inline void put(struct writer *w, const char *text)
{
    fputs(text, w->out);
}

// An expression of a width, of operators nested so deep.
void random_value(struct writer *w, unsigned width, int depth);
// One of one bit.
void random_condition(struct writer *w, int depth);
// A cell through translation or by its physical address, brought to a width.
void random_load(struct writer *w, bool virtual, unsigned width, int depth);
// One of a set of subject matters, or 0 where there is none.
unsigned random_matter(struct writer *w, unsigned set);

// A check of mode or operands that traps; any trap; and so many statements.
void random_guard(struct writer *w);
void random_trap(struct writer *w);
void random_statements(struct writer *w, unsigned n, int depth);

#endif
