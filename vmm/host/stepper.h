// SPDX-License-Identifier: MIT
// The commands of `vmm step`: a line each, done on a guest that is being debugged. How the state is
// shown is in step_screen.h, on a terminal in step_terminal.h.
#ifndef TRAPEZE_VMM_HOST_STEPPER_H
#define TRAPEZE_VMM_HOST_STEPPER_H

#include <stdio.h>

#include "vmm/host/debugger.h"

struct stepper {
    struct debugger d;
    struct pg32 before; // the processor before the last command that moved the guest
    struct stop stop;   // what ended it
    char *console;      // all that the guest has written, in a stream of memory
    size_t console_n;
    FILE *console_out;
    uint64_t console_shown; // of it, in lines
    bool on_screen;         // the state is shown anyway: what moves says only why it stopped
    bool wrong;             // a command had a mistake
    bool quit;
};

// *s was zeroed; `g` is open and reset, on an engine as debugger_open wants it. The console's
// output is kept, and not printed. stepper_close also where this fails.
bool stepper_open(struct stepper *s, struct guest *g, struct failure *f);
void stepper_close(struct stepper *s);

// Does a command and writes to `out` what it has to say, a mistake too. SIGINT ends what it does.
void stepper_do(struct stepper *s, const char *line, FILE *out);

// The same with what it says as a text, the caller's.
char *stepper_answer(struct stepper *s, const char *line);

// A line for each command.
void stepper_help(FILE *out);

#endif
