// SPDX-License-Identifier: MIT
// The table of engines.

#include "vmm/host/engines.h"
#include "vmm/host/reference.h"

const struct engine *const engines[] = {&engine_threaded, &engine_switch, &engine_reference, NULL};

const char *engine_name(const void *list, size_t i)
{
    (void)list;
    return engines[i] != NULL ? engines[i]->name : NULL;
}
