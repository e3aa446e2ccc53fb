// SPDX-License-Identifier: MIT
// The reference engine: the evaluator on the state of a PG32 machine. The state is copied in when a
// run begins and out when it ends; memory and devices are the machine's own.
#include "vmm/host/reference.h"
#include "vmm/host/isa.h"
#include "isa-analyzer/semantics/concrete.h"

#include <stdlib.h>

static uint64_t get_member(const struct pg32 *s, const struct pg32_component *x, unsigned element)
{
    const char *p = (const char *)s + x->offset + (size_t)element * x->size;
    uint64_t value = 0;
    memcpy(&value, p, x->size); // hosts are little-endian: see machine.h
    return value;
}

static void set_member(struct pg32 *s, const struct pg32_component *x, unsigned element,
                       uint64_t value)
{
    memcpy((char *)s + x->offset + (size_t)element * x->size, &value, x->size);
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "get_member and set_member copy low bytes");

static void copy_in(struct concrete *c, const struct pg32 *s)
{
    for (unsigned i = 0; i < PG32_components_n; i++) {
        const struct component *x = find_component(c->m, pg32_components[i].name);
        for (unsigned k = 0; k < pg32_components[i].count; k++)
            concrete_set(c, x, k, get_member(s, &pg32_components[i], k));
    }
}

static void copy_out(const struct concrete *c, struct pg32 *s)
{
    for (unsigned i = 0; i < PG32_components_n; i++) {
        const struct component *x = find_component(c->m, pg32_components[i].name);
        for (unsigned k = 0; k < pg32_components[i].count; k++)
            set_member(s, &pg32_components[i], k, concrete_get(c, x, k));
    }
}

// ---------------------------------------------------------------- the machine's devices

struct reference {
    struct machine *machine;
    struct concrete state;
    const struct component *ready;
};

// Devices look at the machine's signal and may change it.
static uint64_t device_read(void *devices, const struct component *x, uint64_t index)
{
    struct pg32 *s = devices;
    (void)x;
    return s->port_read(s->devices, (uint32_t)index);
}

static void device_write(void *devices, const struct component *x, uint64_t index, uint64_t value)
{
    struct pg32 *s = devices;
    (void)x;
    s->port_write(s->devices, (uint32_t)index, (uint32_t)value);
}

static void wrote(void *context, uint64_t address, uint64_t n)
{
    machine_wrote(context, address, n);
}

static void look_at_input(struct reference *r)
{
    struct machine *m = r->machine;
    concrete_set(&r->state, r->ready, 0, devices_at(&m->devices, m->count));
}

// ---------------------------------------------------------------- running

static struct run_result completed(struct reference *r, enum run_reason reason, uint64_t value)
{
    r->machine->count++;
    r->machine->completed++;
    return (struct run_result){.reason = reason, .value = (uint32_t)value};
}

// The wait of the instruction at hand. Time passes tick by tick; of a long wait only the first and
// the last ticks are evaluated, since T may be four thousand million.
static struct run_result wait_here(struct reference *r, const struct instruction *i)
{
    enum { TICKS = 1000 };
    struct machine *m = r->machine;
    const struct component *T = find_component(r->state.m, "T");
    for (uint64_t ticks = 0;; ticks++) {
        look_at_input(r);
        if (concrete_wake(&r->state)) break;
        uint64_t const timer = concrete_get(&r->state, T, 0), input = devices_next(&m->devices);
        if (timer == 0 && input == UINT64_MAX)
            return (struct run_result){.reason = m->devices.live ? RUN_INPUT : RUN_IDLE};
        uint64_t const until_input = input == UINT64_MAX ? UINT64_MAX : input - m->count;
        uint64_t const left = timer != 0 && timer < until_input ? timer : until_input;
        if (ticks == TICKS && left > TICKS) {
            if (timer != 0) concrete_set(&r->state, T, 0, timer - (left - TICKS));
            m->count += left - TICKS;
            continue;
        }
        concrete_tick(&r->state);
        m->count++;
    }
    concrete_complete(&r->state, i);
    return completed(r, RUN_LIMIT, 0);
}

static struct run_result step(struct reference *r)
{
    look_at_input(r);
    struct step s = concrete_interrupt(&r->state);
    if (s.outcome == STEP_NEXT) s = concrete_execute(&r->state);
    switch (s.outcome) {
    case STEP_TRAP:
        return (struct run_result){RUN_TRAP, (uint32_t)s.cause->code, (uint32_t)s.value};
    case STEP_STOP: return completed(r, RUN_STOP, s.value);
    case STEP_WAIT: return wait_here(r, s.instruction);
    default: return completed(r, RUN_LIMIT, 0);
    }
}

// The evaluator's state, of the machine's. Ended by leave.
static void enter(struct reference *r, struct machine *m)
{
    const struct description *pg32 = isa_description();
    *r = (struct reference){.machine = m, .ready = find_component(pg32, "ready")};
    concrete_init(&r->state, pg32, m->s.E, m->s.memory_size);
    r->state.devices = &m->s;
    r->state.device_read = device_read;
    r->state.device_write = device_write;
    r->state.wrote = wrote;
    r->state.wrote_context = &m->s;
    copy_in(&r->state, &m->s);
}

static void leave(struct reference *r)
{
    copy_out(&r->state, &r->machine->s);
    concrete_free(&r->state);
}

// Steps until m->completed is `target` or, with a monitor that has the host execute directly in
// some mode, until the machine is in that mode.
static struct run_result run_until(struct machine *m, uint64_t target,
                                   const struct monitor *monitor)
{
    struct run_result result = {.reason = RUN_LIMIT};
    struct reference r;
    enter(&r, m);
    const struct component *mode = r.state.m->mode;
    while (result.reason == RUN_LIMIT && m->completed != target &&
           !(monitor != NULL && monitor->direct[concrete_get(&r.state, mode, 0)]))
        result = step(&r);
    leave(&r);
    m->s.cause = result.cause;
    m->s.value = result.value;
    return result;
}

static struct run_result run(struct hardware *h, uint64_t limit)
{
    return run_until(&h->m, h->m.completed + limit, NULL);
}

static struct run_result one_step(struct hardware *h)
{
    return run(h, 1);
}

static struct run_result interpret_evaluated(struct vm *v, uint64_t target)
{
    const uint64_t before = v->m.completed;
    const struct run_result r = run_until(&v->m, target, v->monitor);
    v->statistics.interpreted += v->m.completed - before;
    return r;
}

static struct run_result emulate_evaluated(struct vm *v, const struct pg32_insn *i)
{
    (void)i; // it is at P, where the evaluator fetches it anew
    return run_until(&v->m, v->m.completed + 1, NULL);
}

void reference_routines(struct vm *v)
{
    v->interpret = interpret_evaluated;
    v->emulate = emulate_evaluated;
}

static enum pg32_outcome deliver(struct hardware *h, uint32_t cause, uint32_t information)
{
    const struct trap_cause *found = NULL, *x;
    struct reference r;
    enter(&r, &h->m);
    LIST_EACH(x, r.state.m->traps)
    if (x->code == cause) found = x;
    struct step const s = concrete_deliver(&r.state, found, information);
    leave(&r);
    return s.outcome == STEP_CHECKSTOP ? PG32_CHECKSTOP : PG32_NEXT;
}

void reference_reset(struct machine *m, uint32_t entry)
{
    struct reference r;
    enter(&r, m);
    concrete_reset(&r.state, entry);
    leave(&r);
}

const struct engine engine_reference = {
    .name = "reference", .run = run, .deliver = deliver, .step = one_step};
