// SPDX-License-Identifier: MIT
// The engines that a user may choose by name.
#ifndef TRAPEZE_VMM_HOST_ENGINES_H
#define TRAPEZE_VMM_HOST_ENGINES_H

#include "vmm/machine/hardware.h"

// In the order of --help; the first is the default. Null after the last.
extern const struct engine *const engines[];

// The i-th one's name; null after the last. `list` is not looked at: this is a word_list.
const char *engine_name(const void *list, size_t i);

#endif
