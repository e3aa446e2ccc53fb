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
    };

    memcpy(s.traps, g->m->traps, sizeof s.traps);
    return s;
}

void statistics_print(FILE *out, const struct statistics *s)
{
    uint64_t traps = 0;

    for (size_t i = 0; i < PG32_traps; i++) traps += s->traps[i];
    fprintf(out, "instructions  %" PRIu64 ", and %" PRIu64 " counts passed in idle\n",
            s->instructions, s->idle);
    fprintf(out, "traps         %" PRIu64, traps);
    for (size_t i = 0, n = 0; i < PG32_traps; i++)
        if (s->traps[i] != 0)
            fprintf(out, "%s%s %" PRIu64, n++ == 0 ? ": " : ", ", pg32_trap_names[i], s->traps[i]);
    fprintf(out, "\nconsole       %" PRIu64 " bytes written, %" PRIu64 " of %" PRIu64 " read\n",
            s->output, s->input_read, s->input_arrived);
    fprintf(out, "disk          %" PRIu64 " sectors written, %" PRIu64 " read\n", s->disk_writes,
            s->disk_reads);
    fprintf(out, "host time     %.3f s: %.1f million instructions a second\n", s->seconds,
            (double)s->instructions / 1e6 / (s->seconds > 1e-9 ? s->seconds : 1e-9));
}

json_t *statistics_json(const struct statistics *s)
{
    json_t *traps = json_object();

    for (size_t i = 0; i < PG32_traps; i++)
        json_object_set_new(traps, pg32_trap_names[i], json_integer((json_int_t)s->traps[i]));
    return json_pack("{sI sI so s{sI sI sI} s{sI sI} sf}", "instructions",
                     (json_int_t)s->instructions, "idle", (json_int_t)s->idle, "traps", traps,
                     "console", "written", (json_int_t)s->output, "read",
                     (json_int_t)s->input_read, "arrived", (json_int_t)s->input_arrived, "disk",
                     "written", (json_int_t)s->disk_writes, "read", (json_int_t)s->disk_reads,
                     "seconds", s->seconds);
}
