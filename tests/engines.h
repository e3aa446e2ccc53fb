// SPDX-License-Identifier: MIT
// The engines that tests run everything on.
#ifndef TRAPEZE_TESTS_ENGINES_H
#define TRAPEZE_TESTS_ENGINES_H

#include "vmm/host/reference.h"
#include "vmm/machine/hardware.h"

static const struct engine *const tested_engines[] = {&engine_switch, &engine_threaded,
                                                      &engine_reference};

enum { TESTED_ENGINES = sizeof tested_engines / sizeof tested_engines[0] };

#endif
