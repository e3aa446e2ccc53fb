// SPDX-License-Identifier: MIT
// The part of `check` that --vtx asks for.
#ifndef TRAPEZE_ISA_COMMAND_CHECK_VTX_H
#define TRAPEZE_ISA_COMMAND_CHECK_VTX_H

#include "isa-analyzer/command/command.h"
#include "isa-analyzer/vtx/vtx.h"

struct vtx_files {
    struct arena *arena;
    struct vtx_rules *rules;
    struct vtx_controls *controls;
};

// Prints what becomes of each instruction, what escapes, and what each needed control is for.
void print_vtx(const struct options *o, const struct vtx_files *v, const struct vtx_judgement *j);

// The exit status that --require exact asks for.
int required_vtx(const struct options *o, const struct vtx_judgement *j);

#endif
