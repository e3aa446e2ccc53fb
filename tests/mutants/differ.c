// SPDX-License-Identifier: MIT
// A machine made of a mutated pg32.isa, against the two oracles: prints `qemu` where RV32IM
// programs tell it from qemu-riscv32, `reference` where system programs tell it from the evaluation
// of the true description. A mutant that prints neither has survived.

#include "tests/differential/comparison.h"
#include "tests/differential/lockstep.h"
#include "vmm/host/reference.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { UNITS = 12000, PROGRAMS = 2, GUESTS = 120, RUN_LENGTH = 4000 };

static bool qemu_differs(uint64_t seed)
{
    const char *error;

    for (uint64_t k = 0; k < PROGRAMS; k++) {
        struct program p = program_random(seed + k, UNITS);
        const bool same = qemu_compare(&p, NULL, &error).place == SAME && error == NULL;
        program_free(&p);
        if (!same) return true;
    }
    return false;
}

static bool reference_differs(uint64_t seed)
{
    static struct random_guest g;
    const struct lockstep l = {
        .a = NULL, .b = &engine_reference, .pieces = SINGLE, .most = RUN_LENGTH};

    for (uint64_t k = 0; k < GUESTS; k++) {
        random_guest_make(&g, seed + k);
        if (!lockstep(&l, &g, stderr).same) return true;
    }
    return false;
}

int main(void)
{
    const char *told = getenv("TRAPEZE_SEED");
    const uint64_t seed = told != NULL ? strtoull(told, NULL, 0) : 1;

    if (qemu_differs(seed)) puts("qemu");
    if (reference_differs(seed)) puts("reference");
    return 0;
}
