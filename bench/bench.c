// SPDX-License-Identifier: MIT
// `make bench`: every runner on every loop in turns, so that a host that becomes slower does so for
// all of them; then the trap round trip, and what monitors cost. What is measured is processor
// time.

#include "bench/loop.h"
#include "bench/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double run_seconds = 0.2; // that a run should take, start-up apart

static const char *const loop_names[LOOPS] = {
    [ARITHMETIC] = "arithmetic",
    [ARITHMETIC_WIDE] = "arithmetic-wide",
    [MEMORY] = "memory",
    [BRANCHES] = "branches",
};

static const struct engine *engine_of(enum runner r)
{
    return r == THREADED ? &engine_threaded : &engine_switch;
}

static struct run run(enum runner r, const struct loop *l, uint32_t rounds)
{
    switch (r) {
    case QEMU: return run_qemu(l, rounds);
    case UNICORN: return run_unicorn(l, rounds);
    default: return run_engine(l, rounds, engine_of(r), 0);
    }
}

// How many rounds take run_seconds, more or less.
static uint32_t rounds_for(enum runner r, const struct loop *l)
{
    uint32_t rounds = 4;

    for (;;) {
        const double less = run(r, l, rounds).seconds, more = run(r, l, 8 * rounds).seconds;
        const double each = (more - less) / (7.0 * rounds);

        if (more - less > run_seconds / 10) return (uint32_t)(run_seconds / each) + 2;
        rounds *= 4;
    }
}

// Instructions a second; the difference of two runs, so that neither the start of a process nor
// decoding or translating counts.
static double mips(enum runner r, const struct loop *l, uint32_t rounds)
{
    const uint32_t few = rounds / 8 + 1;
    const double less = run(r, l, few).seconds, more = run(r, l, rounds).seconds;

    return (double)(rounds - few) * (double)l->more / (more - less) * 1e-6;
}

// All runners compute the same, in as many instructions where they count them.
static void check_runners(struct loop *l)
{
    const struct run one = run_engine(l, 1, &engine_switch, 0);
    const struct run two = run_engine(l, 2, &engine_switch, 0);
    const struct run three = run_engine(l, 3, &engine_threaded, 0);
    const struct run deep = run_engine(l, 3, &engine_threaded, 3);

    l->first = one.instructions;
    l->more = two.instructions - one.instructions;
    if (three.instructions != l->first + 2 * l->more)
        bench_fail("%s: rounds are of different length", l->name);
    if (deep.result != three.result || deep.instructions != three.instructions)
        bench_fail("%s: under monitors it is another run", l->name);
    const uint32_t unicorn = run_unicorn(l, 3).result, qemu = run_qemu(l, 3).result;
    if (unicorn != three.result || qemu != (three.result & 0xff))
        bench_fail("%s: different results: threaded 0x%x, unicorn 0x%x, qemu 0x%x", l->name,
                   three.result, unicorn, qemu);
}

static void measure_loops(struct figures *f)
{
    struct loop loops[LOOPS];
    uint32_t rounds[LOOPS][RUNNERS];

    for (int k = 0; k < LOOPS; k++) {
        f->loops[k].name = loop_names[k];
        loops[k] = loop_read(loop_names[k]);
        check_runners(&loops[k]);
        for (int r = 0; r < RUNNERS; r++) rounds[k][r] = rounds_for((enum runner)r, &loops[k]);
    }
    for (int repetition = 0; repetition < f->repetitions; repetition++)
        for (int k = 0; k < LOOPS; k++)
            for (int r = 0; r < RUNNERS; r++)
                f->loops[k].mips[r][repetition] = mips((enum runner)r, &loops[k], rounds[k][r]);
    for (int k = 0; k < LOOPS; k++) free(loops[k].file);
}

