// SPDX-License-Identifier: MIT
// How the host's parts tell their caller what went wrong: a sentence for the user. Printing it is
// the command's affair (diagnostics.h).
#ifndef TRAPEZE_VMM_HOST_FAILURE_H
#define TRAPEZE_VMM_HOST_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

struct failure {
    // What was found, what was expected, what to do; no newline at the end. Where `located`, a
    // whole diagnostic of the form FILE:LINE:COLUMN: error: ..., with the line and a caret.
    char text[768];
    bool located;
};

// Sets the text, shortened where it is too long. Always false, so that callers can return it.
__attribute__((format(printf, 2, 3))) bool fail(struct failure *f, const char *format, ...);

// The same for a place in a text file: `line`, without its newline, is number `number`, from 1;
// the fault is at its character `column`, from 0. Characters that do not print appear as '?'.
__attribute__((format(printf, 6, 7))) bool fail_at(struct failure *f, const char *file,
                                                   size_t number, const char *line, size_t column,
                                                   const char *format, ...);

#endif
