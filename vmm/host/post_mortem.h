// SPDX-License-Identifier: MIT
// What a check stop leaves to be read: the state, and the instructions that led to it.
//
// No engine keeps a history; that would cost every run. Runs repeat exactly, so after a check stop
// the run is repeated from its beginning on the same engine, with the input that had arrived, the
// disk as it was and no output, and its end is taken in single steps.
#ifndef TRAPEZE_VMM_HOST_POST_MORTEM_H
#define TRAPEZE_VMM_HOST_POST_MORTEM_H

#include <jansson.h>

#include "vmm/host/guest.h"
#include "vmm/host/step.h"

enum {
    POST_MORTEM_INSTRUCTIONS = 16, // shown, of those that completed
    // A trap can come after each of them and one before, and then the one that cannot be delivered.
    POST_MORTEM_STEPS = 2 * POST_MORTEM_INSTRUCTIONS + 2,
};

struct post_mortem {
    struct pg32 s; // at the check stop
    uint64_t count, completed;
    struct run_result result;             // of the run: RUN_CHECK_STOP
    uint32_t low[6];                      // what stands at 0x00: old PSW, information, T
    struct step steps[POST_MORTEM_STEPS]; // the last ones, oldest first
    size_t n;
};

// Fills *p from a machine that has just check-stopped with `result`, without the last instructions.
void post_mortem_look(struct post_mortem *p, const struct machine *m, struct run_result result);

// Fills *p from a machine that has just check-stopped with `result`, and repeats its run, which
// leaves the machine check-stopped again. False where the run cannot be repeated (p->n is 0 then):
// signals_stop was set, host memory ran out, or the disk image has been changed by somebody else.
// Panics where a run without a disk does not repeat.
bool post_mortem(struct post_mortem *p, struct guest *g, struct run_result result,
                 struct failure *f);

void post_mortem_print(FILE *out, const struct post_mortem *p);

// The same for machines: an object, the caller's. Null where host memory runs out.
json_t *post_mortem_json(const struct post_mortem *p);

#endif
