// SPDX-License-Identifier: MIT
// Opening several guests, and telling how each ended, for people and as JSON.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/run_several.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/signals.h"
#include "vmm/host/statistics.h"

static bool open_all(struct several *s, const struct run_several *o, char **paths,
                     struct recording *none, struct failure *f)
{
    if (o->disks.n > s->n)
        return fail(f,
                    "--disk is there %zu times, but there are %zu guests; the first is the "
                    "first guest's, and so on (- for none)",
                    o->disks.n, s->n);
    for (size_t k = 0; k < s->n; k++) {
        struct guest *g = &s->guests[k];
        const char *disk = k < o->disks.n ? o->disks.texts[k] : "-";
        g->console.out = o->json ? stderr : stdout;
        if (strcmp(disk, "-") != 0 && !disk_open(&g->disk, disk, o->snapshot, f)) return false;
    }
    if (!several_load(s, paths, o->memory, o->engine, o->monitor, o->depth, f)) return false;
    signals_install();
    return input_open(&s->guests[0].input, STDIN_FILENO, none, f);
}

// ---------------------------------------------------------------- how each ended

static const char *kind_of(const struct share *x)
{
    if (!x->over) return signals_stop != 0 ? "interrupted" : "limit";
    switch (x->result.reason) {
    case RUN_STOP: return "halt";
    case RUN_IDLE: return "idle";
    case RUN_CHECK_STOP: return "check-stop";
    default: panic("a guest ended for reason %d", x->result.reason);
    }
}

static int status_of(const struct share *x)
{
    if (!x->over) return STATUS_LIMIT;
    return x->result.reason == RUN_STOP && x->result.value == 0 ? STATUS_DONE : STATUS_GUEST_FAILED;
}

// A guest that failed is what the caller must know first.
static int worst(const struct several *s)
{
    int status = STATUS_DONE;

    for (size_t k = 0; k < s->n; k++) {
        const int one = status_of(&s->shares[k]);
        if (one == STATUS_GUEST_FAILED || status == STATUS_DONE) status = one;
    }
    return status;
}

static void tell(const struct several *s, size_t k)
{
    const struct share *x = &s->shares[k];
    const struct run_result r = x->result;
    const struct machine *m = &x->v->m;
    const char *name = s->prefixes[k];

    fflush(stdout);
    if (!x->over)
        report("%s: %s after %" PRIu64 " instructions, at P %08" PRIx32, name,
               signals_stop != 0 ? "interrupted" : "stopped by --max-steps", m->completed, m->s.P);
    else if (r.reason == RUN_STOP)
        report("%s: halted with code %" PRIu32 " (0x%" PRIx32 ")", name, r.value, r.value);
    else if (r.reason == RUN_CHECK_STOP)
        report("%s: check stop: trap %s, information %08" PRIx32 ", at P %08" PRIx32
               "; alone it ends the same way, and vmm shows its last instructions",
               name, pg32_trap_names[r.cause], r.value, m->s.P);
    else
        report("%s: idle for ever at P %08" PRIx32, name, m->s.P);
}

static void tell_ended(struct several *s, size_t k)
{
    const struct share *x = &s->shares[k];

    if (x->result.reason != RUN_STOP || x->result.value != 0) tell(s, k);
}

static void tell_statistics(const struct several *s, double seconds)
{
    for (uint32_t k = 0; k < s->tower.depth; k++) {
        const struct vm *v = &s->tower.vms[k];
        fprintf(stderr,
                "below the guests, monitor %" PRIu32 " has executed %" PRIu64
                " instructions directly\n",
                k + 1, v->statistics.direct);
    }
    for (size_t k = 0; k < s->n; k++) {
        struct statistics x = statistics_of(&s->guests[k], seconds);
        x.vms = &s->vms[k];
        x.depth = 1;
        fprintf(stderr, "%s\n", s->prefixes[k]);
        statistics_print(stderr, &x);
    }
}

// ---------------------------------------------------------------- as JSON

static json_t *guest_json(const struct several *s, size_t k, bool stats, double seconds)
{
    const struct share *x = &s->shares[k];
    struct statistics statistics = statistics_of(&s->guests[k], seconds);

    statistics.vms = &s->vms[k];
    statistics.depth = 1;
    return json_pack(
        "{ss ss sI sI ss si so* sI sI so*}", "guest", s->guests[k].name, "name", s->prefixes[k],
        "start", (json_int_t)s->vms[k].start, "memory", (json_int_t)s->vms[k].m.s.memory_size,
        "outcome", kind_of(x), "status", status_of(x), "code",
        x->over && x->result.reason == RUN_STOP ? json_integer(x->result.value) : NULL,
        "instructions", (json_int_t)s->vms[k].m.completed, "count", (json_int_t)s->vms[k].m.count,
        "statistics", stats ? statistics_json(&statistics) : NULL);
}

static void print_json(const struct several *s, const struct run_several *o, double seconds)
{
    json_t *guests = json_array();

    for (size_t k = 0; k < s->n; k++)
        json_array_append_new(guests, guest_json(s, k, o->stats, seconds));
    json_t *root = json_pack("{ss ss ss si si so}", "schema", "trapeze/vmm-run-several/1", "engine",
                             o->engine->name, "monitor", o->monitor->name, "depth", (int)o->depth,
                             "status", worst(s), "guests", guests);
    if (root == NULL || json_dumpf(root, stdout, JSON_INDENT(2)) != 0)
        panic("the outcome cannot be written as JSON");
    putchar('\n');
    json_decref(root);
}

int run_several(const struct run_several *o, char **paths, size_t n)
{
    struct several s;
    struct recording none = {0};
    struct failure f;
    int status = STATUS_USAGE;
    const double start = host_seconds();

    several_init(&s, n);
    const bool good = open_all(&s, o, paths, &none, &f) &&
                      several_run(&s, o->max_steps, o->json ? NULL : tell_ended, &f);
    const double seconds = host_seconds() - start;
    if (!good) {
        report_failure(&f);
        several_close(&s);
        return status;
    }
    status = worst(&s);
    for (size_t k = 0; k < n && !o->json; k++)
        if (!s.shares[k].over) tell(&s, k);
    if (o->json)
        print_json(&s, o, seconds);
    else if (o->stats)
        tell_statistics(&s, seconds);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fail(&f, "the console's output cannot be written: %s", strerror(errno));
        report_failure(&f);
        status = STATUS_USAGE;
    }
    if (signals_stop != 0) signals_end();
    several_close(&s);
    return status;
}
