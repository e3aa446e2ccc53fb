// SPDX-License-Identifier: MIT
// `vmm run` with more than one guest.
#ifndef TRAPEZE_VMM_HOST_RUN_SEVERAL_H
#define TRAPEZE_VMM_HOST_RUN_SEVERAL_H

#include "vmm/host/options.h"
#include "vmm/host/several.h"

struct run_several {
    const struct engine *engine;
    const struct monitor *monitor;
    uint64_t depth, max_steps;
    uint32_t memory;          // of each guest; 0: what it asks for
    struct option_list disks; // of the guests, in their order; "-": none
    bool snapshot, stats, json;
};

// Runs the guests to their ends, tells how each ended, and returns the exit status: that of the
// worst, or STATUS_USAGE where something cannot be opened or written.
int run_several(const struct run_several *o, char **paths, size_t n);

#endif
