// SPDX-License-Identifier: MIT
// Medians, targets, and the two forms of the report. A ratio is taken within each
// repetition, where its two runs were neighbours, and its median is shown.

#include "bench/report.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

const char *const analyzed_names[ANALYZED] = {"pg32", "x86-32"};
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

// How fast a loop is under monitors, as a share of how fast it is bare.
static double efficiency(const struct figures *f, int loop, int depth)
{
    double ratios[ROUNDS_MOST];

    for (int k = 0; k < f->repetitions; k++)
        ratios[k] = f->depths.mips[loop][depth][k] / f->depths.mips[loop][0][k];
    return median(ratios, f->repetitions);
}

// The least squares line through the cost of a privileged instruction at depths 1, 2, ...: `first`
// at depth 1, and `more` for each further one.
static void growth(const struct figures *f, double *first, double *more)
{
    const int n = DEPTHS - 1;
    double x = 0, y = 0, xx = 0, xy = 0;

    for (int k = 0; k < n; k++) {
        const double ns = median(f->depths.ns[k + 1], f->repetitions);
        x += k;
        y += ns;
        xx += k * k;
        xy += k * ns;
    }
    *more = (n * xy - x * y) / (n * xx - x * x);
    *first = (y - *more * x) / n;
}

// A target: what is measured, and its bound.
enum kind {
    RATIO,      // of two runners on a loop: at least
    TIME,       // of a trap, ns: below
    EFFICIENCY, // of a loop at a depth: at least
    PRIVILEGED, // one instruction at a depth, ns: below
    ANALYZER,   // classifying a machine, seconds: below
};

struct target {
    enum kind kind;
    int which; // loop or trap
    enum runner a, b;
    int depth;
    double bound;
};

static const struct target targets[] = {
    {RATIO, ARITHMETIC, THREADED, QEMU, 0, 0.18},
    {RATIO, ARITHMETIC_WIDE, THREADED, QEMU, 0, 0.18},
    {RATIO, BRANCHES, THREADED, QEMU, 0, 0.18},
    {RATIO, ARITHMETIC, THREADED, SWITCH, 0, 2.5},
    {RATIO, ARITHMETIC_WIDE, THREADED, SWITCH, 0, 2.5},
    {RATIO, MEMORY, THREADED, SWITCH, 0, 2.5},
    {RATIO, BRANCHES, THREADED, SWITCH, 0, 2.5},
    {RATIO, ARITHMETIC, SWITCH, QEMU, 0, 0.05},
    {RATIO, ARITHMETIC_WIDE, SWITCH, QEMU, 0, 0.05},
    {RATIO, MEMORY, SWITCH, QEMU, 0, 0.05},
    {RATIO, BRANCHES, SWITCH, QEMU, 0, 0.05},
    {TIME, TRAP, THREADED, THREADED, 0, 60},
    {TIME, TRAP_SKIP, THREADED, THREADED, 0, 60},
    {EFFICIENCY, ARITHMETIC, THREADED, THREADED, 1, 0.98},
    {EFFICIENCY, MEMORY, THREADED, THREADED, 1, 0.98},
    {EFFICIENCY, BRANCHES, THREADED, THREADED, 1, 0.98},
    {EFFICIENCY, ARITHMETIC, THREADED, THREADED, 3, 0.95},
    {EFFICIENCY, MEMORY, THREADED, THREADED, 3, 0.95},
    {EFFICIENCY, BRANCHES, THREADED, THREADED, 3, 0.95},
    {PRIVILEGED, 0, THREADED, THREADED, 1, 100},
    {ANALYZER, ANALYZE_PG32, THREADED, THREADED, 0, 2},
    {ANALYZER, ANALYZE_X86, THREADED, THREADED, 0, 10},
};

enum { TARGETS = sizeof targets / sizeof targets[0] };

static double value_of(const struct figures *f, const struct target *t)
{
    switch (t->kind) {
    case RATIO: return ratio(f, t->which, t->a, t->b);
    case TIME: return median(f->traps[t->which].ns[t->a], f->repetitions);
    case EFFICIENCY: return efficiency(f, t->which, t->depth);
    case PRIVILEGED: return median(f->depths.ns[t->depth], f->repetitions);
    case ANALYZER: return median(f->analyzer[t->which], f->repetitions);
    }
    abort();
}

static bool is_time(const struct target *t)
{
    return t->kind == TIME || t->kind == PRIVILEGED || t->kind == ANALYZER;
}

static bool met(const struct figures *f, const struct target *t)
{
    return is_time(t) ? value_of(f, t) < t->bound : value_of(f, t) >= t->bound;
}

