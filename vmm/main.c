// SPDX-License-Identifier: MIT
// The command `vmm`: which subcommand is meant. What they do is in host/command_*.c.

#include <stdio.h>
#include <string.h>

#include "vmm/host/commands.h"
#include "vmm/host/diagnostics.h"
#include "vmm/host/nearest.h"

static const struct {
    const char *name, *synopsis, *help;
    command *run;
} commands[] = {
    {"run", "run [OPTION]... GUEST.elf", "run a guest program, bare or under a monitor",
     command_run},
    {"compare", "compare [OPTION]... GUEST.elf", "run it bare and under monitors, and compare",
     command_compare},
    {"step", "step [OPTION]... GUEST.elf", "run it step by step, forward and backward",
     command_step},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static const char *command_name(const void *list, size_t i)
{
    (void)list;
    return i < COMMANDS ? commands[i].name : NULL;
}

static const char *word(const void *list, size_t i)
{
    static const char *const options[] = {"--help", "--version", NULL};

    return i < COMMANDS ? command_name(list, i) : options[i - COMMANDS];
}

static int help(void)
{
    puts("Usage: vmm COMMAND [OPTION]... [OPERAND]...\n\n"
         "Runs guest programs on PG32, the simplified third generation machine of Popek and\n"
         "Goldberg (CACM 17(7), 1974).\n\nCommands:");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  vmm %-32s  %s\n", commands[i].synopsis, commands[i].help);
    puts("\n`vmm COMMAND --help` lists a command's options.\n\nOptions:\n"
         "  --help      print this\n"
         "  --version   print the version");
    return STATUS_DONE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_error("expected a command; for example: vmm run GUEST.elf; see vmm --help");
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0) return help();
    if (strcmp(argv[1], "--version") == 0) {
        puts("vmm (Trapeze) " TRAPEZE_VERSION);
        return STATUS_DONE;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0) return commands[i].run(argc - 2, argv + 2);
    print_error("there is no command '%s'; did you mean '%s'? See vmm --help", argv[1],
                nearest(argv[1], word, NULL));
    return STATUS_USAGE;
}