static void measure_traps(struct figures *f)
{
    enum { FEW = 10000, MANY = 2000000 };
    static const char *const files[TRAPS] = {[TRAP] = "trap", [TRAP_SKIP] = "trap-skip"};

    f->traps[TRAP].name = "trap";
    f->traps[TRAP].what = "ECALL, PSW swap, LPSW of a prepared PSW, 2 instructions of loop";
    f->traps[TRAP_SKIP].name = "trap-skip";
    f->traps[TRAP_SKIP].what = "the same, and 5 instructions that step the saved P over the ECALL";
    for (int k = 0; k < TRAPS; k++) {
        struct loop l = loop_read(files[k]);
        for (int repetition = 0; repetition < f->repetitions; repetition++)
            for (int r = THREADED; r <= SWITCH; r++) {
                const double few = run_traps(&l, FEW, engine_of((enum runner)r), 0).seconds;
                const double many = run_traps(&l, MANY, engine_of((enum runner)r), 0).seconds;
                f->traps[k].ns[r][repetition] = (many - few) / (MANY - FEW) * 1e9;
            }
        free(l.file);
    }
}

// The same loops bare and under monitors, in turns.
static void measure_efficiency(struct figures *f)
{
    static const double run_seconds_here = 0.3;
    uint32_t rounds[LOOPS];
    struct loop loops[LOOPS];

    for (int k = 0; k < LOOPS; k++) {
        loops[k] = loop_read(loop_names[k]);
        check_runners(&loops[k]);
        rounds[k] = (uint32_t)(rounds_for(THREADED, &loops[k]) * (run_seconds_here / run_seconds));
    }
    for (int repetition = 0; repetition < f->repetitions; repetition++)
        for (int k = 0; k < LOOPS; k++)
            for (uint32_t depth = 0; depth < DEPTHS; depth++) {
                const struct run r = run_engine(&loops[k], rounds[k], &engine_threaded, depth);
                f->depths.mips[k][depth][repetition] = (double)r.instructions / r.seconds * 1e-6;
            }
    for (int k = 0; k < LOOPS; k++) free(loops[k].file);
}

static void measure_privileged(struct figures *f)
{
    enum { FEW = 1000, MANY = 50000, EACH = 8 };
    struct loop l = loop_read("privileged");

    for (int repetition = 0; repetition < f->repetitions; repetition++)
        for (uint32_t depth = 0; depth < DEPTHS; depth++) {
            const double few = run_traps(&l, FEW, &engine_threaded, depth).seconds;
            const double many = run_traps(&l, MANY, &engine_threaded, depth).seconds;
            f->depths.ns[depth][repetition] = (many - few) / (MANY - FEW) / EACH * 1e9;
        }
    free(l.file);
}

static void measure_analyzer(struct figures *f)
{
    for (int repetition = 0; repetition < f->repetitions; repetition++)
        for (int k = 0; k < ANALYZED; k++)
            f->analyzer[k][repetition] = run_analyzer(analyzed_names[k]);
}

static const char usage[] =
    "usage: bench [--json] [--check] [--repetitions N]\n"
    "Measures PG32's engines beside qemu-riscv32 and unicorn; run from the repository's root.\n"
    "  --json           one JSON document instead of tables\n"
    "  --check          exit status 1 where a target is missed\n"
    "  --repetitions N  of which the median is taken: 1 to 15, 5 unless told\n";

int main(int argc, char **argv)
{
    struct figures f = {.repetitions = 5};
    bool json = false, check = false;

    for (int k = 1; k < argc; k++) {
        if (strcmp(argv[k], "--json") == 0) {
            json = true;
        } else if (strcmp(argv[k], "--check") == 0) {
            check = true;
        } else if (strcmp(argv[k], "--help") == 0) {
            fputs(usage, stdout);
            return 0;
        } else if (strcmp(argv[k], "--repetitions") == 0 && k + 1 < argc &&
                   atoi(argv[k + 1]) >= 1 && atoi(argv[k + 1]) <= ROUNDS_MOST) {
            f.repetitions = atoi(argv[++k]);
        } else {
            fputs(usage, stderr);
            return 2;
        }
    }
    measure_loops(&f);
    measure_traps(&f);
    measure_efficiency(&f);
    measure_privileged(&f);
    measure_analyzer(&f);
    const bool good = json ? report_json(stdout, &f) : report_text(stdout, &f);
    return check && !good;
}
