// SPDX-License-Identifier: MIT
// Random guests that use all of PG32: privileged instructions, traps of every cause, timer, input
// and output, user mode, partitions, code that writes code. For comparing engines and monitors.
//
// A guest is an image of all of its memory, q = GUEST_MEMORY bytes:
//
//   0x0000  trap words: old PSW, information, T; 0x20 new PSW (the handler, R = (0, q))
//   0x0030  the handler's saved registers, counters by cause at 0x80, its other words
//   0x0100  the handler: counts, skips the instruction that trapped (or retries it, for an
//           interrupt), serves a console byte, reloads the timer, and after every few traps, or
//           where the fetch itself failed, goes on with the next of the contexts
//   0x0200  entry: random registers, timer, and into the first context
//   0x0400  GUEST_CONTEXTS contexts: PSW, T
//   0x0800  instruction words, as data for code that writes code
//   0x1000  data, for R = (0, q)
//   0x2000, 0x6000, 0xa000, ...  partitions of four pages: code, data, code, code
//
// In every context that makes sense, virtual 0x1000-0x1fff is data and other pages are code, so
// that code may find itself in another partition after an LRB and go on there. Some contexts make
// no sense: wild P, l or b. A run may end (HALT, check stop, an IDLE that nothing ends) but mostly
// goes on for ever; what the random code does to the trap words and the handler is its own affair.
#ifndef TRAPEZE_TESTS_RANDOM_GUEST_H
#define TRAPEZE_TESTS_RANDOM_GUEST_H

#include "vmm/machine/devices.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    GUEST_MEMORY = 64 << 10,
    GUEST_CONTEXTS = 32,
    GUEST_SECTORS = 4,
    GUEST_ARRIVALS = 48, // console bytes, within the first 100 to 31,000 counts
};

struct random_guest {
    uint64_t seed;
    uint32_t entry;
    uint8_t image[GUEST_MEMORY];
    uint8_t disk[GUEST_SECTORS * SECTOR_SIZE]; // its contents at the start
    bool disk_read_only;
    struct arrival arrivals[GUEST_ARRIVALS]; // ascending
};

// The guest of a seed, always the same.
void random_guest_make(struct random_guest *g, uint64_t seed);

#endif
