// SPDX-License-Identifier: MIT
// The table of engines, and the names of both.

#include "vmm/host/engines.h"

#include <string.h>
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

bool monitors_parse(const char *list, const struct monitor **chosen, struct failure *f)
{
    size_t n = 0;

    for (size_t i = 0; list == NULL && monitors[i] != NULL; i++) chosen[n++] = monitors[i];
    while (list != NULL && *list != '\0') {
        const size_t length = strcspn(list, ",");
        const struct monitor *found = NULL;
        for (size_t i = 0; monitors[i] != NULL && found == NULL; i++)
            if (strlen(monitors[i]->name) == length && !memcmp(monitors[i]->name, list, length))
                found = monitors[i];
        if (found == NULL)
            return fail(f,
                        "--monitor: there is no monitor '%.*s' to compare the bare machine "
                        "with; expected some of interpret,trap,hybrid",
                        (int)length, list);
        for (size_t i = 0; i < n; i++)
            if (chosen[i] == found)
                return fail(f, "--monitor: '%s' is there twice; name it once", found->name);
        chosen[n++] = found;
        list += length + (list[length] == ',');
    }
    chosen[n] = NULL;
    return true;
}
