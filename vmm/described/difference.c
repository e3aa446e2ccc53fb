// SPDX-License-Identifier: MIT
// Comparing two machines, component by component. Which ones there are is read from the
// description.

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "vmm/described/comparison.h"

static bool elements(const struct described *a, const struct described *b,
                     struct difference_found *d)
{
    const struct component *x;
    char what[64];

    LIST_EACH(x, a->s.m->components)
    for (uint64_t k = 0; a->s.elements[x_i] != NULL && k < x->count; k++) {
        const char *name = k < x->names.n ? x->names.items[k] : x->name;
        if (x->array && k >= x->names.n)
            snprintf(what, sizeof what, "%.30s[%" PRIu64 "]", name, k);
        else
            snprintf(what, sizeof what, "%.60s", name);
        if (values_differ(d, what, concrete_get(&a->s, x, k), concrete_get(&b->s, x, k)))
            return true;
    }
    return false;
}

static bool times(const struct described *a, const struct described *b, struct difference_found *d)
{
    const struct trap_cause *x;
    char what[64];

    if (values_differ(d, "count", a->count, b->count)) return true;
    if (values_differ(d, "instructions completed", a->completed, b->completed)) return true;
    LIST_EACH(x, a->s.m->traps)
    {
        snprintf(what, sizeof what, "%.50s traps", x->name);
        if (values_differ(d, what, a->traps[x_i], b->traps[x_i])) return true;
    }
    return false;
}

static bool peripherals(const struct devices *a, const struct devices *b,
                        struct difference_found *d)
{
    return values_differ(d, "console bytes read", a->arrivals_next, b->arrivals_next) ||
           values_differ(d, "disk sector", a->sector, b->sector) ||
           values_differ(d, "disk index", a->index, b->index) ||
           values_differ(d, "disk status", a->status, b->status) ||
           values_differ(d, "disk buffer", 0, memcmp(a->buffer, b->buffer, sizeof a->buffer) != 0);
}

static bool memory(const struct described *a, const struct described *b, struct difference_found *d)
{
    const uint64_t cells = a->s.cells_n;
    char what[64];

    if (memcmp(a->s.cells, b->s.cells, cells * concrete_cell_size(a->s.m->memory)) == 0)
        return false;
    for (uint64_t at = 0; at < cells; at++) {
        snprintf(what, sizeof what, "memory at %" PRIx64, at);
        if (values_differ(d, what, (uint64_t)concrete_load(&a->s, at, 1),
                          (uint64_t)concrete_load(&b->s, at, 1)))
            return true;
    }
    return false;
}

bool described_differ(const struct described *a, const struct described *b,
                      struct difference_found *d)
{
    return elements(a, b, d) || times(a, b, d) || peripherals(&a->devices, &b->devices, d) ||
           memory(a, b, d);
}
