// SPDX-License-Identifier: MIT
// Command lines as tables: one row an option, from which it is parsed and --help is written.
// Which options there are is said beside each subcommand.
#ifndef TRAPEZE_VMM_HOST_OPTIONS_H
#define TRAPEZE_VMM_HOST_OPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "vmm/host/failure.h"
#include "vmm/host/nearest.h"

enum option_kind {
    OPTION_FLAG,   // no argument; sets a bool
    OPTION_TEXT,   // any text; sets a const char *, which points into argv
    OPTION_LIST,   // the same, each time it is given: appends to a struct option_list
    OPTION_COUNT,  // 0 to 2^64 - 1, decimal or 0x...; sets a uint64_t
    OPTION_MEMORY, // bytes of PG32 memory; sets a uint32_t
    OPTION_CHOICE, // one of `choices`; sets a size_t: which
};

enum { OPTION_LIST_MOST = 64 };

struct option_list {
    const char *texts[OPTION_LIST_MOST];
    size_t n;
};

struct option {
    const char *name;     // without the dashes
    const char *argument; // what --help calls it; null for a flag
    enum option_kind kind;
    size_t offset; // of the member that it sets
    word_list *choices;
    const char *help; // one or two sentences, without the choices
};

// Parses argv[0 .. *argc) by `n` rows into the structure at `into`; options may stand anywhere
// before "--"; the last of one name counts, unless it makes a list. What is not an option moves to
// the front of argv, and *argc becomes its number. False where something is wrong.
bool options_parse(const struct option *table, size_t n, void *into, int *argc, char **argv,
                   struct failure *f);

// --help's part on the options: two columns.
void options_help(FILE *out, const struct option *table, size_t n);

#endif
