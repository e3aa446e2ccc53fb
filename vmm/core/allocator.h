// SPDX-License-Identifier: MIT
// P&G's allocator A: partitions of the host's memory, and what the host's mode, R, timer, interrupt
// enable and devices are while a guest runs. Nothing else in a monitor sets any of these.
#ifndef TRAPEZE_VMM_CORE_ALLOCATOR_H
#define TRAPEZE_VMM_CORE_ALLOCATOR_H

#include "vmm/core/vm.h"

// Whether [start, start + size) can be a partition of the host's memory: whole pages, not at 0.
bool allocator_fits(const struct machine *host, uint32_t start, uint32_t size);

// Makes that partition v's memory, v->m.s.memory_size bytes of it; it fits. The host's ports lead
// nowhere from now on, and are watched.
void allocator_give(struct vm *v, struct machine *host, uint32_t start);

// The relocation-bounds register under which a guest with virtual R = (l, b) in the partition of
// w bytes at k sees what it would on a machine of its own (DESIGN 4): (k + l, min(b, w - l)), or
// (k, 0) where l >= w.
struct relocation {
    uint32_t l, b;
};
struct relocation allocator_compose(uint32_t k, uint32_t w, uint32_t l, uint32_t b);

// Installs v's virtual state on the host, runs it until a trap or for `limit` instructions, and
// views what has become of the virtual state: registers, P, timer. The virtual mode and R are as
// before. Where the timer is kept, v's turn is not over. Counts and virtual time have moved on. The
// host's resources are looked at: what is not as it was set counts as a violation, and stays as it
// is.
struct run_result allocator_run(struct vm *v, uint64_t limit);

#endif
