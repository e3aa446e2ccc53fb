// SPDX-License-Identifier: MIT
// One guest run bare and under a monitor, and what that says of the paper's three properties:
// equivalence, resource control, efficiency (DESIGN 5). Printing it is the command's affair.
#ifndef TRAPEZE_VMM_HOST_COMPARISON_H
#define TRAPEZE_VMM_HOST_COMPARISON_H

#include "vmm/host/difference.h"
#include "vmm/host/guest.h"
#include "vmm/host/step.h"

// What all runs of one guest have in common. Each has a copy of the disk of its own.
struct runs {
    const char *guest, *disk; // files; the disk may be null
    uint32_t memory;          // bytes
    uint64_t max_steps;
    const struct engine *engine;
    struct input input; // all of it, with fd -1
};

// One run from reset to its end; what the machine then looks like can be read from g.
struct run_of {
    const struct monitor *monitor; // null: bare
    uint32_t depth;                // 0: bare
    struct guest g;
    struct run_result result;
    double seconds;
};

// Puts machine and guest together, at reset; monitor and depth are set, the rest zero. False where
// something cannot be opened; run_close is in order in any case.
bool run_open(struct run_of *r, const struct runs *common, struct failure *f);

// Runs it to its end, or to max_steps.
bool run_whole(struct run_of *r, const struct runs *common, struct failure *f);
void run_close(struct run_of *r);

struct verdict {
    double direct;            // share of the guest's instructions that the bare machine executed
    double slowdown;          // host time, as a multiple of the bare run's
    uint64_t traps, emulated; // traps that the lowest monitor got; what the highest emulated
    bool equivalent;
    struct difference_found end; // where not: what differs at the end, on the bare machine (a) and
                                 // under the monitor (b)
    bool located;                // and the first step after which the two machines differ:
    struct step step;            // on the bare machine
    struct difference_found after;
    bool control;                  // no resource changed, nothing outside the partition written
    uint64_t violations[CONTROLS]; // on all levels
    bool lost;                     // where one was changed, the first step that changed one:
    struct step loss;              // on the virtual machine
    bool outside;                  // a byte outside the partition has been written
};

// What a run under a monitor says against the bare run. Where they differ, or control was lost,
// `bare` and `r` are run again, many times, to find the step; they are of no use afterwards.
bool run_judge(struct verdict *v, struct run_of *r, struct run_of *bare, struct failure *f);

#endif
