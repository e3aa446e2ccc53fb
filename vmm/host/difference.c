// SPDX-License-Identifier: MIT
// Comparing two machines, member by member. Which members the processor has is read from its
// description's table.

#include "vmm/host/difference.h"

#include <inttypes.h>
#include <stdio.h>

bool values_differ(struct difference_found *d, const char *what, uint64_t a, uint64_t b)
{
    if (a == b) return false;
    snprintf(d->what, sizeof d->what, "%s", what);
    d->a = a;
    d->b = b;
    return true;
}

static uint64_t element(const struct pg32 *s, const struct pg32_component *c, unsigned i)
{
    const uint8_t *at = (const uint8_t *)s + c->offset + (size_t)i * c->size;
    uint32_t word;

    if (c->size == 1) return *at;
    memcpy(&word, at, sizeof word);
    return word;
}

static bool processors(const struct pg32 *a, const struct pg32 *b, struct difference_found *d)
{
    for (size_t k = 0; k < PG32_components_n; k++) {
        const struct pg32_component *c = &pg32_components[k];
        const bool x = c->offset == offsetof(struct pg32, x);
        for (unsigned i = 0; i < c->count; i++)
            if (values_differ(d, x ? pg32_x_names[i] : c->name, element(a, c, i), element(b, c, i)))
                return true;
    }
    return false;
}

static bool times(const struct machine *a, const struct machine *b, struct difference_found *d)
{
    char what[64];

    if (values_differ(d, "count", a->count, b->count)) return true;
    if (values_differ(d, "instructions completed", a->completed, b->completed)) return true;
    for (int k = 0; k < PG32_traps; k++) {
        snprintf(what, sizeof what, "%s traps", pg32_trap_names[k]);
        if (values_differ(d, what, a->traps[k], b->traps[k])) return true;
    }
    return false;
}

static bool bytes(const char *what, const uint8_t *a, const uint8_t *b, size_t n,
                  struct difference_found *d)
{
    char place[40];
    size_t at = 0;

    if (n == 0 || memcmp(a, b, n) == 0) return false;
    while (a[at] == b[at]) at++;
    snprintf(place, sizeof place, "%s at %08zx", what, at);
    return values_differ(d, place, a[at], b[at]);
}

static bool peripherals(const struct devices *a, const struct devices *b,
                        struct difference_found *d)
{
    return values_differ(d, "console bytes read", a->arrivals_next, b->arrivals_next) ||
           values_differ(d, "disk sector", a->sector, b->sector) ||
           values_differ(d, "disk index", a->index, b->index) ||
           values_differ(d, "disk status", a->status, b->status) ||
           bytes("disk buffer", a->buffer, b->buffer, sizeof a->buffer, d) ||
           (a->disk != NULL && b->disk != NULL &&
            bytes("disk", a->disk, b->disk, (size_t)a->sectors * SECTOR_SIZE, d));
}

bool machines_differ(const struct machine *a, const struct machine *b, struct difference_found *d)
{
    return processors(&a->s, &b->s, d) || times(a, b, d) ||
           peripherals(&a->devices, &b->devices, d) ||
           bytes("memory", a->s.E, b->s.E, a->s.memory_size, d);
}
