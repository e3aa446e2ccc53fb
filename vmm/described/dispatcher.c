// SPDX-License-Identifier: MIT
// Which trap gets which of two actions. A description says only which trap is the paper's memory
// trap and which are interrupts; what the others are for is asked of the instruction itself.

#include "vmm/described/dispatcher.h"
#include "vmm/described/routines.h"

// The virtual machine traps as the host did: same cause, same information.
static struct described_result reflect(struct described_vm *v, struct described_result trap)
{
    (void)v;
    return trap;
}

// The instruction on the virtual state. Where it traps there too, that trap is reflected.
static struct described_result emulate(struct described_vm *v, struct described_result trap)
{
    (void)trap;
    return described_routine(v);
}

struct described_result described_dispatch(struct described_vm *v, struct described_result trap)
{
    v->statistics.traps[described_place(v->m.s.m, trap.cause)]++;
    if (trap.interrupt) return reflect(v, trap);        // what raises them is lent
    if (trap.cause->is_memory) return reflect(v, trap); // R is composed and clipped so that it may
    return emulate(v, trap);
}
