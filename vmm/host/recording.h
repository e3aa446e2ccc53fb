// SPDX-License-Identifier: MIT
// Recorded console input as a text file, so that a run can be repeated exactly:
//
//     trapeze-input 1          the format and its version
//     0 104                    machine count from which the byte waits, byte; both decimal
//     215003 10                counts never decrease
//     end                      nothing comes after it
//
// Blank lines and lines that begin with # are passed over.
#ifndef TRAPEZE_VMM_HOST_RECORDING_H
#define TRAPEZE_VMM_HOST_RECORDING_H

#include <stddef.h>
#include <stdio.h>

#include "vmm/host/failure.h"
#include "vmm/machine/devices.h"

struct recording {
    const char *path;
    FILE *file; // null: nothing is recorded
};

// Creates `path`, or empties it.
bool recording_create(struct recording *r, const char *path, struct failure *f);

// Adds a byte; does nothing where nothing is recorded.
void recording_add(struct recording *r, const struct arrival *a);

// What was added is written so far: a crash loses none of it.
void recording_flush(struct recording *r);

// Writes the end and closes. False where any of it could not be written.
bool recording_close(struct recording *r, struct failure *f);

// All of the recording in the file `path`, in *arrivals, which the caller frees.
bool recording_read(const char *path, struct arrival **arrivals, size_t *n, struct failure *f);

#endif
