// SPDX-License-Identifier: MIT
// P&G's allocator A, for any description with base-and-bound relocation: partitions of the host's
// memory, and what the host's mode, R, resources and devices are while a guest runs. Nothing else
// in a monitor sets any of these.
//
// Resources are of two kinds (DESIGN 4). Kept: the virtual value is in the virtual machine, the
// host's is what is said here: the mode, the base and the bound. Lent: the host holds the virtual
// value, which its tick and its interrupts may change, and no instruction: all others, and signals.
#ifndef TRAPEZE_VMM_DESCRIBED_ALLOCATOR_H
#define TRAPEZE_VMM_DESCRIBED_ALLOCATOR_H

#include "vmm/described/vm.h"
#include "vmm/host/failure.h"

// Cells that a monitor keeps of its host's memory, half of them below the partition.
enum { DESCRIBED_SHARE = 256 };

// Whether machines of this description can run at all, with `size` cells of memory. `f` says what
// is missing.
bool described_runs(const struct description *d, uint64_t size, struct failure *f);

// Whether monitors for it can be made, with a bare machine of `size` cells below them.
bool described_hosts(const struct description *d, uint64_t size, struct failure *f);

// Makes [start, start + v's memory) of the host's memory, which it is in already, v's partition:
// what the host is connected to is v's from now on, and is watched.
void described_give(struct described_vm *v, struct described *host, uint64_t start);

// The relocation-bounds register under which a guest with virtual R = (l, b) in the partition of
// w cells at k sees what it would on a machine of its own: (k + l, min(b, w - l)), or (k, 0) where
// l >= w.
struct described_relocation {
    uint64_t l, b;
};
struct described_relocation described_compose(uint64_t k, uint64_t w, uint64_t l, uint64_t b);

// Installs v's virtual state on the host, runs it until a trap or for `limit` (not 0) instructions,
// and views what has become of the virtual state: registers and counter, and what is lent. Counts
// have moved on. The host is looked at after each instruction: what the instruction has changed
// that only the allocator may change is a violation, and stays as it is.
struct described_result described_run_direct(struct described_vm *v, uint64_t limit);

#endif
