// SPDX-License-Identifier: MIT
// Setting a guest and its machine up, running it in slices, and taking it back to its beginning.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/guest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/file.h"
#include "vmm/host/signals.h"

// Stands before devices_write: what the disk is about to lose is kept, and things are counted.
static void port_write(void *devices, uint32_t number, uint32_t value)
{
    struct devices *d = devices;
    struct guest *g = (struct guest *)((char *)d->context - offsetof(struct guest, console));

    g->port.written = true;
    g->port.number = number;
    g->port.value = value;
    if (number == PORT_DISK_COMMAND && value == DISK_WRITE) disk_keep(&g->disk, d->sector);
    devices_write(d, number, value);
    if (number == PORT_DISK_COMMAND && d->status == DISK_DONE) {
        g->disk_reads += value == DISK_READ;
        g->disk_writes += value == DISK_WRITE;
    }
}

static bool load(struct guest *g, struct failure *f)
{
    struct failure why;

    return elf_load(g->image, g->image_size, g->m->s.E, g->m->s.memory_size, &g->loaded, &why) ||
           fail(f, "%s: %s", g->name, why.text);
}

void guest_attach(struct guest *g)
{
    struct devices *d = &g->m->devices;

    d->arrivals = g->input.arrivals;
    d->arrivals_n = g->input.n;
    d->live = g->input.fd >= 0;
    d->put = console_put;
    d->context = &g->console;
    d->disk = g->disk.bytes;
    d->sectors = g->disk.sectors;
    d->disk_read_only = g->disk.read_only;
}

bool guest_read(struct guest *g, const char *path, uint32_t *memory_size, struct failure *f)
{
    struct failure why;

    g->name = path;
    if (!file_read(path, &g->image, &g->image_size, f)) return false;
    return *memory_size != 0 || elf_memory_wanted(g->image, g->image_size, memory_size, &why) ||
           fail(f, "%s: %s", path, why.text);
}

bool guest_place(struct guest *g, struct machine *m, struct failure *f)
{
    g->m = m;
    m->s.port_write = port_write;
    return load(g, f);
}

bool guest_open(struct guest *g, const char *path, uint32_t memory_size, const struct engine *e,
                const struct monitor *monitor, uint64_t depth, struct failure *f)
{
    if (!guest_read(g, path, &memory_size, f) ||
        !tower_open(&g->tower, e, monitor, depth, MONITOR_SHARE, memory_size, f) ||
        !guest_place(g, g->tower.top, f))
        return false;
    tower_reset(&g->tower, g->loaded.entry);
    return true;
}

bool guest_rewind(struct guest *g, struct failure *f)
{
    if (!tower_clear(&g->tower))
        return fail(f, "cannot get memory for the machine a second time: %s", strerror(errno));
    if (!load(g, f) || !disk_rewind(&g->disk, f)) return false;
    g->console = (struct console){.out = NULL};
    g->input.fd = -1;
    guest_attach(g);
    tower_reset(&g->tower, g->loaded.entry);
    return true;
}

struct run_result guest_go(void *context, struct guest *g, uint64_t limit)
{
    (void)context;
    return machine_go(g->m, limit);
}

bool guest_exchange(struct guest *g, bool wait, struct failure *f)
{
    const size_t unread = g->input.n - g->m->devices.arrivals_next;
    bool good = true;

    if ((g->input.fd >= 0 || wait) && g->console.out != NULL) fflush(g->console.out);
    // What ends an idle comes after what led to it, also where that took no time: a trap.
    if (wait)
        good = input_wait(&g->input, g->m->count + 1, f);
    else if (unread < INPUT_BACKLOG)
        good = input_poll(&g->input, g->m->count, f);
    guest_attach(g);
    return good;
}

bool guest_run(struct guest *g, uint64_t limit, guest_slice *slice, void *context,
               struct run_result *result, struct failure *f)
{
    struct run_result r = {.reason = RUN_LIMIT};

    guest_attach(g);
    while (signals_stop == 0 && g->m->completed < limit) {
        const uint64_t left = limit - g->m->completed;
        r = slice(context, g, left < GUEST_SLICE ? left : GUEST_SLICE);
        if (r.reason == RUN_TRAP) panic("a trap was left undelivered");
        if (r.reason != RUN_LIMIT && r.reason != RUN_INPUT) break;
        if (!guest_exchange(g, r.reason == RUN_INPUT, f)) return false;
        r.reason = RUN_LIMIT;
    }
    *result = r;
    return true;
}

void guest_close(struct guest *g)
{
    input_close(&g->input);
    disk_close(&g->disk);
    free(g->image);
    tower_close(&g->tower);
}
