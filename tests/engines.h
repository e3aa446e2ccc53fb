// SPDX-License-Identifier: MIT
// The engines that tests run everything on.
#ifndef TRAPEZE_TESTS_ENGINES_H
#define TRAPEZE_TESTS_ENGINES_H

#include "vmm/machine/machine.h"
#if __has_include("vmm/host/reference.h")
#include "vmm/host/reference.h"
#define ENGINE_REFERENCE &engine_reference,
#else
#define ENGINE_REFERENCE
#endif

static const struct engine *const tested_engines[] = {&engine_switch, &engine_threaded,
                                                      ENGINE_REFERENCE};

enum { TESTED_ENGINES = sizeof tested_engines / sizeof tested_engines[0] };

#endif
