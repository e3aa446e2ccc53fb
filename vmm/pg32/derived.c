// SPDX-License-Identifier: MIT
// The interpreter routines that the description gives: each instruction's own body.

#include "vmm/pg32/routines.h"

#define DERIVED(name, flags)                                                                       \
    static enum pg32_outcome derived_##name(struct pg32 *s, const struct pg32_insn *i)             \
    {                                                                                              \
        const enum pg32_outcome outcome = pg32_exec_##name(s, i, s->P, true);                      \
                                                                                                   \
        if (outcome == PG32_NEXT && !((flags)&PG32_JUMPS)) s->P += 4;                              \
        return outcome;                                                                            \
    }
PG32_INSTRUCTIONS(DERIVED)

#define ROW(name, flags) [PG32_##name] = derived_##name,
routine *const routines_derived[PG32_ops] = {PG32_INSTRUCTIONS(ROW)};
