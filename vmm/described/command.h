// SPDX-License-Identifier: MIT
// `vmm run` and `vmm compare` for descriptions that are not PG32 with more instructions: what both
// have in common on the command line.
#ifndef TRAPEZE_VMM_DESCRIBED_COMMAND_H
#define TRAPEZE_VMM_DESCRIBED_COMMAND_H

#include <stdbool.h>

#include "vmm/host/options.h"

struct description;

// Whether the command line names, with --isa, a description that can be read and is for the
// machines of this folder: one that is not just PG32 with more instructions, or that is given a
// parameter with --config. A word "--help" or "--version" makes it false.
bool described_is_meant(int argc, char **argv);

// The commands then. pg32[0 .. n) are the options of the command for PG32, for messages.
int described_command_run(int argc, char **argv, const struct option *pg32, size_t n);
int described_command_compare(int argc, char **argv, const struct option *pg32, size_t n);

// Between the two. As options_parse; an option that only PG32 has is said to be one.
bool described_parse(const struct option *table, size_t n, void *into, int *argc, char **argv,
                     const struct option *pg32, size_t pg32_n, struct failure *f);

#define DESCRIBED_MEMORY UINT64_MAX // as many cells of memory as the description says

// Reads the description and sets its parameters: NAME=VALUE each, and the memory's size where
// `memory` is not DESCRIBED_MEMORY. Mistakes in it are printed. Null where something is wrong.
const struct description *described_read(const char *file, const struct option_list *configs,
                                         uint64_t memory, struct failure *f);

const char *described_color_name(const void *list, size_t i);

#endif
