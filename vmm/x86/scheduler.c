// SPDX-License-Identifier: MIT
// Turns, round and round.

#include "vmm/x86/scheduler.h"

#include "vmm/x86/cpu.h"
#include "vmm/x86/devices/board.h"
#include "vmm/x86/traps.h"
#include "vmm/x86/vmx.h"

enum { TIMER_CONTROL = 6 };

bool scheduler_possible(const struct capabilities *c)
{
    return control_may(c, PIN, TIMER_CONTROL);
}

void scheduler_add(struct scheduler *s, struct vm *v)
{
    if (s->count == SCHEDULED) panic("no room for %s among those that take turns", v->name);
    s->vms[s->count++] = v;
    vmx_load(v->vmcs);
    vm_set_timed(v);
}

// Whether v, which waits for an interrupt, has got one.
static bool is_woken(struct vm *v)
{
    board_advance(v->board);
    v->waiting = !vm_interrupt_waits(v);
    return !v->waiting;
}

// All wait. Sleeps with the one whose devices have the next thing to do, not longer than a slice.
static void sleep_until_next(const struct scheduler *s)
{
    uint64_t until = rdtsc() + s->longest_sleep;
    struct vm *sleeper = NULL;

    for (unsigned i = 0; i < s->count; i++) {
        struct vm *const v = s->vms[i];
        if (v->end != VM_RUNS) continue;
        const uint64_t deadline = board_deadline(v->board);
        const bool sooner = deadline != UINT64_MAX && deadline - v->tsc_offset < until;
        if (sooner) until = deadline - v->tsc_offset;
        if (sooner || sleeper == NULL) sleeper = v;
    }
    if (sleeper != NULL) vm_sleep(sleeper, until);
}

bool scheduler_round(const struct scheduler *s)
{
    bool any = false, ran = false;

    for (unsigned i = 0; i < s->count; i++) {
        struct vm *const v = s->vms[i];
        if (v->end != VM_RUNS) continue;
        any = true;
        if (v->waiting && !is_woken(v)) continue;
        ran = true;
        vm_turn(v, rdtsc() + s->slice);
    }
    if (any && !ran) sleep_until_next(s);
    return any;
}