static void target_name(const struct figures *f, const struct target *t, char *out, size_t size)
{
    const char *loop = f->loops[t->which].name;

    switch (t->kind) {
    case RATIO:
        snprintf(out, size, "%s: %s / %s", loop, runner_names[t->a], runner_names[t->b]);
        break;
    case TIME:
        snprintf(out, size, "%s: %s, ns", f->traps[t->which].name, runner_names[t->a]);
        break;
    case EFFICIENCY: snprintf(out, size, "%s: depth %d / bare", loop, t->depth); break;
    case PRIVILEGED: snprintf(out, size, "privileged: depth %d, ns", t->depth); break;
    case ANALYZER: snprintf(out, size, "%s: analyzer, s", analyzed_names[t->which]); break;
    }
}

static void report_depths(FILE *out, const struct figures *f)
{
    double first, more;

    fprintf(out, "\nUnder trap-and-emulate monitors, threaded\n\n  %-24s", "depth");
    for (int d = 0; d < DEPTHS; d++) fprintf(out, "%8d", d);
    fprintf(out, "\n");
    for (int k = 0; k < LOOPS; k++) {
        fprintf(out, "  %-24s", f->loops[k].name);
        for (int d = 0; d < DEPTHS; d++) fprintf(out, "%8.3f", efficiency(f, k, d));
        fprintf(out, "   of its bare speed\n");
    }
    fprintf(out, "  %-24s", "privileged instruction");
    for (int d = 0; d < DEPTHS; d++) fprintf(out, "%8.1f", median(f->depths.ns[d], f->repetitions));
    growth(f, &first, &more);
    fprintf(out, "   ns\n  growth: %.1f ns at depth 1, and %.1f ns for each further monitor\n",
            first, more);
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
    report_depths(out, f);
    fprintf(out, "\nThe analyzer, one thread, seconds of processor time\n\n");
    for (int k = 0; k < ANALYZED; k++)
        fprintf(out, "  %-16s%14.2f\n", analyzed_names[k], median(f->analyzer[k], f->repetitions));
    fprintf(out, "\nTargets\n\n");
    for (int k = 0; k < TARGETS; k++) {
        const struct target *t = &targets[k];

        target_name(f, t, name, sizeof name);
        fprintf(out, is_time(t) ? "  %-40s%8.1f   (< %g)%s\n" : "  %-40s%8.3f   (>= %g)%s\n", name,
                value_of(f, t), t->bound, met(f, t) ? "" : "   MISSED");
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

static json_t *json_analyzer(const struct figures *f)
{
    json_t *machines = json_object();

    for (int k = 0; k < ANALYZED; k++)
        json_object_set_new(machines, analyzed_names[k],
                            json_runner(f->analyzer[k], f->repetitions));
    return machines;
}

// Of each depth, from the bare machine on.
static json_t *json_depths(const struct figures *f)
{
    json_t *depths = json_array();
    double first, more;

    for (int d = 0; d < DEPTHS; d++) {
        json_t *shares = json_object();
        for (int k = 0; k < LOOPS; k++)
            json_object_set_new(shares, f->loops[k].name, json_real(efficiency(f, k, d)));
        json_array_append_new(depths, json_pack("{s:i, s:o, s:o}", "depth", d, "of_bare_speed",
                                                shares, "privileged_ns",
                                                json_runner(f->depths.ns[d], f->repetitions)));
    }
    growth(f, &first, &more);
    return json_pack("{s:o, s:{s:f, s:f}}", "levels", depths, "privileged_growth_ns", "first",
                     first, "each_further", more);
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
        json_array_append_new(loops,
                              json_pack("{s:s, s:o}", "name", f->loops[k].name, "mips", mips));
    }
    for (int k = 0; k < TRAPS; k++)
        json_array_append_new(traps,
                              json_pack("{s:s, s:s, s:{s:o, s:o}}", "name", f->traps[k].name,
                                        "what", f->traps[k].what, "ns", runner_names[THREADED],
                                        json_runner(f->traps[k].ns[THREADED], f->repetitions),
                                        runner_names[SWITCH],
                                        json_runner(f->traps[k].ns[SWITCH], f->repetitions)));
    for (int k = 0; k < TARGETS; k++) {
        target_name(f, &targets[k], name, sizeof name);
        json_array_append_new(goals,
                              json_pack("{s:s, s:f, s:s, s:f, s:b}", "name", name, "value",
                                        value_of(f, &targets[k]), "bound",
                                        is_time(&targets[k]) ? "below" : "at least", "target",
                                        targets[k].bound, "met", (int)met(f, &targets[k])));
        all = all && met(f, &targets[k]);
    }
    json_t *root =
        json_pack("{s:s, s:i, s:o, s:o, s:o, s:o, s:o}", "schema", "trapeze-bench-3", "repetitions",
                  f->repetitions, "loops", loops, "traps", traps, "depths", json_depths(f),
                  "analyzer", json_analyzer(f), "targets", goals);
    json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(5));
    fputc('\n', out);
    json_decref(root);
    return all;
}
