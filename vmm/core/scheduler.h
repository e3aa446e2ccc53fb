// SPDX-License-Identifier: MIT
// Sharing one host out among several virtual machines: they take turns, which the host's interval
// timer ends. Each has its own virtual time, so none can tell how long it waited.
#ifndef TRAPEZE_VMM_CORE_SCHEDULER_H
#define TRAPEZE_VMM_CORE_SCHEDULER_H

#include "vmm/core/vm.h"

// One of the virtual machines.
struct share {
    struct vm *v;             // vm_share has been called, and it has been reset
    struct run_result result; // why it last came back
    bool over;                // it has stopped, as result says
};

struct scheduler {
    struct share *shares; // the caller's
    size_t n, current;
    uint64_t turn; // instructions, at least 1
};

// `shares` with their `v` set, all on one host; they are to outlive the scheduler. The first turn
// is the first one's.
void scheduler_init(struct scheduler *s, struct share *shares, size_t n, uint64_t turn);

enum scheduled {
    SCHEDULED_LIMIT, // `limit` instructions have completed in all; a turn may be unfinished
    SCHEDULED_STOP,  // the current one has stopped; there may be others to go on with
    SCHEDULED_INPUT, // all that are not over wait for input
    SCHEDULED_OVER,  // all are over
};

// Runs them in turns, from where the last call ended.
enum scheduled scheduler_go(struct scheduler *s, uint64_t limit);

#endif
