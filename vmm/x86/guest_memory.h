// SPDX-License-Identifier: MIT
// A guest's memory as its instructions see it: segments, then paging, then what the allocator gave.
// For the virtual machine whose VMCS is current, where it exited.
#ifndef TRAPEZE_VMM_X86_GUEST_MEMORY_H
#define TRAPEZE_VMM_X86_GUEST_MEMORY_H

#include "vmm/x86/vm.h"
#include "vmm/x86/vmcs.h"

enum guest_access {
    GUEST_DONE,
    GUEST_FAULTS,  // the exception that the access raises is injected
    GUEST_NOWHERE, // a page table of the guest's is where it has no memory
};

// At most 8 bytes, found before anything is read or written; in two pieces across pages.
struct guest_place {
    uint8_t *piece[2]; // null: no memory is there; reads give ones, writes are ignored
    unsigned size[2];
};

// Finds `size` bytes at a segment's offset for a read or a write by the guest's instruction, as
// privileged as the guest is. Offsets are as wide as the address size says already.
enum guest_access guest_find(struct vm *v, enum segment segment, uint64_t offset, unsigned size,
                             bool write, struct guest_place *place);

uint64_t guest_read(const struct guest_place *place);
void guest_write(const struct guest_place *place, uint64_t value);

#endif
