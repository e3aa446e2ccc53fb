// SPDX-License-Identifier: MIT
// Turns, round and round (SDM 3C, 25.5.1: the VMX-preemption timer counts down while a guest runs,
// at a rate that IA32_VMX_MISC has; an exit saves what is left, an entry goes on with it).

#include "vmm/x86/scheduler.h"

#include "vmm/x86/traps.h"
#include "vmm/x86/vmx.h"

enum { TIMER_CONTROL = 6, SAVE_CONTROL = 22, MISC_RATE = 31 };

bool scheduler_possible(const struct capabilities *c)
{
    return control_may(c, PIN, TIMER_CONTROL) && control_may(c, EXIT, SAVE_CONTROL);
}

void scheduler_add(struct scheduler *s, struct vm *v)
{
    if (s->count == SCHEDULED) panic("no room for %s among those that take turns", v->name);
    s->vms[s->count++] = v;
    vmx_load(v->vmcs);
    vmcs_write(PIN_CONTROLS, vmcs_read(PIN_CONTROLS) | PIN_PREEMPTION_TIMER);
    vmcs_write(EXIT_CONTROLS, vmcs_read(EXIT_CONTROLS) | EXIT_SAVE_TIMER);
}

bool scheduler_round(const struct scheduler *s)
{
    bool any = false;

    for (unsigned i = 0; i < s->count; i++) {
        struct vm *const v = s->vms[i];
        if (v->end != VM_RUNS) continue;
        // The timer ticks when the counter's bit `rate` changes.
        const uint64_t ticks = s->slice >> (v->capabilities->misc & MISC_RATE);
        vmx_load(v->vmcs);
        vmcs_write(GUEST_PREEMPTION_TIMER, ticks > UINT32_MAX ? UINT32_MAX : ticks);
        vm_turn(v);
        any |= v->end == VM_RUNS;
    }
    return any;
}
