// SPDX-License-Identifier: MIT
// The table of engines, and the names of both.

#include "vmm/host/engines.h"
#include "vmm/host/reference.h"

const struct engine *const engines[] = {&engine_threaded, &engine_switch, &engine_reference, NULL};

const char *engine_name(const void *list, size_t i)
{
    (void)list;
    return engines[i] != NULL ? engines[i]->name : NULL;
}

const char *monitor_name(const void *list, size_t i)
{
    (void)list;
    if (i == 0) return "none";
    return monitors[i - 1] != NULL ? monitors[i - 1]->name : NULL;
}

const struct monitor *monitor_named(size_t i)
{
    return i == 0 ? NULL : monitors[i - 1];
}
