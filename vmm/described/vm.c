// SPDX-License-Identifier: MIT
// The monitor's loop: direct execution and dispatch, or interpretation.

#include "vmm/described/vm.h"

#include "vmm/described/allocator.h"
#include "vmm/described/dispatcher.h"
#include "vmm/described/routines.h"

static struct described_vm *vm_of(struct described *m)
{
    _Static_assert(offsetof(struct described_vm, m) == 0,
                   "a virtual machine starts with its machine");
    return (struct described_vm *)m;
}

static struct described_result run(struct described *m, uint64_t limit)
{
    struct described_vm *v = vm_of(m);
    const uint64_t target = m->completed + limit; // may wrap around, and then still holds
    struct described_result r = {.reason = RUN_LIMIT};

    while (m->completed != target && r.reason == RUN_LIMIT) {
        if (!v->monitor->direct[described_is_user(m)]) {
            r = described_interpret(v);
            continue;
        }
        r = described_run_direct(v, target - m->completed);
        if (r.reason == RUN_TRAP) r = described_dispatch(v, r);
    }
    return r;
}

static void reset(struct described *m)
{
    described_statistics_reset(&vm_of(m)->statistics, m->s.m);
}

static const struct described_ops ops = {run, reset};

void described_vm_init(struct described_vm *v, const struct monitor *monitor,
                       struct described *host, uint64_t start, uint64_t size)
{
    const struct description *d = host->s.m;
    char *cells = host->s.cells;

    described_init(&v->m, d, &ops, cells + start * concrete_cell_size(d->memory), size);
    v->monitor = monitor;
    described_statistics_init(&v->statistics, d);
    described_give(v, host, start);
}

void described_vm_free(struct described_vm *v)
{
    if (v->m.s.m == NULL) return;
    concrete_free(&v->shadow);
    described_statistics_free(&v->statistics);
    described_free(&v->m);
}
