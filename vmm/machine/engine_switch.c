// SPDX-License-Identifier: MIT
// The plain engine: one instruction at a time, as DESIGN 3 tells it. It is the oracle of the
// threaded engine, which also runs through here whatever needs exact time or happens rarely.

#include "vmm/machine/machine.h"

#define FLAGS_OF(name, flags) [PG32_##name] = (flags),
static const uint8_t flags[PG32_ops] = {PG32_INSTRUCTIONS(FLAGS_OF)};

static inline struct run_result step(struct machine *m)
{
    struct pg32 *s = &m->s;
    const uint32_t P = s->P;
    struct pg32_insn i;
    uint32_t word;
    enum pg32_outcome outcome;

    // An interrupt that is due comes before the instruction.
    s->ready = devices_at(&m->devices, m->count);
    outcome = pg32_interrupt(s);

    if (outcome == PG32_NEXT) outcome = pg32_fetch(s, P, &word);
    if (outcome == PG32_NEXT) {
        pg32_decode(word, &i);
        outcome = pg32_execute(s, &i, P, true); // the timer's tick included
        if (outcome == PG32_NEXT && !(flags[i.op] & PG32_JUMPS)) s->P = P + 4;
    }
    return machine_outcome(m, outcome);
}

struct run_result plain_step(struct machine *m)
{
    return step(m);
}

static struct run_result run(struct machine *m, uint64_t limit)
{
    struct run_result r = {.reason = RUN_LIMIT};

    while (limit-- > 0 && r.reason == RUN_LIMIT) r = step(m);
    return r;
}

const struct engine engine_switch = {.name = "switch", .run = run};
