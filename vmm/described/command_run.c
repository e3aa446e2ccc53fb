// SPDX-License-Identifier: MIT
// `vmm run --isa` for a machine of any description: from its options to the exit status.

#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "vmm/described/command.h"
#include "vmm/described/report.h"
#include "vmm/described/trace.h"
#include "vmm/host/diagnostics.h"
#include "vmm/host/engines.h"
#include "vmm/host/signals.h"
#include "vmm/host/statistics.h"

struct options {
    size_t monitor, color;
    uint64_t max_steps, depth, memory;
    struct option_list configs;
    const char *isa, *trace;
    bool stats, json;
};

#define AT(member) offsetof(struct options, member)
static const struct option table[] = {
    {"isa", "FILE", OPTION_TEXT, AT(isa), NULL, ""},
    {"config", "NAME=VALUE", OPTION_LIST, AT(configs), NULL, ""},
    {"monitor", "NAME", OPTION_CHOICE, AT(monitor), monitor_name, ""},
    {"depth", "N", OPTION_COUNT, AT(depth), NULL, ""},
    {"max-steps", "N", OPTION_COUNT, AT(max_steps), NULL, ""},
    {"memory", "CELLS", OPTION_COUNT, AT(memory), NULL, ""},
    {"trace", "FILE", OPTION_TEXT, AT(trace), NULL, ""},
    {"stats", NULL, OPTION_FLAG, AT(stats), NULL, ""},
    {"json", NULL, OPTION_FLAG, AT(json), NULL, ""},
    {"color", "WHEN", OPTION_CHOICE, AT(color), described_color_name, ""},
};
#undef AT

enum { OPTIONS = sizeof table / sizeof table[0] };

// A run, with what it consists of beside the machine.
struct run {
    struct options o;
    struct described_guest g;
    struct described_trace trace;
    struct recording recording; // stays empty
    struct described_result result;
    double seconds;
};

static bool consistent(const struct options *o, struct failure *f)
{
    if (o->json && o->trace != NULL && strcmp(o->trace, "-") == 0)
        return fail(f, "--json and --trace - both write to standard output; give the trace a file");
    if (o->depth == 0)
        return fail(f, "--depth counts monitors, from 1; for the bare machine: --monitor none");
    if (o->depth > 1 && o->monitor == 0)
        return fail(f, "--depth is about monitors; choose one with --monitor NAME");
    return true;
}

static bool open_all(struct run *r, const char *path, struct failure *f)
{
    const struct options *o = &r->o;
    const struct description *d = described_read(o->isa, &o->configs, o->memory, f);

    r->g.input.fd = -1;
    r->g.console.out = o->json ? stderr : stdout;
    if (d == NULL) return false;
    if (!described_guest_open(&r->g, d, path, monitor_named(o->monitor),
                              o->monitor != 0 ? o->depth : 0, f))
        return false;
    if (o->trace != NULL && !described_trace_open(&r->trace, o->trace, &r->g, f)) return false;
    signals_install();
    // Only a machine with the port has a console: others leave standard input alone.
    return r->g.m->port == NULL || input_open(&r->g.input, STDIN_FILENO, &r->recording, f);
}

static bool run(struct run *r, struct failure *f)
{
    const double start = host_seconds();
    described_slice *slice = r->trace.out != NULL ? described_trace_go : described_guest_go;
    const bool good = described_guest_run(&r->g, r->o.max_steps, slice, &r->trace, &r->result, f);

    r->seconds = host_seconds() - start;
    return good;
}

static bool close_outputs(struct run *r, struct failure *f)
{
    FILE *console = r->g.console.out;

    if (!described_trace_close(&r->trace, f)) return false;
    if (fflush(console) == 0 && !ferror(console)) return true;
    return fail(f, "the console's output cannot be written: %s", strerror(errno));
}

