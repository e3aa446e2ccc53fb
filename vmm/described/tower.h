// SPDX-License-Identifier: MIT
// Monitors on monitors, for a machine of any description: the bare machine, and on it virtual
// machines, each the host of the next. With depth 0 there is the bare machine alone.
#ifndef TRAPEZE_VMM_DESCRIBED_TOWER_H
#define TRAPEZE_VMM_DESCRIBED_TOWER_H

#include "vmm/described/vm.h"
#include "vmm/host/failure.h"

// Each monitor needs some of the host's stack.
enum { DESCRIBED_DEPTH_MOST = 1000 };

struct described_tower {
    struct described *top; // whose memory is as large as was asked for
    uint32_t depth;        // virtual machines
    struct described_vm *vms;
    struct described bare;
    void *cells; // the bare machine's
    uint64_t bytes;
};

// A tower of `depth` virtual machines under `monitor` (depth 0: not looked at) that gives the top
// machine `size` cells of zeroed memory. Where it fails described_tower_close still is in order.
// Not to be moved.
bool described_tower_open(struct described_tower *t, const struct description *d,
                          const struct monitor *monitor, uint64_t depth, uint64_t size,
                          struct failure *f);

// Resets all machines; the top one's counter is `entry`, as the description's reset has it.
void described_tower_reset(struct described_tower *t, uint64_t entry);

// Zeroes all memory. False where the host's memory runs out.
bool described_tower_clear(struct described_tower *t);

// Whether any cell that is not the top machine's has been written.
bool described_tower_outside(const struct described_tower *t);

void described_tower_close(struct described_tower *t);

#endif
