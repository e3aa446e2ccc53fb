// SPDX-License-Identifier: MIT
// A virtual machine of any description: a struct described whose instructions a monitor executes
// with the help of a host, which is any struct described, real or virtual. P&G's control program
// is in dispatcher.h, allocator.h and routines.h; here they are put together.
#ifndef TRAPEZE_VMM_DESCRIBED_VM_H
#define TRAPEZE_VMM_DESCRIBED_VM_H

#include "vmm/core/vm.h"
#include "vmm/described/statistics.h"

struct described_vm {
    struct described m; // the virtual machine; stays first. Its memory is the partition
    struct described *host;
    uint64_t start;                // k, the cell of the host's memory at which the partition starts
    uint64_t host_count;           // host->count when m.count was last brought up to date
    const struct monitor *monitor; // direct[0] in modes that map onto supervisor, [1] onto user
    struct concrete shadow;        // what the host's registers are to be: allocator.c
    struct described_statistics statistics; // since the last reset
};

// A virtual machine without input, before its first reset, with [start, start + size) of the
// host's memory as its own; start is not 0. From now on the host is the monitor's: it must be
// reset, and is run by nobody else; it outlives *v, which must not be moved. A machine has one
// virtual machine at a time. The description is one that described_hosts (allocator.h) accepts.
void described_vm_init(struct described_vm *v, const struct monitor *monitor,
                       struct described *host, uint64_t start, uint64_t size);
void described_vm_free(struct described_vm *v);

#endif
