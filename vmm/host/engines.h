// SPDX-License-Identifier: MIT
// The engines and the monitors that a user may choose by name.
#ifndef TRAPEZE_VMM_HOST_ENGINES_H
#define TRAPEZE_VMM_HOST_ENGINES_H

#include "vmm/host/failure.h"
#include "vmm/machine/hardware.h"
#include "vmm/pg32/monitors.h"

// In the order of --help; the first is the default. Null after the last.
extern const struct engine *const engines[];

// The i-th one's name; null after the last. `list` is not looked at: this is a word_list.
const char *engine_name(const void *list, size_t i);

// The i-th monitor's name, or null; and the monitor, null for the first, "none".
const char *monitor_name(const void *list, size_t i);
const struct monitor *monitor_named(size_t i);

enum { MONITORS_MOST = 8 };

// The monitors of a list "trap,hybrid", or all for null, in chosen[0 .. MONITORS_MOST), with a
// null behind the last one. `none` is none.
bool monitors_parse(const char *list, const struct monitor **chosen, struct failure *f);

#endif
