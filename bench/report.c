// SPDX-License-Identifier: MIT
// Medians, targets (issue 2), and the two forms of the report. A ratio is taken within each
// repetition, where its two runs were neighbours, and its median is shown.

#include "bench/report.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

const char *const runner_names[RUNNERS] = {"threaded", "switch", "qemu-riscv32", "unicorn"};

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(const double *values, int n)
{
    double sorted[ROUNDS_MOST];

    memcpy(sorted, values, (size_t)n * sizeof *values);
    qsort(sorted, (size_t)n, sizeof *sorted, by_value);
    return n % 2 != 0 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static double ratio(const struct figures *f, int loop, enum runner a, enum runner b)
{
    double ratios[ROUNDS_MOST];

    for (int k = 0; k < f->repetitions; k++)
        ratios[k] = f->loops[loop].mips[a][k] / f->loops[loop].mips[b][k];
    return median(ratios, f->repetitions);
}

// A target: a ratio of two runners on one loop, at least; or a time, below.
struct target {
    int loop;               // or, from LOOPS on, trap
    enum runner a, b;       // `a` alone for a time
    double bound;
};

static const struct target targets[] = {
    {ARITHMETIC, THREADED, QEMU, 0.18},
    {ARITHMETIC_WIDE, THREADED, QEMU, 0.18},
    {BRANCHES, THREADED, QEMU, 0.18},
    {ARITHMETIC, THREADED, SWITCH, 2.5},
    {ARITHMETIC_WIDE, THREADED, SWITCH, 2.5},
    {MEMORY, THREADED, SWITCH, 2.5},
    {BRANCHES, THREADED, SWITCH, 2.5},
    {ARITHMETIC, SWITCH, QEMU, 0.05},
    {ARITHMETIC_WIDE, SWITCH, QEMU, 0.05},
    {MEMORY, SWITCH, QEMU, 0.05},
    {BRANCHES, SWITCH, QEMU, 0.05},
    {LOOPS + TRAP, THREADED, THREADED, 60},
    {LOOPS + TRAP_SKIP, THREADED, THREADED, 60},
};

enum { TARGETS = sizeof targets / sizeof targets[0] };

static double value_of(const struct figures *f, const struct target *t)
{
    if (t->loop >= LOOPS) return median(f->traps[t->loop - LOOPS].ns[t->a], f->repetitions);
    return ratio(f, t->loop, t->a, t->b);
}

static bool met(const struct figures *f, const struct target *t)
{
    return t->loop >= LOOPS ? value_of(f, t) < t->bound : value_of(f, t) >= t->bound;
}

static void target_name(const struct figures *f, const struct target *t, char *out, size_t size)
{
    if (t->loop >= LOOPS)
        snprintf(out, size, "%s: %s, ns", f->traps[t->loop - LOOPS].name, runner_names[t->a]);
    else
        snprintf(out, size, "%s: %s / %s", f->loops[t->loop].name, runner_names[t->a],
                 runner_names[t->b]);
}

bool report_text(FILE *out, const struct figures *f)
{
    bool all = true;
    char name[80];

    fprintf(out, "Million instructions a second, median of %d\n\n  %-16s", f->repetitions, "");
    for (int r = 0; r < RUNNERS; r++) fprintf(out, "%14s", runner_names[r]);
    fprintf(out, "\n");
    for (int k = 0; k < LOOPS; k++) {
        fprintf(out, "  %-16s", f->loops[k].name);
        for (int r = 0; r < RUNNERS; r++)
            fprintf(out, "%14.0f", median(f->loops[k].mips[r], f->repetitions));
        fprintf(out, "\n");
    }
    fprintf(out, "\nTrap round trip, ns\n\n  %-16s%14s%14s\n", "", "threaded", "switch");
    for (int k = 0; k < TRAPS; k++)
        fprintf(out, "  %-16s%14.1f%14.1f   %s\n", f->traps[k].name,
                median(f->traps[k].ns[THREADED], f->repetitions),
                median(f->traps[k].ns[SWITCH], f->repetitions), f->traps[k].what);
    fprintf(out, "\nTargets\n\n");
    for (int k = 0; k < TARGETS; k++) {
        const struct target *t = &targets[k];

        target_name(f, t, name, sizeof name);
        fprintf(out, t->loop >= LOOPS ? "  %-40s%8.1f   (< %g)%s\n" : "  %-40s%8.3f   (>= %g)%s\n",
                name, value_of(f, t), t->bound, met(f, t) ? "" : "   MISSED");
        all = all && met(f, t);
    }
    return all;
}

static json_t *json_values(const double *values, int n)
{
    json_t *array = json_array();

    for (int k = 0; k < n; k++) json_array_append_new(array, json_real(values[k]));
    return array;
}

static json_t *json_runner(const double *values, int n)
{
    return json_pack("{s:f, s:o}", "median", median(values, n), "runs", json_values(values, n));
}

bool report_json(FILE *out, const struct figures *f)
{
    json_t *loops = json_array(), *traps = json_array(), *goals = json_array();
    bool all = true;
    char name[80];

    for (int k = 0; k < LOOPS; k++) {
        json_t *mips = json_object();
        for (int r = 0; r < RUNNERS; r++)
            json_object_set_new(mips, runner_names[r],
                                json_runner(f->loops[k].mips[r], f->repetitions));
        json_array_append_new(
            loops, json_pack("{s:s, s:o}", "name", f->loops[k].name, "mips", mips));
    }
    for (int k = 0; k < TRAPS; k++)
        json_array_append_new(
            traps, json_pack("{s:s, s:s, s:{s:o, s:o}}", "name", f->traps[k].name, "what",
                             f->traps[k].what, "ns", runner_names[THREADED],
                             json_runner(f->traps[k].ns[THREADED], f->repetitions),
                             runner_names[SWITCH],
                             json_runner(f->traps[k].ns[SWITCH], f->repetitions)));
    for (int k = 0; k < TARGETS; k++) {
        target_name(f, &targets[k], name, sizeof name);
        json_array_append_new(
            goals, json_pack("{s:s, s:f, s:s, s:f, s:b}", "name", name, "value",
                             value_of(f, &targets[k]), "bound",
                             targets[k].loop >= LOOPS ? "below" : "at least", "target",
                             targets[k].bound, "met", (int)met(f, &targets[k])));
        all = all && met(f, &targets[k]);
    }
    json_t *root = json_pack("{s:s, s:i, s:o, s:o, s:o}", "schema", "trapeze-bench-1",
                             "repetitions", f->repetitions, "loops", loops, "traps", traps,
                             "targets", goals);
    json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(5));
    fputc('\n', out);
    json_decref(root);
    return all;
}
