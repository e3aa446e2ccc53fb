// SPDX-License-Identifier: MIT
// A machine made of a mutated pg32.isa, against the two oracles: prints `qemu` where RV32IM
// programs tell it from qemu-riscv32, `reference` where system programs tell it from the evaluation
// of the true description. A mutant that prints neither has survived.

#define _GNU_SOURCE // setitimer
#include "tests/differential/comparison.h"
#include "tests/differential/lockstep.h"
#include "vmm/host/reference.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { UNITS = 12000, PROGRAMS = 2, GUESTS = 120, RUN_LENGTH = 4000 };
enum { SECONDS = 10 }; // of processor time for each oracle; without a mistake it takes two

static const char *volatile finder;

static void hangs(int signal_number)
{
    (void)signal_number;
    _exit(write(STDOUT_FILENO, finder, strlen(finder)) < 0);
}

static void begin(const char *name)
{
    const struct itimerval limit = {.it_value.tv_sec = SECONDS};

    fflush(stdout);
    finder = name;
    signal(SIGPROF, hangs);
    setitimer(ITIMER_PROF, &limit, NULL);
}

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

    begin("qemu");
    if (qemu_differs(seed)) puts("qemu");
    begin("reference");
    if (reference_differs(seed)) puts("reference");
    return 0;
}
