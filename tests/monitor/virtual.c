// SPDX-License-Identifier: MIT
// Setting a tower up with a random guest, running it, looking at all that must not change.

#include "tests/monitor/virtual.h"

#include "vmm/host/difference.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void put(void *context, uint8_t byte)
{
    struct virtual *v = context;

    v->outputs++;
    v->output_hash = (v->output_hash ^ byte) * 0x100000001b3; // FNV-1a
}

static uint8_t pattern(uint32_t at)
{
    return (uint8_t)(at * 0x9e3779b1 >> 24);
}

struct virtual *virtual_new(const struct random_guest *g, const struct engine *e,
                            const struct monitor *monitor, uint32_t depth)
{
    struct virtual *v = calloc(1, sizeof *v);
    struct failure f;

    if (v == NULL || !tower_open(&v->t, e, monitor, depth, SHARE, GUEST_MEMORY, &f)) abort();
    for (uint32_t k = 0; k < v->t.memory_size; k++) v->t.memory[k] = pattern(k);
    memcpy(v->t.top->s.E, g->image, GUEST_MEMORY);
    memcpy(v->disk, g->disk, sizeof v->disk);
    struct devices *d = &v->t.top->devices;
    d->arrivals = g->arrivals;
    d->arrivals_n = GUEST_ARRIVALS;
    d->put = put;
    d->context = v;
    d->disk = v->disk;
    d->sectors = GUEST_SECTORS;
    d->disk_read_only = g->disk_read_only;
    tower_reset(&v->t, g->entry);
    return v;
}

void virtual_free(struct virtual *v)
{
    tower_close(&v->t);
    free(v);
}

bool virtual_run(struct virtual *v, uint64_t limit)
{
    v->last = machine_go(v->t.top, limit);
    return v->last.reason == RUN_LIMIT;
}

bool virtual_kept(const struct virtual *v)
{
    for (uint32_t k = 0; k < v->t.depth; k++)
        if (vm_violations(&v->t.vms[k].statistics) != 0) return false;
    const uint8_t *below = v->t.memory, *above = v->t.top->s.E + GUEST_MEMORY;
    const uint32_t half = v->t.depth * SHARE / 2;
    for (uint32_t k = 0; k < half; k++)
        if (below[k] != pattern(k) || above[k] != pattern(k + half + GUEST_MEMORY)) return false;
    return true;
}

bool virtual_same(const struct virtual *a, const struct virtual *b, FILE *out)
{
    struct difference_found d;

    if (a->last.reason != b->last.reason || a->last.value != b->last.value) {
        if (out != NULL)
            fprintf(out, "ended for reason %d (%" PRIx32 "), not %d (%" PRIx32 ")\n",
                    (int)b->last.reason, b->last.value, (int)a->last.reason, a->last.value);
        return false;
    }
    if (a->outputs != b->outputs || a->output_hash != b->output_hash) {
        if (out != NULL) fprintf(out, "console output differs\n");
        return false;
    }
    if (!machines_differ(a->t.top, b->t.top, &d)) return true;
    if (out != NULL)
        fprintf(out, "%s: %" PRIx64 ", not %" PRIx64 "\n", d.what, d.b, d.a);
    return false;
}
