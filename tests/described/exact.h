// SPDX-License-Identifier: MIT
// One random guest on a machine of tests/described/machines, bare and under a monitor.
#ifndef TRAPEZE_TESTS_DESCRIBED_EXACT_H
#define TRAPEZE_TESTS_DESCRIBED_EXACT_H

#include "tests/described/random_image.h"
#include "vmm/pg32/monitors.h"

// How many guests a test shall try.
uint64_t exact_guests(void);

// A machine by its name; the arena is the caller's.
const struct description *exact_machine(struct arena *a, const char *name);

// Whether the virtual machine ends equivalent to the bare one, and its host was left alone. Where
// not, and `tell`, what differs goes to stderr.
bool exact(const struct description *d, const struct image_kind *kind, const struct monitor *m,
           uint64_t depth, uint64_t seed, bool tell);

// What the monitors did in all calls of exact, all levels together.
extern struct exact_seen {
    uint64_t direct, interpreted, emulated, traps, interrupts;
} exact_seen;

#endif
