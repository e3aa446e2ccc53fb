// SPDX-License-Identifier: MIT
// Evaluating instructions on a virtual machine's own state, and counting who did.

#include "vmm/described/routines.h"

struct described_result described_routine(struct described_vm *v)
{
    const struct instruction *i;
    uint64_t word;
    unsigned width;

    i = concrete_fetch(&v->m.s, &word, &width).instruction;
    const struct described_result r = described_instruction(&v->m);
    // A wait that nothing can end has not completed, nor has what traps.
    if (i != NULL && (r.reason == RUN_LIMIT || r.reason == RUN_STOP))
        v->statistics.emulated[i->ordinal]++;
    return r;
}

struct described_result described_interpret(struct described_vm *v)
{
    const uint64_t before = v->m.completed;
    const struct described_result r = described_next(&v->m);

    v->statistics.interpreted += v->m.completed - before;
    return r;
}
