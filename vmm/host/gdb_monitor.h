// SPDX-License-Identifier: MIT
// gdb's `monitor` commands: what the protocol has no packets for.
#ifndef TRAPEZE_VMM_HOST_GDB_MONITOR_H
#define TRAPEZE_VMM_HOST_GDB_MONITOR_H

#include <stdio.h>

#include "vmm/host/debugger.h"

// Does `line`, a command with its arguments, and writes what it has to say to `out`: a mistake too.
void gdb_monitor(struct debugger *d, const char *line, FILE *out);

#endif
