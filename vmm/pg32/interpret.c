// SPDX-License-Identifier: MIT
// The interpreting monitor: the description's own bodies on the virtual state.

#include "vmm/pg32/interpret.h"

__attribute__((flatten)) struct run_result interpret(struct vm *v, uint64_t target)
{
    struct machine *m = &v->m;
    const uint64_t before = m->completed;
    struct run_result r = {.reason = RUN_LIMIT};

    while (r.reason == RUN_LIMIT && m->completed != target && !v->monitor->direct[m->s.M]) {
        const enum pg32_outcome outcome = decoded_step(m, &v->decoded);

        if (outcome == PG32_NEXT) {
            m->count++;
            m->completed++;
        } else {
            r = machine_outcome(m, outcome);
        }
    }
    v->statistics.interpreted += m->completed - before;
    return r;
}
