// SPDX-License-Identifier: MIT
// The monitor's loop: interrupts, direct execution, dispatch. It keeps the virtual machine's time.

#include "vmm/core/vm.h"

#include "vmm/core/allocator.h"
#include "vmm/core/dispatcher.h"
#include "vmm/pg32/interpret.h"

static struct vm *vm_of(struct machine *m)
{
    _Static_assert(offsetof(struct vm, m) == 0, "a virtual machine starts with its machine");
    return (struct vm *)m;
}

// How many of `left` instructions may run before the monitor must look at the input again.
static uint64_t until_input(const struct machine *m, uint64_t left)
{
    const uint64_t input = devices_next(&m->devices);

    return m->s.IE && input - m->count < left ? input - m->count : left;
}

// Whether the processor is somebody else's now. A pause is not for the monitor to see: on hardware
// it would not have come back, unless the host's timer has just run out.
static bool turn_over(const struct vm *v)
{
    return v->shares && v->m.completed >= v->turn_end && (!v->paused || v->host->s.pending);
}

// Where software is to stop: at `target`, or where the turn ends.
static uint64_t software_target(const struct vm *v, uint64_t target)
{
    const uint64_t done = v->m.completed;

    return v->shares && v->turn_end - done < target - done ? v->turn_end : target;
}

static struct run_result run(struct machine *m, uint64_t limit)
{
    struct vm *v = vm_of(m);
    const uint64_t target = m->completed + limit; // may wrap around, and then still holds
    struct run_result r = {.reason = RUN_LIMIT};

    while (m->completed != target && r.reason == RUN_LIMIT) {
        if (turn_over(v)) {
            v->paused = false;
            return (struct run_result){.reason = RUN_TURN};
        }
        if (!v->monitor->direct[m->s.M]) {
            r = v->interpret(v, software_target(v, target));
            continue;
        }
        m->s.ready = devices_at(&m->devices, m->count);
        if (pg32_interrupt(&m->s) != PG32_NEXT) {
            v->paused = false;
            return (struct run_result){RUN_TRAP, m->s.cause, m->s.value};
        }
        r = allocator_run(v, until_input(m, target - m->completed));
        if (r.reason == RUN_TRAP) r = dispatch(v, r);
    }
    return r;
}

static struct run_result step(struct machine *m)
{
    return run(m, 1);
}

static void reset(struct machine *m)
{
    struct vm *v = vm_of(m);

    memset(&v->statistics, 0, sizeof v->statistics);
    v->paused = false;
    v->turn_end = 0;
}

static enum pg32_outcome deliver(struct machine *m, uint32_t cause, uint32_t information)
{
    return pg32_deliver(&m->s, cause, information);
}

static const struct machine_ops ops = {
    .run = run, .step = step, .reset = reset, .deliver = deliver};

bool vm_init(struct vm *v, const struct monitor *monitor, struct machine *host, uint32_t start,
             uint32_t size)
{
    if (!allocator_fits(host, start, size)) return false;
    machine_init(&v->m, &ops, host->s.E + start, size);
    v->monitor = monitor;
    v->routines = routines_by_hand;
    v->interpret = interpret;
    v->emulate = emulate_by_routine;
    v->shares = false;
    v->device = NULL;
    decoded_init(&v->decoded);
    reset(&v->m);
    allocator_give(v, host, start);
    return true;
}

void vm_share(struct vm *v)
{
    v->shares = true;
}

void vm_begin_turn(struct vm *v, uint64_t turn)
{
    v->turn_end = v->m.completed + turn;
}
