// SPDX-License-Identifier: MIT
// The plain engine: one instruction at a time, as DESIGN 3 tells it. It is the oracle of the
// threaded engine, which also runs through here whatever needs exact time or happens rarely.

#include "vmm/machine/hardware.h"

struct run_result plain_step(struct hardware *h)
{
    return machine_outcome(&h->m, decoded_step(&h->m, &h->decoded));
}

__attribute__((flatten)) static struct run_result run(struct hardware *h, uint64_t limit)
{
    struct machine *m = &h->m;
    const uint64_t target = m->completed + limit; // may wrap around, and then still holds

    while (m->completed != target) {
        const enum pg32_outcome outcome = decoded_step(m, &h->decoded);

        if (outcome == PG32_NEXT) {
            m->count++;
            m->completed++;
        } else {
            const struct run_result r = machine_outcome(m, outcome);
            if (r.reason != RUN_LIMIT) return r;
        }
    }
    return (struct run_result){.reason = RUN_LIMIT};
}

const struct engine engine_switch = {.name = "switch", .run = run};
