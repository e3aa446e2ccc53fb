// SPDX-License-Identifier: MIT
// One instruction at a time, as DESIGN 3 tells it, on the state of any machine: what the plain
// engine does, and what a monitor does where it interprets.
#ifndef TRAPEZE_VMM_MACHINE_DECODED_H
#define TRAPEZE_VMM_MACHINE_DECODED_H

#include "vmm/core/machine.h"

enum { DECODED_BITS = 9, DECODED = 1 << DECODED_BITS };

// Words lately decoded. What a word decodes to depends on the word alone, so the last answers are
// kept, by a hash of it.
struct decoded {
    struct {
        _Alignas(32) struct pg32_insn i; // so that it is found by a shift
    } words[DECODED];
};

static inline void decoded_init(struct decoded *d)
{
    memset(d, 0, sizeof *d);
    pg32_decode(0, &d->words[0].i); // the others' words are 0 too, but no lookup of 0 comes there
}

// pg32_decode, where it should not be made part of a loop.
__attribute__((cold)) void decode_anew(uint32_t word, struct pg32_insn *i);

static inline const struct pg32_insn *decoded_find(struct decoded *d, uint32_t word)
{
    struct pg32_insn *i = &d->words[word * 0x9e3779b1u >> (32 - DECODED_BITS)].i;

    if (i->word != word) decode_anew(word, i);
    return i;
}

// One step: an interrupt that is due, or else one instruction, with the timer's tick. The outcome
// is the caller's to account for (machine_outcome); P has moved on where it is PG32_NEXT.
static inline enum pg32_outcome decoded_step(struct machine *m, struct decoded *d)
{
    struct pg32 *s = &m->s;
    const uint32_t P = s->P;
    const struct pg32_insn *i;
    uint32_t word;

    s->ready = devices_at(&m->devices, m->count);
    if (pg32_interrupt(s) != PG32_NEXT) return PG32_TRAP;
    if (pg32_fetch(s, P, &word) != PG32_NEXT) return PG32_TRAP;
    i = decoded_find(d, word);

    switch (i->op) {
#define CASE(name, flags)                                                                          \
    case PG32_##name: {                                                                            \
        const enum pg32_outcome outcome = pg32_exec_##name(s, i, P, true);                         \
        if (outcome == PG32_NEXT && !((flags)&PG32_JUMPS)) s->P = P + 4;                           \
        return outcome;                                                                            \
    }
        PG32_INSTRUCTIONS(CASE)
#undef CASE
    default: return pg32_exec_undefined(s, i, P, true);
    }
}

// The part of decoded_step that is left where no interrupt can be due: the instruction at *P, which
// goes on to the next one, without s->P and without the tick; those are the caller's to see to. If
// it is one that has to do with interrupts, devices or time: DECODED_SYSTEM, and nothing is done.
enum { DECODED_SYSTEM = PG32_TRAP + 100 };

static inline int decoded_quiet_step(struct pg32 *s, struct decoded *d, uint32_t *P)
{
    const struct pg32_insn *i;
    uint32_t word;

    if (pg32_fetch(s, *P, &word) != PG32_NEXT) return PG32_TRAP;
    i = decoded_find(d, word);

    switch (i->op) {
#define CASE(name, flags)                                                                          \
    case PG32_##name: {                                                                            \
        if ((flags)&PG32_SYSTEM) return DECODED_SYSTEM;                                            \
        const enum pg32_outcome outcome = pg32_exec_##name(s, i, *P, false);                       \
        if (outcome == PG32_NEXT) *P = (flags)&PG32_JUMPS ? s->P : *P + 4;                         \
        return outcome;                                                                            \
    }
        PG32_INSTRUCTIONS(CASE)
#undef CASE
    case PG32_undefined: return PG32_TRAP;
    default: __builtin_unreachable(); // no word decodes to anything else
    }
}

#endif
