// SPDX-License-Identifier: MIT
// Several guests on one host: each has a partition, a virtual machine, a disk and a console of its
// own; they take turns (core/scheduler.h).
#ifndef TRAPEZE_VMM_HOST_SEVERAL_H
#define TRAPEZE_VMM_HOST_SEVERAL_H

#include "vmm/core/scheduler.h"
#include "vmm/host/guest.h"

enum { SEVERAL_TURN = 10000 }; // instructions

struct several {
    struct tower tower;   // what they share: the bare machine, and the monitors below theirs
    struct guest *guests; // whose towers are empty
    struct vm *vms;       // and whose machines are these
    struct share *shares;
    char **prefixes; // what their lines begin with: each is another
    size_t n;
    struct scheduler scheduler;
};

// Room for `n` guests, at least 1: each guests[k] is the caller's to give console.out, input and
// disk, as for guest_open, before several_load.
void several_init(struct several *s, size_t n);

// Reads the guests in the ELF files `paths`, makes a host that is large enough (each guest has
// memory_size bytes, or with 0 what it asks for), under it `depth` monitors, at least 1, of which
// the highest has the guests, loads them and resets everything.
bool several_load(struct several *s, char **paths, uint32_t memory_size, const struct engine *e,
                  const struct monitor *monitor, uint64_t depth, struct failure *f);

// Runs them until all are over, `limit` instructions have completed in all, or signals_stop is set.
// Tells `ended`, if not null, of each that stops. Only the first guest may have live input. False
// where host memory runs out.
bool several_run(struct several *s, uint64_t limit, void (*ended)(struct several *s, size_t k),
                 struct failure *f);

void several_close(struct several *s);

#endif
