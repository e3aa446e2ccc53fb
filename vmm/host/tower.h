// SPDX-License-Identifier: MIT
// Monitors on monitors: the bare machine, and on it virtual machines, each the host of the next.
// With depth 0 there is the bare machine alone.
#ifndef TRAPEZE_VMM_HOST_TOWER_H
#define TRAPEZE_VMM_HOST_TOWER_H

#include "vmm/core/vm.h"
#include "vmm/host/failure.h"
#include "vmm/machine/hardware.h"

// What a monitor keeps of its host's memory, half of it below its virtual machine's partition and
// half above.
enum { MONITOR_SHARE = 1 << 20 };

struct tower {
    struct machine *top; // whose memory is as large as was asked for
    uint32_t depth;      // virtual machines
    struct vm *vms;      // the lowest first
    struct hardware hardware;
    uint8_t *memory; // the hardware's
    uint32_t memory_size;
    void *engine_memory;
    size_t engine_memory_size;
};

// A tower of `depth` virtual machines under `monitor` (depth 0: not looked at) that gives the top
// machine `memory_size` bytes of zeroed memory. `share`, twice whole pages, is MONITOR_SHARE
// except in tests. Where it fails tower_close still is in order.
bool tower_open(struct tower *t, const struct engine *e, const struct monitor *monitor,
                uint64_t depth, uint32_t share, uint32_t memory_size, struct failure *f);

// Resets all machines; the top one's P is `entry`.
void tower_reset(struct tower *t, uint32_t entry);

// Zeroes all memory. False where the host's memory runs out.
bool tower_clear(struct tower *t);

void tower_close(struct tower *t);

#endif
