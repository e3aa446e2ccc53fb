// SPDX-License-Identifier: MIT
// The plain engine: fetch, decode, switch, one instruction at a time, as DESIGN 3 tells it; but
// where no interrupt can be due none is looked for. It is the oracle of the threaded engine, which
// also runs through here whatever needs exact time or happens rarely.

#include "vmm/machine/hardware.h"

struct run_result plain_step(struct hardware *h)
{
    return machine_outcome(&h->m, decoded_step(&h->m, &h->decoded));
}

// How many instructions can complete before an interrupt may be due, if none of them has to do with
// interrupts, devices or time: as far as time passes in one go, or until input comes that may
// interrupt.
static uint64_t quiet(struct machine *m, uint64_t most)
{
    const struct pg32 *s = &m->s;
    const uint64_t next = devices_next(&m->devices);

    if (s->IE && (s->pending || devices_at(&m->devices, m->count))) return 0;
    if (pg32_horizon(s) < most) most = pg32_horizon(s);
    return s->IE && next - m->count < most ? next - m->count : most;
}

// Executes at most `most` of these; the outcome of what it stopped at is left to the next step.
__attribute__((flatten, noinline)) static uint64_t run_quiet(struct hardware *h, uint64_t most)
{
    struct pg32 *s = &h->m.s;
    uint32_t P = s->P;
    uint64_t n = 0;

    while (n != most && decoded_quiet_step(s, &h->decoded, &P) == PG32_NEXT) n++;
    s->P = P;
    pg32_advance(s, n);
    return n;
}

static struct run_result run(struct hardware *h, uint64_t limit)
{
    struct machine *m = &h->m;
    const uint64_t target = m->completed + limit; // may wrap around, and then still holds

    while (m->completed != target) {
        const struct run_result r = plain_step(h);

        if (r.reason != RUN_LIMIT) return r;
        const uint64_t n = run_quiet(h, quiet(m, target - m->completed));
        m->count += n;
        m->completed += n;
    }
    return (struct run_result){.reason = RUN_LIMIT};
}

const struct engine engine_switch = {.name = "switch", .run = run};
