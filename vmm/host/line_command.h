// SPDX-License-Identifier: MIT
// Commands that a user types, a line each, as tables: one row a command. gdb's `monitor` commands
// and the stepper's are such tables.
#ifndef TRAPEZE_VMM_HOST_LINE_COMMAND_H
#define TRAPEZE_VMM_HOST_LINE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { LINE_WORDS = 8, LINE_MOST = 256 };

struct words {
    int n; // words beyond LINE_WORDS are not there
    char *word[LINE_WORDS];
    const char *rest; // of the line, after the first word and a blank
};

struct line_command {
    const char *name, *shorter; // the latter may be null
    const char *arguments, *help;
    int least, most; // words, with the name; most 0: the rest is one text
    // False where something is wrong, which it has said on `out`.
    bool (*run)(void *context, const struct words *w, FILE *out);
};

// Does `line` by a table of `n` commands; `prefix` stands before them where they are named. False,
// and said on `out`, where there is no such command or its arguments are wrong.
bool line_run(const struct line_command *table, size_t n, const char *prefix, void *context,
              const char *line, FILE *out);

// A line for each command.
void line_help(const struct line_command *table, size_t n, const char *prefix, FILE *out);

// The k-th word as a number from 0 to `most`, decimal or 0x...; *value stays where there is none.
bool word_number(const struct words *w, int k, const char *name, uint64_t most, uint64_t *value,
                 FILE *out);

#endif
