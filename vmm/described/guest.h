// SPDX-License-Identifier: MIT
// A guest put together on a machine of any description: its machines, image, console; and how it
// runs while the outside world goes on.
#ifndef TRAPEZE_VMM_DESCRIBED_GUEST_H
#define TRAPEZE_VMM_DESCRIBED_GUEST_H

#include "vmm/described/tower.h"
#include "vmm/host/console.h"
#include "vmm/host/input.h"

enum { DESCRIBED_SLICE = 10000 }; // instructions between two looks at the outside world

struct described_guest {
    struct described_tower tower;
    struct described *m; // its top, which the guest runs on

    const char *name; // the guest's file
    uint8_t *image;   // its contents
    size_t image_size;
    uint64_t entry;

    struct console console;
    struct input input;
};

// A machine with as much memory as the description's parameter says, bare or, with a depth other
// than 0, under `monitor`; the guest in the file `path` loaded and the machine reset. g->console
// and g->input are the caller's to open before; they are closed by described_guest_close. Not to
// be moved.
bool described_guest_open(struct described_guest *g, const struct description *d, const char *path,
                          const struct monitor *monitor, uint64_t depth, struct failure *f);

// The state after described_guest_open again; console output is discarded from now on, the input
// that has arrived arrives at the same counts, and no more does.
bool described_guest_rewind(struct described_guest *g, struct failure *f);

// How a slice is run: at most `limit` more instructions completed, as described_go.
typedef struct described_result described_slice(void *context, struct described_guest *g,
                                                uint64_t limit);
described_slice described_guest_go; // described_go itself; the context is not used

// Runs until the guest stops, `limit` instructions have completed in all (RUN_LIMIT), or
// signals_stop is set (RUN_LIMIT too). Never RUN_TRAP or RUN_INPUT. False where host memory runs
// out.
bool described_guest_run(struct described_guest *g, uint64_t limit, described_slice *slice,
                         void *context, struct described_result *result, struct failure *f);

void described_guest_close(struct described_guest *g);

#endif
