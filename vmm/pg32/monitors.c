// SPDX-License-Identifier: MIT
// What the monitors for PG32 differ in.

#include "vmm/pg32/monitors.h"

enum { SUPERVISOR, USER }; // PG32's M

const struct monitor monitor_interpret = {"interpret", {[SUPERVISOR] = false, [USER] = false}};
const struct monitor monitor_trap = {"trap", {[SUPERVISOR] = true, [USER] = true}};
const struct monitor monitor_hybrid = {"hybrid", {[SUPERVISOR] = false, [USER] = true}};

const struct monitor *const monitors[] = {&monitor_interpret, &monitor_trap, &monitor_hybrid,
                                          NULL};
