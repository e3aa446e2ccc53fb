// SPDX-License-Identifier: MIT
// A random guest on a tower of any depth, ready to be compared with the same guest elsewhere.
#ifndef TRAPEZE_TESTS_MONITOR_VIRTUAL_H
#define TRAPEZE_TESTS_MONITOR_VIRTUAL_H

#include "tests/random_guest.h"
#include "vmm/host/tower.h"

#include <stdio.h>

enum { SHARE = 8 << 10 }; // of each monitor, bytes

struct virtual {
    struct tower t;
    uint8_t disk[GUEST_SECTORS * SECTOR_SIZE];
    uint64_t outputs, output_hash; // console
    struct run_result last;
};

// The guest at reset; memory outside its partition is filled with a pattern. Does not move; freed
// with virtual_free. `g` must outlive it. Aborts where the host has no memory.
struct virtual *virtual_new(const struct random_guest *g, const struct engine *e,
                            const struct monitor *monitor, uint32_t depth);
void virtual_free(struct virtual *v);

// machine_go on the top machine; false once it has stopped.
bool virtual_run(struct virtual *v, uint64_t limit);

// Whether memory outside the guest's partition is as it was, and no level's monitor has found a
// resource of its host's changed.
bool virtual_kept(const struct virtual *v);

// Whether both are in the same state and ended the same way; what differs is told on `out`.
bool virtual_same(const struct virtual *a, const struct virtual *b, FILE *out);

#endif
