// SPDX-License-Identifier: MIT
// The stepper on a terminal: the state is drawn, keys and typed commands move.
#ifndef TRAPEZE_VMM_HOST_STEP_TERMINAL_H
#define TRAPEZE_VMM_HOST_STEP_TERMINAL_H

#include "vmm/host/stepper.h"

// Until the user quits, or signals_stop is set; needs signals_install before. The terminal, which
// is standard input and output, is then as it was. False where it is one that cannot be drawn on.
bool step_terminal(struct stepper *s, struct failure *f);

// The keys, a line each.
void step_terminal_help(FILE *out);

#endif
