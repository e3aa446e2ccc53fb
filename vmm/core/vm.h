// SPDX-License-Identifier: MIT
// A virtual machine: a struct machine whose instructions a monitor executes with the help of a
// host, which is any struct machine, real or virtual. P&G's control program is in dispatcher.h,
// allocator.h and pg32/routines.h; here they are put together.
#ifndef TRAPEZE_VMM_CORE_VM_H
#define TRAPEZE_VMM_CORE_VM_H

#include "vmm/core/statistics.h"
#include "vmm/machine/decoded.h"
#include "vmm/pg32/routines.h"

// A monitor's policy: in which virtual modes (PG32's M) the host executes the guest's
// instructions directly; in the others they are interpreted.
struct monitor {
    const char *name;
    bool direct[2];
};

struct vm {
    struct machine m; // the virtual machine; stays first. Its memory is the partition
    struct machine *host;
    uint32_t start; // k, where in the host's memory the partition starts
    const struct monitor *monitor;
    routine *const *routines; // by enum pg32_op
    // In software: instructions until m.completed is `target` (as interpret, the default), and the
    // one that trapped as privileged in virtual supervisor mode (the default: its routine).
    struct run_result (*interpret)(struct vm *v, uint64_t target);
    struct run_result (*emulate)(struct vm *v, const struct pg32_insn *i);
    struct decoded decoded;
    // The host's timer: lent to the guest, or kept, and then the guest's T is accounted for here.
    bool shares;       // kept
    bool paused;       // kept: `limit` made the host come back, not the guest or the timer
    uint64_t turn_end; // kept: the m.completed at which the turn is over
    // Told when the host's device line comes up while the guest runs; null: the host has no device.
    void (*device)(struct vm *v);
    struct vm_statistics statistics; // since the last reset
};

// A virtual machine without devices, before its first reset, with [start, start + size) of the
// host's memory as its own; all multiples of 4 KiB, start not 0, within that memory. False, and
// nothing done, where they are not. From now on the host is the monitor's: it must be reset, must
// have no devices, and is run by nobody else; it and the hardware below outlive *v, which must not
// be moved. The host's timer is lent to the guest, so the machine has this virtual machine alone.
bool vm_init(struct vm *v, const struct monitor *monitor, struct machine *host, uint32_t start,
             uint32_t size);

// The host's timer is kept from now on (DESIGN 5, "The timer"): while the guest runs, the host's T
// is the smaller of the virtual T and what is left of the guest's turn, and its IE is on; the
// virtual T, pending and IE are accounted for in the record. So several virtual machines can share
// a host. machine_run comes back with RUN_TURN when the turn is over; whoever shares the host out
// then begins another (scheduler.h). A machine that has just been reset is at the end of its turn.
void vm_share(struct vm *v);

// The guest may complete `turn` more instructions, at least 1, before its turn is over.
void vm_begin_turn(struct vm *v, uint64_t turn);

#endif
