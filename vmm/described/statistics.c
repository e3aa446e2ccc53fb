// SPDX-License-Identifier: MIT
// Counters as long as the description's lists.

#include "vmm/described/statistics.h"

#include <stdlib.h>

#include "vmm/host/diagnostics.h"

static uint64_t *counters(unsigned n)
{
    uint64_t *c = calloc(n + 1, sizeof *c);

    if (c == NULL) panic("no host memory for a monitor");
    return c;
}

void described_statistics_init(struct described_statistics *s, const struct description *d)
{
    *s = (struct described_statistics){.emulated = counters(d->instructions.n),
                                       .traps = counters(d->traps.n),
                                       .violations = counters(d->components.n)};
}

void described_statistics_reset(struct described_statistics *s, const struct description *d)
{
    described_statistics_free(s);
    described_statistics_init(s, d);
}

void described_statistics_free(struct described_statistics *s)
{
    free(s->emulated);
    free(s->traps);
    free(s->violations);
    *s = (struct described_statistics){0};
}

static uint64_t sum(const uint64_t *n, unsigned size)
{
    uint64_t total = 0;

    for (unsigned k = 0; k < size; k++) total += n[k];
    return total;
}

uint64_t described_emulated(const struct described_statistics *s, const struct description *d)
{
    return sum(s->emulated, d->instructions.n);
}

uint64_t described_traps(const struct described_statistics *s, const struct description *d)
{
    return sum(s->traps, d->traps.n);
}

uint64_t described_violations(const struct described_statistics *s, const struct description *d)
{
    return sum(s->violations, d->components.n + 1);
}

const char *described_control_name(const struct description *d, unsigned place)
{
    const struct component *x = place < d->components.n ? d->components.items[place] : NULL;

    return x != NULL ? x->name : "processor";
}
