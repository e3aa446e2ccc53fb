// SPDX-License-Identifier: MIT
// Comparing, shrinking and telling.

#include "tests/differential/comparison.h"
#include "tests/differential/bare.h"
#include "tests/differential/qemu.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SHRINK_RUNS = 400 }; // of qemu, at most: about four seconds

static uint32_t word_at(const uint8_t *bytes)
{
    uint32_t word;

    memcpy(&word, bytes, 4);
    return word;
}

struct difference result_compare(const struct program *p, const uint8_t *expected,
                                 const uint8_t *found)
{
    const size_t first = PROGRAM_FIRST - PROGRAM_DATA, log = PROGRAM_LOG - PROGRAM_DATA;

    for (size_t k = 0; k < p->log_n; k++) {
        const uint32_t a = word_at(expected + log + 4 * k), b = word_at(found + log + 4 * k);
        if (a != b) return (struct difference){IN_LOG, k, a, b};
    }
    for (size_t k = 0; k < DATA_SIZE; k++)
        if (expected[k] != found[k])
            return (struct difference){IN_DATA, k, expected[k], found[k]};
    for (size_t k = 0; k < 32; k++) {
        const uint32_t a = word_at(expected + first + 4 * k), b = word_at(found + first + 4 * k);
        if (a != b) return (struct difference){IN_FIRST, k, a, b};
    }
    return (struct difference){.place = SAME};
}

struct difference qemu_compare(const struct program *p, const struct engine *e,
                               const char **error)
{
    uint8_t *expected = malloc(p->result_size), *found = malloc(p->result_size);
    struct difference d = {.place = SAME};

    if (expected == NULL || found == NULL) abort();
    *error = qemu_run(p, expected);
    if (*error == NULL) {
        *error = bare_run(p, e, found);
        d = result_compare(p, expected, found);
    }
    free(expected);
    free(found);
    return d;
}

// A program that does not end any more counts as one that differs.
static bool differs(const struct program *p, const struct engine *e, unsigned *runs)
{
    const char *error;

    ++*runs;
    return qemu_compare(p, e, &error).place != SAME || error != NULL;
}

// Drops all units after the first difference in the log, if that is one of `p` alone.
static struct program cut(const struct program *p, const struct engine *e, bool *keep)
{
    const char *error;
    const struct difference d = qemu_compare(p, e, &error);
    const size_t end = d.place == IN_LOG ? p->log[d.index].unit + (size_t)1 : p->units_n;

    for (size_t k = 0; k < p->units_n; k++) keep[k] = k < end;
    return program_subset(p, keep);
}

struct program program_shrink(const struct program *p, const struct engine *e)
{
    bool *keep = calloc(p->units_n + 1, sizeof *keep);
    unsigned runs = 0;

    if (keep == NULL) abort();
    struct program least = cut(p, e, keep);
    // Of pieces of half the size each time; of single units until none can go.
    for (size_t step = least.units_n, before = 0; step > 0 && runs < SHRINK_RUNS;
         step = step > 1 || least.units_n < before ? (step + 1) / 2 : 0) {
        before = least.units_n;
        for (size_t at = 0; at < least.units_n && runs < SHRINK_RUNS;) {
            for (size_t k = 0; k < least.units_n; k++) keep[k] = k < at || k >= at + step;
            struct program smaller = program_subset(&least, keep);
            if (differs(&smaller, e, &runs)) {
                program_free(&least);
                least = smaller;
            } else {
                program_free(&smaller);
                at += step;
            }
        }
    }
    free(keep);
    return least;
}

static void print_code(FILE *out, const struct program *p, size_t from, size_t end)
{
    char text[80];

    for (size_t k = from; k < end; k++) {
        const uint32_t P = PROGRAM_CODE + 4 * (uint32_t)k;

        if (p->code[k] == 0) { // a gap
            if (p->code[k - 1] != 0) fprintf(out, "    ...\n");
            continue;
        }
        pg32_disassemble(p->code[k], P, text, sizeof text);
        fprintf(out, "    %08" PRIx32 "  %08" PRIx32 "  %s\n", P, p->code[k], text);
    }
}

void comparison_report(FILE *out, const struct program *p, const char *engine,
                       struct difference d)
{
    enum { SHOWN = 12 }; // units before the place
    size_t last = p->units_n;

    fprintf(out, "\nRV32IM: qemu-riscv32 and %s differ (seed %" PRIu64 ", %zu units):\n", engine,
            p->seed, p->units_n);
    switch (d.place) {
    case IN_LOG:
        last = p->log[d.index].unit < last ? p->log[d.index].unit + (size_t)1 : last;
        fprintf(out, "  x%u: qemu %08" PRIx32 ", %s %08" PRIx32 ", after\n",
                p->log[d.index].reg, d.expected, engine, d.found);
        break;
    case IN_DATA:
        fprintf(out, "  data byte %08zx: qemu %02" PRIx32 ", %s %02" PRIx32 ", after\n",
                PROGRAM_DATA + d.index, d.expected, engine, d.found);
        break;
    case IN_FIRST:
        fprintf(out, "  x%zu's first value was overwritten by %s, in\n", d.index, engine);
        break;
    case SAME: fprintf(out, "  a run did not end as it should, in\n"); break;
    }
    const size_t from = last > SHOWN ? last - SHOWN : 0;
    print_code(out, p, p->unit_at[from], p->unit_at[last]);
    fprintf(out, "  first values:");
    for (unsigned reg = 1; reg < 32; reg++)
        fprintf(out, "%s x%u=%" PRIx32, reg % 6 == 1 ? "\n   " : "", reg, p->first[reg]);
    fprintf(out, "\n");
}
