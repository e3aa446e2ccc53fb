// SPDX-License-Identifier: MIT
// The plain engine: one instruction at a time, as DESIGN 3 tells it. It is the oracle of the
// threaded engine, which also runs through here whatever needs exact time or happens rarely.

#include "vmm/machine/machine.h"

// What a word decodes to depends on the word alone, so the last answers are kept, by a hash of it.
__attribute__((cold, noinline)) static void decode_anew(uint32_t word, struct pg32_insn *i)
{
    pg32_decode(word, i);
}

static inline const struct pg32_insn *decode(struct machine *m, uint32_t word)
{
    struct pg32_insn *i = &m->decoded[word * 0x9e3779b1u >> (32 - MACHINE_DECODED_BITS)];

    if (i->word != word) decode_anew(word, i);
    return i;
}

// One step: an interrupt that is due, or else one instruction, with the timer's tick.
static inline enum pg32_outcome step(struct machine *m)
{
    struct pg32 *s = &m->s;
    const uint32_t P = s->P;
    const struct pg32_insn *i;
    uint32_t word;

    s->ready = devices_at(&m->devices, m->count);
    if (pg32_interrupt(s) != PG32_NEXT) return PG32_TRAP;
    if (pg32_fetch(s, P, &word) != PG32_NEXT) return PG32_TRAP;
    i = decode(m, word);

    switch (i->op) {
#define CASE(name, flags)                                                                          \
    case PG32_##name: {                                                                            \
        const enum pg32_outcome outcome = pg32_exec_##name(s, i, P, true);                         \
        if (outcome == PG32_NEXT && !((flags)&PG32_JUMPS)) s->P = P + 4;                           \
        return outcome;                                                                            \
    }
        PG32_INSTRUCTIONS(CASE)
    default: return pg32_exec_undefined(s, i, P, true);
    }
}

struct run_result plain_step(struct machine *m)
{
    return machine_outcome(m, step(m));
}

__attribute__((flatten)) static struct run_result run(struct machine *m, uint64_t limit)
{
    const uint64_t target = m->completed + limit; // may wrap around, and then still holds

    while (m->completed != target) {
        const enum pg32_outcome outcome = step(m);

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
