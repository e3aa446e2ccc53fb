// SPDX-License-Identifier: MIT
// `vmm step`: its options, and whether it is a terminal that commands come from.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/engines.h"
#include "vmm/host/isa.h"
#include "vmm/host/options.h"
#include "vmm/host/reference.h"
#include "vmm/host/signals.h"
#include "vmm/host/step_screen.h"
#include "vmm/host/step_terminal.h"

struct options {
    size_t monitor;
    uint64_t depth;
    uint32_t memory;
    const char *isa, *disk, *replay;
    bool help, version;
};

#define AT(member) offsetof(struct options, member)
static const struct option table[] = {
    {"isa", "FILE", OPTION_TEXT, AT(isa), NULL,
     "follow this description, which extends pg32.isa by instructions"},
    {"monitor", "NAME", OPTION_CHOICE, AT(monitor), monitor_name,
     "run the guest in a virtual machine, under this monitor; by default on the bare machine"},
    {"depth", "N", OPTION_COUNT, AT(depth), NULL,
     "so many monitors, each in the virtual machine of the one below; 1 by default"},
    {"memory", "SIZE", OPTION_MEMORY, AT(memory), NULL,
     "the machine's memory: bytes, or with K, M or G; a multiple of 4K; by default what the guest "
     "asks for in its file, or else 16M"},
    {"disk", "FILE", OPTION_TEXT, AT(disk), NULL, "the disk's image, which stays as it is"},
    {"replay", "FILE", OPTION_TEXT, AT(replay), NULL,
     "take the console input from FILE, which vmm run --record wrote; else there is what the "
     "command `type` says"},
    {"help", NULL, OPTION_FLAG, AT(help), NULL, "print this"},
    {"version", NULL, OPTION_FLAG, AT(version), NULL, "print the version"},
};
#undef AT

enum { OPTIONS = sizeof table / sizeof table[0] };

static int help(void)
{
    puts("Usage: vmm step [OPTION]... GUEST.elf\n\n"
         "Runs GUEST.elf step by step, forward and backward, and shows its state. On a terminal\n"
         "it draws a screen, and keys are commands; otherwise it reads commands from standard\n"
         "input, a line each.\n");
    options_help(stdout, table, OPTIONS);
    puts("\nKeys:");
    step_terminal_help(stdout);
    puts("\nCommands:");
    stepper_help(stdout);
    puts("\nExit status: 0 done; 2 wrong usage, unreadable input, or a command was wrong;\n"
         "64 a fault of vmm.");
    return STATUS_DONE;
}

static bool consistent(const struct options *o, struct failure *f)
{
    if (o->depth == 0)
        return fail(f, "--depth counts monitors, from 1; for the bare machine: --monitor none");
    if (o->depth > 1 && o->monitor == 0)
        return fail(f, "--depth is about monitors; choose one with --monitor NAME");
    return true;
}

static bool open_guest(struct guest *g, const struct options *o, const char *path,
                       struct failure *f)
{
    g->input.fd = g->disk.fd = -1;
    if (o->isa != NULL && !isa_use(o->isa, f)) return false;
    if (o->disk != NULL && !disk_open(&g->disk, o->disk, true, f)) return false;
    if (o->replay != NULL && !input_replay(&g->input, o->replay, f)) return false;
    return guest_open(g, path, o->memory, isa_is_evaluated() ? &engine_reference : &engine_switch,
                      monitor_named(o->monitor), o->monitor != 0 ? o->depth : 0, f);
}

// Commands from a file or a pipe; # begins a comment.
static bool read_commands(struct stepper *s, struct failure *f)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n;

    stepper_line(s, stdout);
    while (!s->quit && signals_stop == 0 && (n = getline(&line, &size, stdin)) >= 0) {
        if (n > 0 && line[n - 1] == '\n') line[n - 1] = '\0';
        if (line[0] != '#') stepper_do(s, line, stdout);
        fflush(stdout);
    }
    free(line);
    return !ferror(stdout) || fail(f, "standard output cannot be written");
}

static bool step(struct stepper *s, struct guest *g, struct failure *f)
{
    if (!stepper_open(s, g, f)) return false;
    signals_install();
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) return step_terminal(s, f);
    return read_commands(s, f);
}

int command_step(int argc, char **argv)
{
    static struct guest g;
    static struct stepper s; // large
    struct options o = {.depth = 1};
    struct failure f;

    const bool parsed = options_parse(table, OPTIONS, &o, &argc, argv, &f);
    if (parsed && o.help) return help();
    if (parsed && o.version) {
        puts("vmm (Trapeze) " TRAPEZE_VERSION);
        return STATUS_DONE;
    }
    if (parsed && argc != 1) fail(&f, "expected one guest: vmm step GUEST.elf");
    if (!parsed || argc != 1 || !consistent(&o, &f)) {
        report_failure(&f);
        fputs("vmm: see vmm step --help\n", stderr);
        return STATUS_USAGE;
    }
    const bool good = open_guest(&g, &o, argv[0], &f) && step(&s, &g, &f);
    if (!good) report_failure(&f);
    stepper_close(&s);
    guest_close(&g);
    if (signals_stop != 0) signals_end();
    return !good || (s.wrong && !s.on_screen) ? STATUS_USAGE : STATUS_DONE;
}
