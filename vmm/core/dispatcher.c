// SPDX-License-Identifier: MIT
// Three actions, and the table that says which trap gets which.

#include "vmm/core/dispatcher.h"

enum { SUPERVISOR = 0 }; // PG32's M

// The virtual machine traps as the host did: same cause, same information.
static struct run_result reflect(struct vm *v, struct run_result trap)
{
    (void)v;
    return trap;
}

// In virtual supervisor mode the instruction is allowed: its routine runs on the virtual state, and
// may find that it traps there for another reason. Time is exact: the routine ticks once.
static struct run_result emulate(struct vm *v, struct run_result trap)
{
    struct machine *m = &v->m;
    const struct pg32_insn *i = decoded_find(&v->decoded, trap.value);

    if (m->s.M != SUPERVISOR || v->routines[i->op] == NULL) return reflect(v, trap);
    m->s.ready = devices_at(&m->devices, m->count);
    const struct run_result r = v->emulate(v, i);
    // An idle that nothing can end has not completed.
    v->statistics.emulated[i->op] += r.reason == RUN_LIMIT || r.reason == RUN_STOP;
    return r;
}

// The timer is the guest's where it is lent to it. Where it is kept it has done its work: the
// processor is the monitor's again, and the virtual time is accounted for.
static struct run_result interrupted(struct vm *v, struct run_result trap)
{
    if (!v->shares) return reflect(v, trap);
    if (trap.cause == PG32_trap_device && v->device != NULL) v->device(v);
    return (struct run_result){.reason = RUN_LIMIT};
}

struct run_result emulate_by_routine(struct vm *v, const struct pg32_insn *i)
{
    return machine_outcome(&v->m, v->routines[i->op](&v->m.s, i));
}

static struct run_result (*const actions[PG32_traps])(struct vm *v, struct run_result trap) = {
    [PG32_trap_memory] = reflect,
    [PG32_trap_privileged] = emulate,
    [PG32_trap_illegal] = reflect,
    [PG32_trap_ecall] = reflect,
    [PG32_trap_ebreak] = reflect,
    [PG32_trap_timer] = interrupted, // the guest's own only where it is lent
    [PG32_trap_device] = interrupted,
};

struct run_result dispatch(struct vm *v, struct run_result trap)
{
    v->statistics.traps[trap.cause]++;
    return actions[trap.cause](v, trap);
}
