// SPDX-License-Identifier: MIT
// Running a machine of any description: what comes next, traps, waits, devices.

#include "vmm/described/machine.h"

#include <stdlib.h>
#include <string.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/signals.h"

// ---------------------------------------------------------------- devices

static bool own_waits(void *owner, uint64_t count)
{
    struct described *m = owner;

    return devices_at(&m->devices, count);
}

static uint64_t own_next(void *owner)
{
    const struct described *m = owner;

    return devices_next(&m->devices);
}

static uint64_t own_read(void *owner, const struct component *device, uint64_t index)
{
    struct described *m = owner;

    if (device != m->port) return UINT64_MAX;
    return devices_read(&m->devices, (uint32_t)index);
}

static void own_write(void *owner, const struct component *device, uint64_t index, uint64_t value)
{
    struct described *m = owner;

    if (device == m->port) devices_write(&m->devices, (uint32_t)index, (uint32_t)value);
}

static const struct described_outside own = {own_waits, own_next, own_read, own_write};

static uint64_t device_read(void *machine, const struct component *x, uint64_t index)
{
    struct described *m = machine;

    return m->outside->read(m->owner, x, index);
}

static void device_write(void *machine, const struct component *x, uint64_t index, uint64_t value)
{
    struct described *m = machine;

    m->written.device = x;
    m->written.index = index;
    m->written.value = value;
    m->outside->write(m->owner, x, index, value);
}

static void wrote(void *machine, uint64_t address, uint64_t n)
{
    struct described *m = machine;

    if (m->stored != NULL) m->stored(m->stored_context, address, n);
}

void described_look(struct described *m)
{
    const bool waits = m->outside->waits(m->owner, m->count);

    if (m->ready != NULL) concrete_set(&m->s, m->ready, 0, waits);
}

// ---------------------------------------------------------------- setting up

static const struct component *of_kind(const struct description *d, const char *name,
                                       enum component_kind kind)
{
    const struct component *x = find_component(d, name);

    return x != NULL && x->kind == kind ? x : NULL;
}

void described_init(struct described *m, const struct description *d,
                    const struct described_ops *ops, void *cells, uint64_t size)
{
    *m = (struct described){.ops = ops, .outside = &own};
    concrete_init(&m->s, d, cells, size);
    m->s.devices = m->owner = m;
    m->s.device_read = device_read;
    m->s.device_write = device_write;
    m->s.wrote = wrote;
    m->s.wrote_context = m;
    m->port = of_kind(d, "port", COMPONENT_DEVICE);
    if (m->port != NULL && m->port->width != 32) m->port = NULL;
    m->ready = of_kind(d, "ready", COMPONENT_SIGNAL);
    m->traps = calloc(d->traps.n + 1, sizeof *m->traps);
    if (m->traps == NULL) panic("no host memory for a machine");
}

void described_free(struct described *m)
{
    if (m->s.m != NULL) concrete_free(&m->s);
    free(m->traps);
    *m = (struct described){0};
}

void described_reset(struct described *m, uint64_t entry)
{
    concrete_reset(&m->s, entry);
    m->count = m->completed = m->trapped = m->trapped_at = 0;
    for (unsigned k = 0; k < m->s.m->traps.n; k++) m->traps[k] = 0;
    devices_reset(&m->devices);
    m->ops->reset(m);
    described_look(m);
}

bool described_is_user(const struct described *m)
{
    const struct component *mode = m->s.m->mode;
    const uint64_t now = concrete_get(&m->s, mode, 0);
    const struct mode_value *x;

    LIST_EACH(x, mode->modes)
    if (x->value == now) return !x->supervisor;
    return false;
}

unsigned described_place(const struct description *d, const struct trap_cause *cause)
{
    const struct trap_cause *x;

    LIST_EACH(x, d->traps)
    if (x == cause) return x_i;
    panic("a trap of another description");
}

// ---------------------------------------------------------------- one instruction

static struct described_result completed(struct described *m, enum run_reason reason,
                                         uint64_t value)
{
    m->count++;
    m->completed++;
    return (struct described_result){.reason = reason, .value = value};
}

// Copies all that a tick can change to `to`, or compares it with that.
static bool remembered(const struct described *m, uint64_t *to, bool compare)
{
    const struct component *x;
    bool same = true;

    LIST_EACH(x, m->s.m->components)
    {
        const uint64_t *from = m->s.elements[x_i];
        if (from == NULL) continue;
        if (compare)
            same = same && memcmp(to, from, x->count * sizeof *to) == 0;
        else
            memcpy(to, from, x->count * sizeof *to);
        to += x->count;
    }
    return same;
}

// The state that was remembered, again.
static void recall(struct described *m, const uint64_t *from)
{
    const struct component *x;

    LIST_EACH(x, m->s.m->components)
    {
        uint64_t *to = m->s.elements[x_i];
        if (to == NULL) continue;
        memcpy(to, from, x->count * sizeof *to);
        from += x->count;
    }
}

