// SPDX-License-Identifier: MIT
// One guest on a machine of any description, run bare and under a monitor, and what that says of
// the paper's three properties: equivalence, resource control, efficiency (DESIGN 5). Printing it
// is the command's affair.
#ifndef TRAPEZE_VMM_DESCRIBED_COMPARISON_H
#define TRAPEZE_VMM_DESCRIBED_COMPARISON_H

#include "vmm/described/guest.h"
#include "vmm/described/trace.h"
#include "vmm/host/difference.h"

// The first thing in which two machines with as much memory differ, as far as anything running on
// them could tell: registers, resources, times, traps delivered by cause, devices, memory.
bool described_differ(const struct described *a, const struct described *b,
                      struct difference_found *d);

// What all runs of one guest have in common.
struct described_runs {
    const struct description *d;
    const char *guest; // its file
    uint64_t max_steps;
    struct input input; // all of it, with fd -1
};

// One run from reset to its end; what the machine then looks like can be read from g.
struct described_run {
    const struct monitor *monitor; // null: bare
    uint64_t depth;                // 0: bare
    struct described_guest g;
    struct described_result result;
    double seconds;
};

// Puts machine and guest together, at reset; monitor and depth are set, the rest zero. False where
// something cannot be opened; described_run_close is in order in any case.
bool described_run_open(struct described_run *r, const struct described_runs *common,
                        struct failure *f);

// Runs it to its end, or to max_steps.
bool described_run_whole(struct described_run *r, const struct described_runs *common,
                         struct failure *f);
void described_run_close(struct described_run *r);

struct described_verdict {
    double direct;            // share of the guest's instructions that the bare machine executed
    double slowdown;          // host time, as a multiple of the bare run's
    uint64_t traps, emulated; // traps that the lowest monitor got; what the highest emulated
    bool equivalent;
    struct difference_found end; // where not: what differs at the end, on the bare machine (a)
                                 // and under the monitor (b)
    bool control;                // nothing was changed without the allocator, on any level, and:
    bool outside;                // a cell outside the partition has been written
    // described_locate's:
    bool located;               // the first step after which the two machines differ:
    struct described_step step; // on the bare machine
    struct difference_found after;
};

// What a run under a monitor says against the bare run.
struct described_verdict described_judge(const struct described_run *r,
                                         const struct described_run *bare);

// Where they differ: runs both again, many times, to find the step. They are of no use afterwards,
// the statistics of r's monitors neither.
bool described_locate(struct described_verdict *v, struct described_run *r,
                      struct described_run *bare, struct failure *f);

#endif
