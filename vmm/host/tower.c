// SPDX-License-Identifier: MIT
// Getting memory for a tower, and stacking its machines.

#define _DEFAULT_SOURCE
#include "vmm/host/tower.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/isa.h"
#include "vmm/host/numbers.h"
#include "vmm/host/reference.h"

static void *zeroed(size_t size, void *at)
{
    void *memory =
        mmap(at, size, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at != NULL ? MAP_FIXED : 0), -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

static bool get_memory(struct tower *t, uint64_t depth, uint32_t size, struct failure *f)
{
    t->engine_memory_size = hardware_engine_memory(t->memory_size);
    t->memory = zeroed(t->memory_size, NULL);
    t->engine_memory = zeroed(t->engine_memory_size, NULL);
    t->vms = calloc(depth != 0 ? depth : 1, sizeof *t->vms);
    if (t->memory != NULL && t->engine_memory != NULL && t->vms != NULL) return true;
    return fail(f, "cannot get %s of memory for the machine: %s; try a smaller --memory",
                memory_text(size).text, strerror(errno));
}

bool tower_open(struct tower *t, const struct engine *e, const struct monitor *monitor,
                uint64_t depth, uint32_t share, uint32_t memory_size, struct failure *f)
{
    const uint64_t most = (PG32_MEMORY_MOST - memory_size) / share;

    *t = (struct tower){0};
    if (depth > most)
        return fail(f,
                    "--depth %" PRIu64 " is too deep: with %s for the guest and %s for each "
                    "monitor, the memory of a PG32 machine is enough for depth %" PRIu64,
                    depth, memory_text(memory_size).text, memory_text(share).text, most);
    t->memory_size = memory_size + (uint32_t)depth * share;
    if (!get_memory(t, depth, memory_size, f)) return false;
    hardware_init(&t->hardware, t->memory, t->memory_size, e, t->engine_memory,
                  t->engine_memory_size);
    if (t->hardware.engine != e) panic("the engine %s was refused", e->name);
    t->top = &t->hardware.m;
    for (; t->depth < depth; t->depth++) {
        struct vm *v = &t->vms[t->depth];
        if (!vm_init(v, monitor, t->top, share / 2, t->top->s.memory_size - share))
            panic("a partition of %" PRIu32 " bytes was refused", t->top->s.memory_size - share);
        if (isa_is_evaluated()) reference_routines(v);
        t->top = &v->m;
    }
    return true;
}

void tower_reset(struct tower *t, uint32_t entry)
{
    machine_reset(&t->hardware.m, entry);
    for (uint32_t k = 0; k < t->depth; k++) machine_reset(&t->vms[k].m, entry);
}

bool tower_clear(struct tower *t)
{
    return zeroed(t->memory_size, t->memory) != NULL;
}

void tower_close(struct tower *t)
{
    if (t->memory != NULL) munmap(t->memory, t->memory_size);
    if (t->engine_memory != NULL) munmap(t->engine_memory, t->engine_memory_size);
    free(t->vms);
    *t = (struct tower){0};
}
