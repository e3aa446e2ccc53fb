// SPDX-License-Identifier: MIT
// What all machines have in common: setting up, delivering traps, and how idle passes time.

#include "vmm/core/machine.h"

void machine_init(struct machine *m, const struct machine_ops *ops, uint8_t *memory, uint32_t size)
{
    memset(m, 0, sizeof *m);
    m->s.E = memory;
    m->s.memory_size = size;
    m->s.devices = &m->devices;
    m->s.port_read = devices_read;
    m->s.port_write = devices_write;
    m->ops = ops;
}

void machine_reset(struct machine *m, uint32_t entry)
{
    pg32_reset(&m->s, entry);
    m->count = m->completed = 0;
    memset(m->traps, 0, sizeof m->traps);
    devices_reset(&m->devices);
    m->ops->reset(m);
}

struct run_result machine_run(struct machine *m, uint64_t limit)
{
    const struct run_result r = m->ops->run(m, limit);

    m->s.ready = devices_at(&m->devices, m->count);
    return r;
}

struct run_result machine_deliver(struct machine *m, struct run_result trap)
{
    if (m->ops->deliver(m, trap.cause, trap.value) == PG32_CHECKSTOP)
        return (struct run_result){RUN_CHECK_STOP, trap.cause, trap.value};
    m->traps[trap.cause]++;
    return (struct run_result){.reason = RUN_LIMIT};
}

struct run_result machine_go(struct machine *m, uint64_t limit)
{
    const uint64_t before = m->completed;

    for (;;) {
        struct run_result r = machine_run(m, limit - (m->completed - before));

        if (r.reason != RUN_TRAP) return r;
        r = machine_deliver(m, r);
        if (r.reason != RUN_LIMIT) return r;
    }
}

struct run_result machine_step(struct machine *m)
{
    struct run_result r = m->ops->step(m);

    if (r.reason == RUN_TRAP) {
        const struct run_result delivered = machine_deliver(m, r);
        if (delivered.reason != RUN_LIMIT) r = delivered;
    }
    m->s.ready = devices_at(&m->devices, m->count);
    return r;
}

static struct run_result completed(struct machine *m, enum run_reason reason, uint32_t value)
{
    m->count++;
    m->completed++;
    return (struct run_result){reason, 0, value};
}

struct run_result machine_outcome(struct machine *m, enum pg32_outcome outcome)
{
    switch (outcome) {
    case PG32_NEXT: return completed(m, RUN_LIMIT, 0);
    case PG32_WAIT: return machine_wait(m);
    case PG32_STOP: m->s.P += 4; return completed(m, RUN_STOP, m->s.value);
    default: return (struct run_result){RUN_TRAP, m->s.cause, m->s.value};
    }
}

// Time moves in strides to the next moment at which anything happens: DESIGN 3, "idle".
struct run_result machine_wait(struct machine *m)
{
    struct pg32 *s = &m->s;

    for (;;) {
        s->ready = devices_at(&m->devices, m->count);
        if (pg32_wake(s)) break;

        const uint64_t timer = pg32_horizon(s), input = devices_next(&m->devices);
        if (timer == UINT64_MAX && input == UINT64_MAX)
            return (struct run_result){.reason = m->devices.live ? RUN_INPUT : RUN_IDLE};
        const uint64_t stride = timer < input - m->count ? timer : input - m->count;
        pg32_advance(s, stride);
        m->count += stride;
    }
    pg32_tick(s);
    s->P += 4;
    return completed(m, RUN_LIMIT, 0);
}
