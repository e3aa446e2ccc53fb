// SPDX-License-Identifier: MIT
// Statistics, for people and for programs.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/statistics.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

double host_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct statistics statistics_of(const struct guest *g, double seconds)
{
    struct statistics s = {
        .instructions = g->m->completed,
        .idle = g->m->count - g->m->completed,
        .input_read = g->m->devices.arrivals_next,
        .input_arrived = g->input.n,
        .output = g->console.bytes,
        .disk_reads = g->disk_reads,
        .disk_writes = g->disk_writes,
        .seconds = seconds,
        .vms = g->tower.vms,
        .depth = g->tower.depth,
    };

    memcpy(s.traps, g->m->traps, sizeof s.traps);
    return s;
}

// "trap A 3, B 4": the numbers that are not 0, with their names.
static void print_counts(FILE *out, const uint64_t *n, const char *const *names, size_t size)
{
    for (size_t i = 0, printed = 0; i < size; i++)
        if (n[i] != 0) fprintf(out, "%s%s %" PRIu64, printed++ == 0 ? ": " : ", ", names[i], n[i]);
    putc('\n', out);
}

static double percent(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
}

static void print_level(FILE *out, const struct vm *v, uint32_t level)
{
    const struct vm_statistics *s = &v->statistics;

    fprintf(out, "level %-7" PRIu32 " %s: %.4f %% executed directly, %" PRIu64 " interpreted\n",
            level, v->monitor->name, percent(s->direct, v->m.completed), s->interpreted);
    fprintf(out, "  traps       %" PRIu64, vm_traps(s));
    print_counts(out, s->traps, pg32_trap_names, PG32_traps);
    fprintf(out, "  emulated    %" PRIu64, vm_emulated(s));
    print_counts(out, s->emulated, pg32_op_names, PG32_ops);
    if (vm_violations(s) == 0) return;
    fprintf(out, "  not kept    %" PRIu64, vm_violations(s));
    print_counts(out, s->violations, control_names, CONTROLS);
}

void statistics_print(FILE *out, const struct statistics *s)
{
    uint64_t traps = 0;

    for (size_t i = 0; i < PG32_traps; i++) traps += s->traps[i];
    fprintf(out, "instructions  %" PRIu64 ", and %" PRIu64 " counts passed in idle\n",
            s->instructions, s->idle);
    fprintf(out, "traps         %" PRIu64, traps);
    print_counts(out, s->traps, pg32_trap_names, PG32_traps);
    fprintf(out, "console       %" PRIu64 " bytes written, %" PRIu64 " of %" PRIu64 " read\n",
            s->output, s->input_read, s->input_arrived);
    fprintf(out, "disk          %" PRIu64 " sectors written, %" PRIu64 " read\n", s->disk_writes,
            s->disk_reads);
    for (uint32_t k = 0; k < s->depth; k++) print_level(out, &s->vms[k], k + 1);
    fprintf(out, "host time     %.3f s: %.1f million instructions a second\n", s->seconds,
            (double)s->instructions / 1e6 / (s->seconds > 1e-9 ? s->seconds : 1e-9));
}

static json_t *counts_json(const uint64_t *n, const char *const *names, size_t size, bool zeros)
{
    json_t *object = json_object();

    for (size_t i = 0; i < size; i++)
        if (zeros || n[i] != 0)
            json_object_set_new(object, names[i], json_integer((json_int_t)n[i]));
    return object;
}

static json_t *level_json(const struct vm *v)
{
    const struct vm_statistics *s = &v->statistics;

    return json_pack("{ss sI sI sI so so so}", "monitor", v->monitor->name, "instructions",
                     (json_int_t)v->m.completed, "direct", (json_int_t)s->direct, "interpreted",
                     (json_int_t)s->interpreted, "traps",
                     counts_json(s->traps, pg32_trap_names, PG32_traps, true), "emulated",
                     counts_json(s->emulated, pg32_op_names, PG32_ops, false), "violations",
                     counts_json(s->violations, control_names, CONTROLS, true));
}

json_t *levels_json(const struct vm *vms, uint32_t depth)
{
    json_t *levels = json_array();

    for (uint32_t k = 0; k < depth; k++) json_array_append_new(levels, level_json(&vms[k]));
    return levels;
}

json_t *statistics_json(const struct statistics *s)
{
    return json_pack("{sI sI so s{sI sI sI} s{sI sI} so sf}", "instructions",
                     (json_int_t)s->instructions, "idle", (json_int_t)s->idle, "traps",
                     counts_json(s->traps, pg32_trap_names, PG32_traps, true), "console", "written",
                     (json_int_t)s->output, "read", (json_int_t)s->input_read, "arrived",
                     (json_int_t)s->input_arrived, "disk", "written", (json_int_t)s->disk_writes,
                     "read", (json_int_t)s->disk_reads, "levels", levels_json(s->vms, s->depth),
                     "seconds", s->seconds);
}
