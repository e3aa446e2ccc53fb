// SPDX-License-Identifier: MIT
// Setting the bare machine up, running it in slices, and taking it back to its beginning.

#define _DEFAULT_SOURCE
#include "vmm/host/bare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/file.h"
#include "vmm/host/numbers.h"
#include "vmm/host/signals.h"

// Stands before devices_write: what the disk is about to lose is kept, and things are counted.
static void port_write(void *devices, uint32_t number, uint32_t value)
{
    struct bare *b = (struct bare *)((char *)devices - offsetof(struct bare, m.devices));
    struct devices *d = devices;

    b->port.written = true;
    b->port.number = number;
    b->port.value = value;
    if (number == PORT_DISK_COMMAND && value == DISK_WRITE) disk_keep(&b->disk, d->sector);
    devices_write(d, number, value);
    if (number == PORT_DISK_COMMAND && d->status == DISK_DONE) {
        b->disk_reads += value == DISK_READ;
        b->disk_writes += value == DISK_WRITE;
    }
}

static void *zeroed(size_t size, void *at)
{
    void *memory =
        mmap(at, size, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at != NULL ? MAP_FIXED : 0), -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

static bool load(struct bare *b, struct failure *f)
{
    struct failure why;

    return elf_load(b->image, b->image_size, b->memory, b->memory_size, &b->loaded, &why) ||
           fail(f, "%s: %s", b->name, why.text);
}

static void attach(struct bare *b)
{
    struct devices *d = &b->m.devices;

    d->arrivals = b->input.arrivals;
    d->arrivals_n = b->input.n;
    d->live = b->input.fd >= 0;
    d->put = console_put;
    d->context = &b->console;
    d->disk = b->disk.bytes;
    d->sectors = b->disk.sectors;
    d->disk_read_only = b->disk.read_only;
}

bool bare_open(struct bare *b, const char *path, uint32_t memory_size, const struct engine *e,
               struct failure *f)
{
    b->name = path;
    if (!file_read(path, &b->image, &b->image_size, f)) return false;
    b->memory_size = memory_size;
    b->engine_memory_size = machine_engine_memory(memory_size);
    b->memory = zeroed(memory_size, NULL);
    b->engine_memory = zeroed(b->engine_memory_size, NULL);
    if (b->memory == NULL || b->engine_memory == NULL)
        return fail(f, "cannot get %s of memory for the machine: %s; try a smaller --memory",
                    memory_text(memory_size).text, strerror(errno));
    machine_init(&b->m, b->memory, memory_size, e, b->engine_memory, b->engine_memory_size);
    if (b->m.engine != e) panic("the engine %s was refused", e->name);
    b->m.s.port_write = port_write;
    if (!load(b, f)) return false;
    machine_reset(&b->m, b->loaded.entry);
    return true;
}

bool bare_rewind(struct bare *b, struct failure *f)
{
    if (zeroed(b->memory_size, b->memory) == NULL)
        return fail(f, "cannot get memory for the machine a second time: %s", strerror(errno));
    if (!load(b, f) || !disk_rewind(&b->disk, f)) return false;
    b->console.out = NULL;
    b->input.fd = -1;
    attach(b);
    machine_reset(&b->m, b->loaded.entry);
    return true;
}

struct run_result bare_go(void *context, struct bare *b, uint64_t limit)
{
    (void)context;
    return machine_go(&b->m, limit);
}

// Lets in what has come from outside and out what the guest has written.
static bool exchange(struct bare *b, bool wait, struct failure *f)
{
    const size_t unread = b->input.n - b->m.devices.arrivals_next;
    bool good = true;

    if ((b->input.fd >= 0 || wait) && b->console.out != NULL) fflush(b->console.out);
    if (wait)
        good = input_wait(&b->input, b->m.count, f);
    else if (unread < INPUT_BACKLOG)
        good = input_poll(&b->input, b->m.count, f);
    attach(b);
    return good;
}

bool bare_run(struct bare *b, uint64_t limit, bare_slice *slice, void *context,
              struct run_result *result, struct failure *f)
{
    struct run_result r = {.reason = RUN_LIMIT};

    attach(b);
    while (signals_stop == 0 && b->m.completed < limit) {
        const uint64_t left = limit - b->m.completed;
        r = slice(context, b, left < BARE_SLICE ? left : BARE_SLICE);
        if (r.reason == RUN_TRAP) panic("a trap was left undelivered");
        if (r.reason != RUN_LIMIT && r.reason != RUN_INPUT) break;
        if (!exchange(b, r.reason == RUN_INPUT, f)) return false;
        r.reason = RUN_LIMIT;
    }
    *result = r;
    return true;
}

void bare_close(struct bare *b)
{
    input_close(&b->input);
    disk_close(&b->disk);
    free(b->image);
    if (b->memory != NULL) munmap(b->memory, b->memory_size);
    if (b->engine_memory != NULL) munmap(b->engine_memory, b->engine_memory_size);
}
