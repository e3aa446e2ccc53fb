// SPDX-License-Identifier: MIT
// The text of a description and the diagnostics about it: file, line, column, the line, a caret.
#ifndef TRAPEZE_ISA_LANGUAGE_SOURCE_H
#define TRAPEZE_ISA_LANGUAGE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "isa-analyzer/language/arena.h"

struct source {
    const char *file; // as the user named it
    const char *text; // zero-terminated; may hold anything, zeros included
    size_t length;    // bytes, at most SOURCE_MAX
};

enum { SOURCE_MAX = 4 * 1024 * 1024 };

// A stretch of a source. `source` is null where something has no place (the command line).
struct span {
    const struct source *source;
    uint32_t at, length; // bytes
};

// Collects diagnostics. All functions may be called with any span; nothing is reported twice at the
// same place.
struct diagnostics {
    FILE *out;  // where they go: stderr, or a test's stream
    bool color; // terminal colours
    unsigned errors;
    unsigned limit; // after so many errors the rest is counted but not shown; 0: 20
    const struct source *last_source;
    uint32_t last_at;
};

// Reports an error. The message says what was found and what was expected, without a final stop.
void report_error(struct diagnostics *d, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Adds to the error just reported: another place that matters ("declared here"), or what to do.
void report_note(struct diagnostics *d, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// The line and column, both from 1, of a place; a column counts bytes.
struct line_column {
    unsigned line, column;
};
struct line_column source_line(struct span where);

// Reads a file into the arena. Returns null and reports (no such file, a directory, too large) if
// it can't. `named_at` is where the file is named, if a source names it.
struct source *source_read(struct arena *a, struct diagnostics *d, const char *file,
                           struct span named_at);

// Wraps a text that is already in memory; neither is copied.
struct source *source_of_text(struct arena *a, const char *file, const char *text, size_t length);

// From the start of `from` to the end of `to`, both of one source.
struct span span_join(struct span from, struct span to);

#endif
