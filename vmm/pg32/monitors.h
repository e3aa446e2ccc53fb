// SPDX-License-Identifier: MIT
// The monitors for PG32.
#ifndef TRAPEZE_VMM_PG32_MONITORS_H
#define TRAPEZE_VMM_PG32_MONITORS_H

#include "vmm/core/vm.h"

extern const struct monitor monitor_interpret; // every instruction in software
extern const struct monitor monitor_trap;      // theorem 1: direct execution in both modes
extern const struct monitor monitor_hybrid;    // theorem 3: in virtual user mode only

// All of them; null after the last.
extern const struct monitor *const monitors[];

#endif