static uint64_t *room_to_remember(const struct described *m)
{
    const struct component *x;
    uint64_t n = 1;

    LIST_EACH(x, m->s.m->components)
    n += x->count;
    uint64_t *room = calloc(n, sizeof *room);
    if (room == NULL) panic("no host memory for a machine");
    return room;
}

// Ticks until something ends the wait (RUN_LIMIT), or nothing can: the state has been there before
// (R. P. Brent, "An improved Monte Carlo factorization algorithm", 1980), and no input is known.
// A tick may do anything, so each one is evaluated.
static struct described_result pass_time(struct described *m, uint64_t *mark)
{
    enum { LOOK = 1 << 16 }; // ticks between two looks at live input

    remembered(m, mark, false);
    for (uint64_t ticks = 0, power = 1, since = 0;; ticks++) {
        described_look(m);
        if (concrete_wake(&m->s)) return (struct described_result){.reason = RUN_LIMIT};
        if (signals_stop != 0 || (m->devices.live && ticks == LOOK))
            return (struct described_result){.reason = RUN_INPUT, .value = 1};
        concrete_tick(&m->s);
        m->count++;
        if (remembered(m, mark, true) && m->outside->next(m->owner) == UINT64_MAX)
            return (struct described_result){.reason = m->devices.live ? RUN_INPUT : RUN_IDLE};
        if (++since < power) continue;
        remembered(m, mark, false);
        power *= 2;
        since = 0;
    }
}

// The rest of a wait at the counter. One that nothing can end has not begun, but for what the
// instruction itself did.
static struct described_result wait_here(struct described *m, const struct instruction *i)
{
    uint64_t *mark = room_to_remember(m), *before = room_to_remember(m);
    const uint64_t count = m->count;

    remembered(m, before, false);
    const struct described_result r = pass_time(m, mark);
    if (r.reason == RUN_IDLE || (r.reason == RUN_INPUT && r.value == 0)) {
        recall(m, before);
        m->count = count;
    }
    free(mark);
    free(before);
    if (r.reason != RUN_LIMIT) return r;
    concrete_complete(&m->s, i);
    return completed(m, RUN_LIMIT, 0);
}

static struct described_result outcome(struct described *m, struct step s)
{
    switch (s.outcome) {
    case STEP_TRAP: return (struct described_result){RUN_TRAP, s.cause, s.value, s.interrupt};
    case STEP_STOP: return completed(m, RUN_STOP, s.value);
    case STEP_CHECKSTOP: return (struct described_result){.reason = RUN_CHECK_STOP};
    case STEP_WAIT: return wait_here(m, s.instruction);
    default: return completed(m, RUN_LIMIT, 0);
    }
}

struct described_result described_instruction(struct described *m)
{
    described_look(m);
    return outcome(m, concrete_execute(&m->s));
}

struct described_result described_next(struct described *m)
{
    described_look(m);
    const struct step s = concrete_interrupt(&m->s);
    return outcome(m, s.outcome == STEP_NEXT ? concrete_execute(&m->s) : s);
}

// ---------------------------------------------------------------- running

static struct described_result bare_run(struct described *m, uint64_t limit)
{
    const uint64_t target = m->completed + limit; // may wrap around, and then still holds
    struct described_result r = {.reason = RUN_LIMIT};

    while (m->completed != target && r.reason == RUN_LIMIT) r = described_next(m);
    return r;
}

static void bare_reset(struct described *m)
{
    (void)m;
}

const struct described_ops described_bare = {bare_run, bare_reset};

struct described_result described_run(struct described *m, uint64_t limit)
{
    const struct described_result r = m->ops->run(m, limit);

    described_look(m);
    return r;
}

struct described_result described_deliver(struct described *m, struct described_result trap)
{
    const struct described_result stop = {RUN_CHECK_STOP, trap.cause, trap.value, trap.interrupt};

    if (m->trapped_at != m->completed) {
        m->trapped_at = m->completed;
        m->trapped = 0;
    }
    if (m->trapped == DESCRIBED_TRAPS_MOST) return stop;
    if (concrete_deliver(&m->s, trap.cause, trap.value).outcome == STEP_CHECKSTOP) return stop;
    m->trapped++;
    m->traps[described_place(m->s.m, trap.cause)]++;
    return (struct described_result){.reason = RUN_LIMIT};
}

struct described_result described_go(struct described *m, uint64_t limit)
{
    const uint64_t before = m->completed;

    while (signals_stop == 0) {
        struct described_result r = described_run(m, limit - (m->completed - before));

        if (r.reason != RUN_TRAP) return r;
        r = described_deliver(m, r);
        if (r.reason != RUN_LIMIT) return r;
    }
    return (struct described_result){.reason = RUN_LIMIT};
}

struct described_result described_step(struct described *m)
{
    struct described_result r = described_run(m, 1);

    if (r.reason == RUN_TRAP) {
        const struct described_result delivered = described_deliver(m, r);
        if (delivered.reason != RUN_LIMIT) r = delivered;
    }
    described_look(m);
    return r;
}
