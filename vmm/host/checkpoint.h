// SPDX-License-Identifier: MIT
// The checkpoints of a history: the parts of history.h that keep and bring back a tower's state.
// Nobody but history.c needs them.
#ifndef TRAPEZE_VMM_HOST_CHECKPOINT_H
#define TRAPEZE_VMM_HOST_CHECKPOINT_H

#include "vmm/host/history.h"

// Makes every store and every write to the disk known to *h, and takes the first checkpoint.
bool checkpoints_open(struct history *h, struct failure *f);

// Takes the hooks off the tower again, and frees everything.
void checkpoints_close(struct history *h);

// Keeps the state of this moment. Panics where the host has no memory.
void checkpoint_take(struct history *h);

// Brings back the state of the latest checkpoint not after the moment `at`; h->at is its moment.
// Later checkpoints are forgotten.
void checkpoint_restore(struct history *h, uint64_t at);

#endif
