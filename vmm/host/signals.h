// SPDX-License-Identifier: MIT
// Signals: the user ends the run in good order, and whatever ends it, the terminal is put back.
#ifndef TRAPEZE_VMM_HOST_SIGNALS_H
#define TRAPEZE_VMM_HOST_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

// From now on: the first SIGINT, SIGTERM or SIGHUP sets signals_stop to its number, and it is for
// the command to end soon; a second one ends the process at once. Ctrl-Z suspends with the terminal
// put back, and it is raw again afterwards. Signals of a crash put the terminal back first.
void signals_install(void);

extern volatile sig_atomic_t signals_stop;

// Waits until `fd` has something to read, or its end, or signals_stop is set.
void signals_wait(int fd);

// The same for `n` descriptors, at most SIGNALS_WAIT_MOST, of which negative ones are left out.
enum { SIGNALS_WAIT_MOST = 4 };
void signals_wait_any(const int *fds, size_t n);

// Ends the process by signals_stop's signal, as if it had never been handled.
_Noreturn void signals_end(void);

// Bytes that are mapped from a file, which somebody may cut short: touching what is no longer there
// ends the process with an error and STATUS_USAGE, where it would crash.
void signals_guard(const void *mapped, size_t size);

#endif