// Says on stderr how the run ended, unless all is well or JSON says it.
static int conclude(struct run *r, const char **kind)
{
    const struct described *m = r->g.m;
    const uint64_t P = concrete_get(&m->s, m->s.m->counter, 0), value = r->result.value;
    const bool say = !r->o.json;

    if (r->g.console.mid_line && say && isatty(STDERR_FILENO)) console_end_line(&r->g.console);
    fflush(stdout);
    switch (r->result.reason) {
    case RUN_STOP:
        *kind = "halt";
        if (value == 0) return STATUS_DONE;
        if (say) report("the guest halted with code %" PRIu64 " (0x%" PRIx64 ")", value, value);
        return STATUS_GUEST_FAILED;
    case RUN_IDLE:
        *kind = "idle";
        if (say)
            report("the guest waits for ever: at %s %" PRIx64 " no tick and no input can end it",
                   m->s.m->counter->name, P);
        return STATUS_GUEST_FAILED;
    case RUN_CHECK_STOP:
        *kind = "check-stop";
        if (say) described_report_check_stop(m, r->result);
        return STATUS_GUEST_FAILED;
    case RUN_LIMIT:
        *kind = signals_stop != 0 ? "interrupted" : "limit";
        if (say)
            report("%s after %" PRIu64 " instructions, at %s %" PRIx64,
                   signals_stop != 0 ? "interrupted" : "stopped by --max-steps", m->completed,
                   m->s.m->counter->name, P);
        return STATUS_LIMIT;
    default: panic("the machine came back for reason %d", (int)r->result.reason);
    }
}

static void print_json(const struct run *r, const char *guest, const char *kind, int status)
{
    const struct described *m = r->g.m;
    json_t *root = json_pack(
        "{ss ss ss ss ss si sI ss si so* sI sI so so*}", "schema", "trapeze/vmm-run-described/1",
        "isa", r->o.isa, "machine", m->s.m->name, "guest", guest, "monitor",
        monitor_name(NULL, r->o.monitor), "depth", (int)r->g.tower.depth, "memory",
        (json_int_t)m->s.cells_n, "outcome", kind, "status", status, "code",
        r->result.reason == RUN_STOP ? json_integer((json_int_t)r->result.value) : NULL,
        "instructions", (json_int_t)m->completed, "count", (json_int_t)m->count, "state",
        described_state_json(m), "statistics",
        r->o.stats ? described_statistics_json(&r->g, r->seconds) : NULL);

    if (root == NULL || json_dumpf(root, stdout, JSON_INDENT(2)) != 0)
        panic("the outcome cannot be written as JSON");
    putchar('\n');
    json_decref(root);
}

int described_command_run(int argc, char **argv, const struct option *pg32, size_t n)
{
    static struct run r;
    struct failure f;
    const char *kind = NULL;

    r.o = (struct options){.max_steps = UINT64_MAX, .depth = 1, .memory = DESCRIBED_MEMORY};
    bool parsed = described_parse(table, OPTIONS, &r.o, &argc, argv, pg32, n, &f);
    color_set((enum color)r.o.color);
    if (parsed && argc != 1)
        parsed = fail(&f, "expected one image, not %d: vmm run --isa FILE.isa IMAGE", argc);
    if (!parsed || !consistent(&r.o, &f)) {
        report_failure(&f);
        fputs("vmm: see vmm run --help\n", stderr);
        return STATUS_USAGE;
    }
    if (!open_all(&r, argv[0], &f) || !run(&r, &f)) {
        report_failure(&f);
        return STATUS_USAGE;
    }
    const bool written = close_outputs(&r, &f);
    int status = conclude(&r, &kind);
    if (!written) {
        report_failure(&f);
        status = STATUS_USAGE;
    }
    if (r.o.json) print_json(&r, argv[0], kind, status);
    if (r.o.stats && !r.o.json) described_statistics_print(stderr, &r.g, r.seconds);
    if (signals_stop != 0) signals_end();
    described_guest_close(&r.g);
    return status;
}
