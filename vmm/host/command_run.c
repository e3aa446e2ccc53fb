// SPDX-License-Identifier: MIT
// `vmm run`: its options, and a run from opening everything to the exit status.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "vmm/described/command.h"
#include "vmm/host/guest.h"
#include "vmm/host/diagnostics.h"
#include "vmm/host/gdb_server.h"
#include "vmm/host/isa.h"
#include "vmm/host/engines.h"
#include "vmm/host/options.h"
#include "vmm/host/reference.h"
#include "vmm/host/run_several.h"
#include "vmm/host/post_mortem.h"
#include "vmm/host/signals.h"
#include "vmm/host/statistics.h"
#include "vmm/host/trace.h"

struct options {
    size_t engine, monitor, color;
    uint64_t max_steps, depth, gdb;
    uint32_t memory;
    struct option_list disks, configs;
    const char *isa, *trace, *record, *replay;
    bool snapshot, wait, stats, json, help, version;
};

#define NO_PORT UINT64_MAX

static const char *color_name(const void *list, size_t i)
{
    static const char *const names[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never", NULL};

    (void)list;
    return names[i];
}

#define AT(member) offsetof(struct options, member)
static const struct option table[] = {
    {"engine", "NAME", OPTION_CHOICE, AT(engine), engine_name,
     "how instructions are executed, which changes nothing but the speed; the first by default"},
    {"isa", "FILE", OPTION_TEXT, AT(isa), NULL,
     "follow this description: PG32 with more instructions, or any other machine, then without "
     "the options on engines and devices; it is evaluated, which is slow, whatever --engine says"},
    {"config", "NAME=VALUE", OPTION_LIST, AT(configs), NULL,
     "set a parameter of the description that --isa names"},
    {"monitor", "NAME", OPTION_CHOICE, AT(monitor), monitor_name,
     "run the guest in a virtual machine, under this monitor; by default on the bare machine"},
    {"depth", "N", OPTION_COUNT, AT(depth), NULL,
     "so many monitors, each in the virtual machine of the one below; 1 by default"},
    {"max-steps", "N", OPTION_COUNT, AT(max_steps), NULL,
     "stop when N instructions have completed, with exit status 3"},
    {"memory", "SIZE", OPTION_MEMORY, AT(memory), NULL,
     "the machine's memory: bytes, or with K, M or G; a multiple of 4K; by default what the guest "
     "asks for in its file, or else 16M; with --isa of another machine its cells"},
    {"disk", "FILE", OPTION_LIST, AT(disks), NULL,
     "the disk's image; write-protected where FILE is not writable; of several guests, the first "
     "one's, and again for the next (- for none)"},
    {"snapshot", NULL, OPTION_FLAG, AT(snapshot), NULL,
     "do not keep in the image what the guest writes to the disk"},
    {"trace", "FILE", OPTION_TEXT, AT(trace), NULL,
     "write a line for every step to FILE, - for standard output"},
    {"record", "FILE", OPTION_TEXT, AT(record), NULL,
     "write the console input and when it came to FILE"},
    {"replay", "FILE", OPTION_TEXT, AT(replay), NULL,
     "take the console input from FILE, which --record wrote, and not from standard input"},
    {"gdb", "PORT", OPTION_COUNT, AT(gdb), NULL,
     "let gdb debug the guest, over 127.0.0.1:PORT; 0 takes any port that is free"},
    {"wait", NULL, OPTION_FLAG, AT(wait), NULL, "do not start before gdb has come"},
    {"stats", NULL, OPTION_FLAG, AT(stats), NULL,
     "print statistics on standard error when the run is over"},
    {"json", NULL, OPTION_FLAG, AT(json), NULL,
     "print the outcome, and with --stats the statistics, as JSON on standard output; the guest's "
     "console goes to standard error instead"},
    {"color", "WHEN", OPTION_CHOICE, AT(color), color_name, "colour in diagnostics"},
    {"help", NULL, OPTION_FLAG, AT(help), NULL, "print this"},
    {"version", NULL, OPTION_FLAG, AT(version), NULL, "print the version"},
};
#undef AT

enum { OPTIONS = sizeof table / sizeof table[0] };

static int help(void)
{
    puts("Usage: vmm run [OPTION]... GUEST.elf...\n\n"
         "Runs GUEST.elf, an executable for RV32IM and PG32, on the bare machine or under a\n"
         "monitor. Standard input is its console's input, standard output its console's\n"
         "output. Several guests share a host, each in a virtual machine of its own; lines of\n"
         "output begin with the guest's name, and input is the first one's.\n");
    options_help(stdout, table, OPTIONS);
    puts("\nExit status: 0 the guest halted with code 0; 1 it halted with another code, check\n"
         "stopped, or is idle for ever; 2 wrong usage or unreadable input; 3 --max-steps, or\n"
         "killed by gdb; 64 a fault of vmm.");
    return STATUS_DONE;
}

// Options that are right each by itself but not together.
static bool consistent(const struct options *o, struct failure *f)
{
    if (o->configs.n > 0)
        return fail(f, "--config sets a parameter of a description; name it with --isa FILE");
    if (o->record != NULL && o->replay != NULL)
        return fail(f, "--record and --replay exclude each other: a replay repeats its recording");
    if (o->json && o->trace != NULL && strcmp(o->trace, "-") == 0)
        return fail(f, "--json and --trace - both write to standard output; give the trace a file");
    if (o->snapshot && o->disks.n == 0)
        return fail(f, "--snapshot is about the disk; name its image with --disk FILE");
    if (o->depth == 0)
        return fail(f, "--depth counts monitors, from 1; for the bare machine: --monitor none");
    if (o->depth > 1 && o->monitor == 0)
        return fail(f, "--depth is about monitors; choose one with --monitor NAME");
    if (o->trace != NULL && o->monitor != 0)
        return fail(f, "--trace shows the steps of the bare machine; leave --monitor away");
    if (o->gdb != NO_PORT && o->gdb > UINT16_MAX)
        return fail(f, "--gdb: expected a port, from 0 to 65535, not %" PRIu64, o->gdb);
    if (o->gdb != NO_PORT && o->trace != NULL)
        return fail(f, "--gdb and --trace exclude each other: both watch every step");
    if (o->wait && o->gdb == NO_PORT)
        return fail(f, "--wait is about gdb; name its port with --gdb PORT");
    return true;
}

// A run, with what it consists of beside the machine. Large: static.
struct run {
    struct options o;
    struct guest g;
    struct trace trace;
    struct recording recording;
    struct run_result result;
    struct statistics statistics;
    struct post_mortem post_mortem;
    int listening; // for gdb; -1: not
    struct gdb_end gdb;
};

static const struct engine *engine_of(const struct options *o)
{
    return isa_is_evaluated() ? &engine_reference : engines[o->engine];
}

static bool open_all(struct run *r, const char *path, struct failure *f)
{
    const struct options *o = &r->o;
    struct guest *g = &r->g;

    g->input.fd = g->disk.fd = -1;
    g->console.out = o->json ? stderr : stdout;
    if (o->isa != NULL && !isa_use(o->isa, f)) return false;
    // A trace and a debugger go step by step on the plain path, whatever the engine.
    const bool plain = (o->trace != NULL || o->gdb != NO_PORT) && !isa_is_evaluated();
    const struct engine *engine = plain ? &engine_switch : engine_of(o);
    if (o->disks.n > 1)
        return fail(f, "--disk is there %zu times, but there is one guest", o->disks.n);
    if (o->disks.n == 1 && !disk_open(&g->disk, o->disks.texts[0], o->snapshot, f)) return false;
    if (!guest_open(g, path, o->memory, engine, monitor_named(o->monitor),
                    o->monitor != 0 ? o->depth : 0, f))
        return false;
    if (g->loaded.compressed)
        report_warning(
            "%s: is marked as having compressed instructions, which are illegal on PG32; "
            "compile with -march=rv32im",
            path);
    if (o->trace != NULL && !trace_open(&r->trace, o->trace, g, f)) return false;
    if (o->record != NULL && !recording_create(&r->recording, o->record, f)) return false;
    if (o->gdb != NO_PORT && (r->listening = gdb_listen((uint16_t)o->gdb, f)) < 0) return false;
    // Input last: it may make the terminal raw.
    signals_install();
    if (o->replay != NULL) return input_replay(&g->input, o->replay, f);
    return input_open(&g->input, STDIN_FILENO, &r->recording, f);
}

static bool run(struct run *r, struct failure *f)
{
    const double start = host_seconds();
    bool good;

    if (r->listening >= 0) {
        good = gdb_run(&r->g, r->listening, r->o.wait, r->o.max_steps, &r->gdb, f);
        r->result = r->gdb.result;
    } else if (r->trace.out != NULL)
        good = guest_run(&r->g, r->o.max_steps, trace_go, &r->trace, &r->result, f);
    else
        good = guest_run(&r->g, r->o.max_steps, guest_go, NULL, &r->result, f);
    r->statistics = statistics_of(&r->g, host_seconds() - start);
    return good;
}

// What was written is really written; what is recorded has its end.
static bool close_outputs(struct run *r, struct failure *f)
{
    FILE *console = r->g.console.out;

    if (!trace_close(&r->trace, f) || !recording_close(&r->recording, f)) return false;
    if (fflush(console) == 0 && !ferror(console)) return true;
    return fail(f, "the console's output cannot be written: %s", strerror(errno));
}

// Says on stderr how the run ended, unless all is well or JSON says it.
static int conclude(struct run *r, const char **kind)
{
    const struct machine *m = r->g.m;
    const bool say = !r->o.json;
    const uint32_t code = r->result.value;
    struct failure f;

    if (r->g.console.mid_line && say && isatty(STDERR_FILENO)) console_end_line(&r->g.console);
    fflush(stdout);
    switch (r->result.reason) {
    case RUN_STOP:
        *kind = "halt";
        if (code == 0) return STATUS_DONE;
        if (say) report("the guest halted with code %" PRIu32 " (0x%" PRIx32 ")", code, code);
        return STATUS_GUEST_FAILED;
    case RUN_IDLE:
        *kind = "idle";
        if (say)
            report("the guest is idle for ever: at P %08" PRIx32
                   " it waits, the timer is off, and no "
                   "more input comes",
                   m->s.P);
        return STATUS_GUEST_FAILED;
    case RUN_CHECK_STOP:
        *kind = "check-stop";
        if (r->gdb.changed) // then the run from reset is another one
            post_mortem_look(&r->post_mortem, m, r->result);
        else if (!post_mortem(&r->post_mortem, &r->g, r->result, &f))
            report_warning("the last instructions cannot be shown: %s", f.text);
        if (say) post_mortem_print(stderr, &r->post_mortem);
        return STATUS_GUEST_FAILED;
    case RUN_LIMIT:
        *kind = signals_stop != 0 ? "interrupted" : r->gdb.killed ? "killed" : "limit";
        if (say)
            report("%s after %" PRIu64 " instructions, at P %08" PRIx32,
                   signals_stop != 0 ? "interrupted"
                   : r->gdb.killed   ? "killed by the debugger"
                                     : "stopped by --max-steps",
                   m->completed, m->s.P);
        return STATUS_LIMIT;
    default: panic("the machine came back for reason %d", r->result.reason);
    }
}

static void print_json(const struct run *r, const char *guest, const char *kind, int status)
{
    const bool halted = r->result.reason == RUN_STOP;
    const json_int_t count =
        (json_int_t)r->statistics.instructions + (json_int_t)r->statistics.idle;
    const bool checked = r->result.reason == RUN_CHECK_STOP;
    json_t *root =
        json_pack("{ss ss ss ss si sI ss si so* sI sI so* so*}", "schema", "trapeze/vmm-run/1",
                  "guest", guest, "engine", r->g.tower.hardware.engine->name, "monitor",
                  monitor_name(NULL, r->o.monitor), "depth", (int)r->g.tower.depth, "memory",
                  (json_int_t)r->g.m->s.memory_size, "outcome", kind, "status", status, "code",
                  halted ? json_integer(r->result.value) : NULL, "instructions",
                  (json_int_t)r->statistics.instructions, "count", count, "check_stop",
                  checked ? post_mortem_json(&r->post_mortem) : NULL, "statistics",
                  r->o.stats ? statistics_json(&r->statistics) : NULL);

    if (root == NULL || json_dumpf(root, stdout, JSON_INDENT(2)) != 0)
        panic("the outcome cannot be written as JSON");
    putchar('\n');
    json_decref(root);
}

static bool consistent_for_several(const struct options *o, struct failure *f)
{
    if (o->monitor == 0)
        return fail(f, "several guests need a monitor; choose one with --monitor NAME, or run them "
                       "one by one");
    if (o->record != NULL || o->replay != NULL)
        return fail(f, "--record and --replay are for one guest: whose input comes when depends on "
                       "one virtual time");
    if (o->gdb != NO_PORT) return fail(f, "--gdb debugs one guest; run the others by themselves");
    return true;
}

static int several(const struct options *o, char **paths, size_t n)
{
    struct failure f;

    if (o->isa != NULL && !isa_use(o->isa, &f)) {
        report_failure(&f);
        return STATUS_USAGE;
    }
    const struct run_several s = {.engine = engine_of(o),
                                  .monitor = monitor_named(o->monitor),
                                  .depth = o->depth,
                                  .max_steps = o->max_steps,
                                  .memory = o->memory,
                                  .disks = o->disks,
                                  .snapshot = o->snapshot,
                                  .stats = o->stats,
                                  .json = o->json};
    return run_several(&s, paths, n);
}

int command_run(int argc, char **argv)
{
    static struct run r;
    struct failure f;
    const char *kind = NULL;

    if (described_is_meant(argc, argv)) return described_command_run(argc, argv, table, OPTIONS);
    r.o = (struct options){.max_steps = UINT64_MAX, .depth = 1, .gdb = NO_PORT};
    r.listening = -1;
    const bool parsed = options_parse(table, OPTIONS, &r.o, &argc, argv, &f);
    color_set((enum color)r.o.color);
    if (parsed && r.o.help) return help();
    if (parsed && r.o.version) {
        puts("vmm (Trapeze) " TRAPEZE_VERSION);
        return STATUS_DONE;
    }
    if (parsed && argc == 0) fail(&f, "expected a guest: vmm run GUEST.elf");
    if (!parsed || argc == 0 || !consistent(&r.o, &f) ||
        (argc > 1 && !consistent_for_several(&r.o, &f))) {
        report_failure(&f);
        fputs("vmm: see vmm run --help\n", stderr);
        return STATUS_USAGE;
    }
    if (argc > 1) return several(&r.o, argv, (size_t)argc);
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
    if (r.o.stats && !r.o.json) statistics_print(stderr, &r.statistics);
    if (signals_stop != 0) signals_end();
    guest_close(&r.g);
    return status;
}
