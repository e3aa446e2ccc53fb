// SPDX-License-Identifier: MIT
// The command `isa-analyzer`: calls the command that its first argument names.
#include "isa-analyzer/command/command.h"

#include <string.h>

struct command {
    const char *name;
    int (*run)(const struct options *o); // returns the exit status
};

static const struct command commands[] = {
    {"check", command_check},
    {"explain", command_explain},
    {"replay", command_replay},
    {"emit", command_emit},
    {"redpill", command_redpill},
    {"repair", command_repair},
    {"certify", command_certify},
    {"probe", command_probe},
};

int main(int argc, char **argv)
{
    struct options o;
    int const status = options_read(&o, argc, argv);
    if (status >= 0) return status;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, o.words[0]) == 0) return commands[i].run(&o);
    return usage("there is no command", o.words[0]);
}
