// SPDX-License-Identifier: MIT
// What a run on a machine of any description comes to, for people and for programs.
#ifndef TRAPEZE_VMM_DESCRIBED_REPORT_H
#define TRAPEZE_VMM_DESCRIBED_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "vmm/described/guest.h"

// On stderr: why the machine stopped itself, and what is in it.
void described_report_check_stop(const struct described *m, struct described_result r);

// Every register and resource by its name: an object, the caller's.
json_t *described_state_json(const struct described *m);

// --stats. Of each monitor, from the lowest: who executed, what trapped, what was not kept.
void described_statistics_print(FILE *out, const struct described_guest *g, double seconds);
json_t *described_statistics_json(const struct described_guest *g, double seconds);

// What one monitor did for its virtual machine: an object, likewise.
json_t *described_level_json(const struct described_vm *v);

// The first thing that an instruction did which only the allocator may; null where there is none.
json_t *described_violation_json(const struct described_vm *v);

// The same in two lines, indented by two.
void described_violation_print(FILE *out, const struct described_vm *v);

#endif
