// SPDX-License-Identifier: MIT
// Round robin.

#include "vmm/core/scheduler.h"

void scheduler_init(struct scheduler *s, struct share *shares, size_t n, uint64_t turn)
{
    *s = (struct scheduler){.shares = shares, .n = n, .turn = turn};
    for (size_t k = 0; k < n; k++) {
        shares[k].result = (struct run_result){.reason = RUN_TURN};
        shares[k].over = false;
    }
    if (n != 0) vm_begin_turn(shares[0].v, turn);
}

// Makes the next one current that can run; false: there is none.
static bool next(struct scheduler *s)
{
    for (size_t k = 1; k <= s->n; k++) {
        const size_t at = (s->current + k) % s->n;
        const struct share *x = &s->shares[at];
        if (x->over || x->result.reason == RUN_INPUT) continue;
        s->current = at;
        vm_begin_turn(x->v, s->turn);
        return true;
    }
    return false;
}

static bool all_over(const struct scheduler *s)
{
    for (size_t k = 0; k < s->n; k++)
        if (!s->shares[k].over) return false;
    return true;
}

enum scheduled scheduler_go(struct scheduler *s, uint64_t limit)
{
    if (all_over(s)) return SCHEDULED_OVER;
    // What they wait for may have come since the last call.
    for (size_t k = 0; k < s->n; k++)
        if (s->shares[k].result.reason == RUN_INPUT) s->shares[k].result.reason = RUN_TURN;
    if (s->shares[s->current].over) next(s);
    for (;;) {
        struct share *x = &s->shares[s->current];
        const uint64_t before = x->v->m.completed;

        x->result = machine_go(&x->v->m, limit);
        limit -= x->v->m.completed - before;
        switch (x->result.reason) {
        case RUN_LIMIT: return SCHEDULED_LIMIT;
        case RUN_TURN:
        case RUN_INPUT:
            if (!next(s)) return SCHEDULED_INPUT;
            break;
        default: x->over = true; return SCHEDULED_STOP;
        }
    }
}
