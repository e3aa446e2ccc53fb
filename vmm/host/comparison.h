// SPDX-License-Identifier: MIT
// One guest run bare and under a monitor, and what that says about the paper's three properties:
// equivalence, resource control, efficiency (DESIGN 5).
#ifndef TRAPEZE_VMM_HOST_COMPARISON_H
#define TRAPEZE_VMM_HOST_COMPARISON_H

#include "vmm/host/difference.h"
#include "vmm/host/guest.h"
#include "vmm/host/step.h"

// What all runs of a comparison have in common. Each has copies of the disk and the input.
struct subject_of_comparison {
    const char *guest; // file
    const char *disk;  // file or null
    uint32_t memory;
    uint64_t max_steps;
    const struct engine *engine;
    struct input input; // taken from standard input once
};

// One run, from reset to its end.
struct compared {
    const struct monitor *monitor; // null: bare
    uint64_t depth;                // 0: bare
    struct guest g;
    uint64_t output_hash;     // of the console's bytes
    struct run_result result; // how it ended
    double seconds;

    // Against the bare run; of that itself not set.
    bool equivalent;
    struct difference_found difference; // at the end
    bool stepped;                       // the first divergent step was found:
    struct step step;                   // on the bare machine
    struct difference_found after;      // what differs after it
    uint64_t violations;                // of control, on all levels
    bool outside;                       // memory outside the partition has changed
};

// Opens and runs it. False where something cannot be opened.
bool compared_run(struct compared *c, const struct subject_of_comparison *s, struct failure *f);

// Fills in what is said against the bare run; where they differ, looks for the first step at which
// they do, by running both again.
bool compared_judge(struct compared *c, const struct compared *bare,
                    const struct subject_of_comparison *s, struct failure *f);

// The lowest level is the one whose host is the bare machine; direct there is direct on all.
double compared_direct(const struct compared *c);

static inline bool compared_holds(const struct compared *c)
{
    return c->equivalent && c->violations == 0 && !c->outside;
}

void compared_close(struct compared *c);

#endif
