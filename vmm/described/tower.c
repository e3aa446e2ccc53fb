// SPDX-License-Identifier: MIT
// Getting memory for a tower, and stacking its machines.

#define _DEFAULT_SOURCE
#include "vmm/described/tower.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "vmm/described/allocator.h"

static void *zeroed(uint64_t bytes, void *at)
{
    void *memory =
        mmap(at, bytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at != NULL ? MAP_FIXED : 0), -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

static bool get_memory(struct described_tower *t, const struct description *d, uint64_t depth,
                       uint64_t cells, struct failure *f)
{
    const unsigned cell = concrete_cell_size(d->memory);

    t->vms = calloc(depth + 1, sizeof *t->vms);
    if (t->vms != NULL && cells <= (uint64_t)INT64_MAX / cell) {
        t->bytes = cells * cell;
        t->cells = zeroed(t->bytes, NULL);
    }
    if (t->cells != NULL) return true;
    return fail(
        f, "cannot get %" PRIu64 " cells of memory for the machine: %s; try a smaller --memory",
        cells, strerror(errno));
}

bool described_tower_open(struct described_tower *t, const struct description *d,
                          const struct monitor *monitor, uint64_t depth, uint64_t size,
                          struct failure *f)
{
    *t = (struct described_tower){0};
    if (depth > DESCRIBED_DEPTH_MOST || size > UINT64_MAX - depth * DESCRIBED_SHARE)
        return fail(
            f, "--depth %" PRIu64 " is too deep: at most %d for a machine that --isa describes",
            depth, DESCRIBED_DEPTH_MOST);
    const uint64_t cells = size + depth * DESCRIBED_SHARE;
    if (!described_runs(d, size, f) || (depth > 0 && !described_hosts(d, cells, f))) return false;
    if (!get_memory(t, d, depth, cells, f)) return false;
    described_init(&t->bare, d, &described_bare, t->cells, cells);
    t->top = &t->bare;
    for (; t->depth < depth; t->depth++) {
        struct described_vm *v = &t->vms[t->depth];
        described_vm_init(v, monitor, t->top, DESCRIBED_SHARE / 2,
                          t->top->s.cells_n - DESCRIBED_SHARE);
        t->top = &v->m;
    }
    return true;
}

void described_tower_reset(struct described_tower *t, uint64_t entry)
{
    described_reset(&t->bare, entry);
    for (uint32_t k = 0; k < t->depth; k++) described_reset(&t->vms[k].m, entry);
}

bool described_tower_clear(struct described_tower *t)
{
    return zeroed(t->bytes, t->cells) != NULL;
}

bool described_tower_outside(const struct described_tower *t)
{
    const struct concrete *bare = &t->bare.s;
    const uint64_t start = (uint64_t)t->depth * (DESCRIBED_SHARE / 2);
    const uint64_t end = start + t->top->s.cells_n;

    for (uint64_t at = 0; at < bare->cells_n; at = at + 1 == start ? end : at + 1)
        if ((at < start || at >= end) && concrete_load(bare, at, 1) != 0) return true;
    return false;
}

void described_tower_close(struct described_tower *t)
{
    for (uint32_t k = t->depth; k-- > 0;) described_vm_free(&t->vms[k]);
    described_free(&t->bare);
    if (t->cells != NULL) munmap(t->cells, t->bytes);
    free(t->vms);
    *t = (struct described_tower){0};
}
