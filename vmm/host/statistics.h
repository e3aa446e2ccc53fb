// SPDX-License-Identifier: MIT
// --stats: what a run did and what it cost the host.
#ifndef TRAPEZE_VMM_HOST_STATISTICS_H
#define TRAPEZE_VMM_HOST_STATISTICS_H

#include <jansson.h>
#include <stdio.h>

#include "vmm/host/guest.h"

struct statistics {
    uint64_t instructions; // completed
    uint64_t idle;         // counts that passed in idle beyond one for each instruction
    uint64_t traps[PG32_traps];
    uint64_t input_read, input_arrived, output; // console bytes
    uint64_t disk_reads, disk_writes;           // sectors
    double seconds;                             // host time, from start to stop
    const struct vm *vms;                       // the lowest first, as long as they are there
    uint32_t depth;
};

// Host time in seconds, from some fixed moment on.
double host_seconds(void);

struct statistics statistics_of(const struct guest *g, double seconds);
void statistics_print(FILE *out, const struct statistics *s);

// An object, the caller's; null where host memory runs out.
json_t *statistics_json(const struct statistics *s);

// What monitors did for their virtual machines, the lowest first: an array, likewise.
json_t *levels_json(const struct vm *vms, uint32_t depth);

#endif
