// SPDX-License-Identifier: MIT
// Setting a guest and its machines up, running it in slices, and taking it back to its beginning.

#include "vmm/described/guest.h"

#include <stdlib.h>

#include "vmm/described/image.h"
#include "vmm/host/file.h"
#include "vmm/host/signals.h"

static void attach(struct described_guest *g)
{
    struct devices *d = &g->m->devices;

    d->arrivals = g->input.arrivals;
    d->arrivals_n = g->input.n;
    d->live = g->input.fd >= 0;
    d->put = console_put;
    d->context = &g->console;
}

static bool load(struct described_guest *g, struct failure *f)
{
    if (!image_load(g->m, g->name, g->image, g->image_size, &g->entry, f)) return false;
    described_tower_reset(&g->tower, g->entry);
    return true;
}

bool described_guest_open(struct described_guest *g, const struct description *d, const char *path,
                          const struct monitor *monitor, uint64_t depth, struct failure *f)
{
    const uint64_t size = d->memory != NULL ? (uint64_t)d->memory->size->value : 0;

    g->name = path;
    if (!described_tower_open(&g->tower, d, monitor, depth, size, f)) return false;
    g->m = g->tower.top;
    return file_read(path, &g->image, &g->image_size, f) && load(g, f);
}

bool described_guest_rewind(struct described_guest *g, struct failure *f)
{
    if (!described_tower_clear(&g->tower))
        return fail(f, "cannot get memory for the machine a second time");
    if (!load(g, f)) return false;
    g->console = (struct console){.out = NULL};
    g->input.fd = -1;
    attach(g);
    return true;
}

struct described_result described_guest_go(void *context, struct described_guest *g, uint64_t limit)
{
    (void)context;
    return described_go(g->m, limit);
}

// Lets in what has come from outside and out what the guest has written.
static bool exchange(struct described_guest *g, bool wait, struct failure *f)
{
    const size_t unread = g->input.n - g->m->devices.arrivals_next;
    bool good = true;

    if ((g->input.fd >= 0 || wait) && g->console.out != NULL) fflush(g->console.out);
    if (wait)
        good = input_wait(&g->input, g->m->count, f);
    else if (unread < INPUT_BACKLOG)
        good = input_poll(&g->input, g->m->count, f);
    attach(g);
    return good;
}

bool described_guest_run(struct described_guest *g, uint64_t limit, described_slice *slice,
                         void *context, struct described_result *result, struct failure *f)
{
    struct described_result r = {.reason = RUN_LIMIT};

    attach(g);
    while (signals_stop == 0 && g->m->completed < limit) {
        const uint64_t left = limit - g->m->completed;
        r = slice(context, g, left < DESCRIBED_SLICE ? left : DESCRIBED_SLICE);
        if (r.reason != RUN_LIMIT && r.reason != RUN_INPUT) break;
        if (!exchange(g, r.reason == RUN_INPUT && r.value == 0, f)) return false;
        r = (struct described_result){.reason = RUN_LIMIT};
    }
    *result = r;
    return true;
}

void described_guest_close(struct described_guest *g)
{
    input_close(&g->input);
    free(g->image);
    described_tower_close(&g->tower);
}
