// SPDX-License-Identifier: MIT
// One machine that runs a random guest, with all that can be seen of it, ready to be compared with
// another.
#ifndef TRAPEZE_TESTS_DIFFERENTIAL_SUBJECT_H
#define TRAPEZE_TESTS_DIFFERENTIAL_SUBJECT_H

#include "tests/random_guest.h"
#include "vmm/machine/hardware.h"

#include <stdio.h>

struct subject {
    const char *name;
    bool in_steps; // machine_step instead of the engine
    struct hardware h;
    uint8_t *memory, *engine_memory, *disk;
    uint64_t outputs, output_hash; // bytes written to the console
};

// A machine at reset with guest `g`, on engine `e`; null: in single steps (machine_step). Does not
// move; freed with subject_free. `g` must outlive it.
struct subject *subject_new(const struct random_guest *g, const struct engine *e);
void subject_free(struct subject *s);

// Runs until `limit` instructions have completed (RUN_LIMIT), one trap has been delivered
// (RUN_TRAP), or the machine has stopped.
struct run_result subject_run(struct subject *s, uint64_t limit);

// What has happened: instructions completed and traps delivered.
uint64_t subject_events(const struct subject *s);

// Whether two subjects are in the same state: registers, PSW, timer, time, devices, counts; and
// with `memory` set, all of memory and the disk.
bool subject_same(const struct subject *a, const struct subject *b, bool memory);

// Tells on `out` everything that differs, a line each.
void subject_tell_differences(FILE *out, const struct subject *a, const struct subject *b);

// The word at P as a fetch would find it; false where the fetch would trap.
bool subject_word(const struct subject *s, uint32_t *physical, uint32_t *word);

#endif
