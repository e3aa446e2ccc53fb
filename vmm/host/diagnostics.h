// SPDX-License-Identifier: MIT
// What the command says on stderr, in colour where that is wanted, and its exit statuses.
#ifndef TRAPEZE_VMM_HOST_DIAGNOSTICS_H
#define TRAPEZE_VMM_HOST_DIAGNOSTICS_H

#include <stdbool.h>
#include <stdio.h>

#include "vmm/host/failure.h"

// DESIGN 6.
enum status {
    STATUS_DONE = 0,
    STATUS_GUEST_FAILED = 1, // halted with a code other than 0, check stop, idle for ever
    STATUS_USAGE = 2,        // or input that cannot be read
    STATUS_LIMIT = 3,        // --max-steps
    STATUS_FAULT = 64,       // a broken invariant of ours
};

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

// COLOR_AUTO, the default: where the stream is a terminal, NO_COLOR is unset or empty, and TERM is
// not "dumb".
void color_set(enum color when);
bool color_on(FILE *stream);

// Escape sequences for use in printf, empty where `stream` is to stay plain.
const char *color_strong(FILE *stream);
const char *color_end(FILE *stream);

// One line on stderr, after what stdout still holds: `vmm: error: ...`, `vmm: warning: ...` and
// `vmm: ...`.
__attribute__((format(printf, 1, 2))) void print_error(const char *format, ...);
__attribute__((format(printf, 1, 2))) void report_warning(const char *format, ...);
__attribute__((format(printf, 1, 2))) void report(const char *format, ...);

// An error whose text is a failure's.
void report_failure(const struct failure *f);

// For a broken invariant of ours: says so, puts the terminal back and exits with STATUS_FAULT.
__attribute__((format(printf, 1, 2))) _Noreturn void panic(const char *format, ...);

#endif
