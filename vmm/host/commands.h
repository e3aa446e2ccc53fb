// SPDX-License-Identifier: MIT
// The subcommands of `vmm`, each a file of its own: command_NAME.c. main.c has them in a table.
#ifndef TRAPEZE_VMM_HOST_COMMANDS_H
#define TRAPEZE_VMM_HOST_COMMANDS_H

// argv[0 .. argc) is what follows the subcommand's name. Returns the exit status (diagnostics.h).
typedef int command(int argc, char **argv);

command command_run;
command command_compare;
command command_step;

#endif
