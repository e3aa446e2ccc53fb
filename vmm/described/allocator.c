// SPDX-License-Identifier: MIT
// Partitions, relocation composed and clipped, everything else lent, and the watch on the host.

#include "vmm/described/allocator.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// ---------------------------------------------------------------- kept and lent

static const struct component *of_role(const struct description *d, enum component_role role)
{
    const struct component *x;

    LIST_EACH(x, d->components)
    if (x->role == role) return x;
    return NULL;
}

static bool is_kept(const struct component *x)
{
    return x->kind == COMPONENT_MODE || x->role == ROLE_BASE || x->role == ROLE_BOUND;
}

// The mode in which the host runs the guest: the virtual one where that is a user mode, else the
// first user mode declared.
static uint64_t real_mode(const struct described *m)
{
    const struct component *mode = m->s.m->mode;
    const struct mode_value *x;

    if (!described_is_user(m)) LIST_EACH(x, mode->modes)
    if (!x->supervisor) return (uint64_t)x->value;
    return concrete_get(&m->s, mode, 0);
}

struct described_relocation described_compose(uint64_t k, uint64_t w, uint64_t l, uint64_t b)
{
    if (l >= w) return (struct described_relocation){k, 0};
    return (struct described_relocation){k + l, b < w - l ? b : w - l};
}

// ---------------------------------------------------------------- what may be given

bool described_runs(const struct description *d, uint64_t size, struct failure *f)
{
    static const enum section_kind needed[] = {SECTION_FETCH, SECTION_UNDEFINED, SECTION_DELIVER};
    const char *file = d->source->file;

    for (size_t k = 0; k < sizeof needed / sizeof needed[0]; k++)
        if (!d->sections[needed[k]].present)
            return fail(f,
                        "--isa: %s: machine %s has no '%s', so it can be analyzed but not run; "
                        "see \"What surrounds an instruction\" in the book",
                        file, d->name, section_names[needed[k]]);
    if (d->counter == NULL || d->memory == NULL || d->mode == NULL)
        return fail(f, "--isa: %s: machine %s has no %s, so it cannot be run", file, d->name,
                    d->counter == NULL  ? "counter"
                    : d->memory == NULL ? "memory"
                                        : "mode");
    if (size == 0 || bits_width(size) > d->memory->size->width)
        return fail(f,
                    "--isa: %s: the memory of machine %s cannot have %" PRIu64
                    " cells, of which each monitor takes %d: '%s', which counts them, has %u bits; "
                    "choose another --memory",
                    file, d->name, size, DESCRIBED_SHARE, d->memory->size->name,
                    d->memory->size->width);
    return true;
}

// What goes on between instructions must not depend on memory, which is the host's there.
static bool clear_of_memory(const struct description *d, const char **what)
{
    const unsigned memory = EFFECT_LOAD | EFFECT_STORE | EFFECT_JUMP;
    const struct interrupt *i;

    *what = "tick";
    if (d->sections[SECTION_TICK].routine.effects & memory) return false;
    *what = "interrupt";
    LIST_EACH(i, d->interrupts) if (i->routine.effects & memory) return false;
    return true;
}

bool described_hosts(const struct description *d, uint64_t size, struct failure *f)
{
    const struct component *l = of_role(d, ROLE_BASE), *b = of_role(d, ROLE_BOUND);
    const char *file = d->source->file, *what;
    const struct translation *t;

    if (l == NULL || b == NULL)
        return fail(f,
                    "--isa: %s: no component of machine %s %s, so no monitor can be made for it: "
                    "it has no base-and-bound relocation, or does not say so",
                    file, d->name, l == NULL ? "is base" : "is bound");
    if (l->array || b->array)
        return fail(f,
                    "--isa: %s: '%s' of machine %s is an array; a monitor composes one base and "
                    "one bound",
                    file, (l->array ? l : b)->name, d->name);
    if (!clear_of_memory(d, &what))
        return fail(f,
                    "--isa: %s: '%s' of machine %s uses memory at a place that is not relocated, "
                    "so no monitor can be made for it",
                    file, what, d->name);
    if (!described_runs(d, size, f)) return false;
    unsigned width = l->width;
    LIST_EACH(t, d->translations)
    if (t->memory == d->memory && t->routine.result_width < width) width = t->routine.result_width;
    if (bits_width(size - 1) <= width) return true;
    return fail(f,
                "--isa: %s: %" PRIu64 " cells, the guest's and %d for each monitor, are more than "
                "the base and the addresses of machine %s reach with %u bits; give the guest less "
                "--memory",
                file, size, DESCRIBED_SHARE, d->name, width);
}

// ---------------------------------------------------------------- the watch

// The virtual machine's count while its host runs at `count`.
static uint64_t virtual_count(const struct described_vm *v, uint64_t count)
{
    return v->m.count + (count - v->host_count);
}

// Counts a violation. The shadow still is in the state before the instruction, but for a tick.
static void violated(struct described_vm *v, unsigned place, const char *what, uint64_t set,
                     uint64_t found)
{
    struct described_violation *first = &v->statistics.first;

    v->statistics.violations[place]++;
    if (first->any) return;
    *first = (struct described_violation){.any = true,
                                          .count = v->m.count,
                                          .P = concrete_get(&v->shadow, v->m.s.m->counter, 0),
                                          .mode = concrete_get(&v->m.s, v->m.s.m->mode, 0),
                                          .set = set,
                                          .found = found};
    snprintf(first->what, sizeof first->what, "%s", what);
    concrete_fetch(&v->shadow, &first->word, &first->width);
}

static void element_violated(struct described_vm *v, const struct component *x, uint64_t k,
                             uint64_t set, uint64_t found)
{
    char what[64];

    if (x->array)
        snprintf(what, sizeof what, "%.24s[%" PRIu64 "]", x->name, k);
    else
        snprintf(what, sizeof what, "%.36s", x->name);
    violated(v, x->ordinal, what, set, found);
}

static bool is_watched(const struct component *x)
{
    return x->kind == COMPONENT_MODE || x->kind == COMPONENT_RESOURCE;
}

// What the instruction that the host has run has made of its resources, against what is left of
// them where instructions do not touch them.
static void check(struct described_vm *v)
{
    const struct component *x;

    LIST_EACH(x, v->m.s.m->components)
    for (uint64_t k = 0; is_watched(x) && k < x->count; k++) {
        const uint64_t set = concrete_get(&v->shadow, x, k);
        const uint64_t found = concrete_get(&v->host->s, x, k);
        if (set != found) element_violated(v, x, k, set, found);
    }
}

// One instruction of the host's, or one trap.
static struct described_result watched(struct described_vm *v)
{
    struct described *host = v->host;
    const uint64_t completed = host->completed, count = host->count;
    const struct component *x;

    v->host_count = count;
    described_look(host);
    LIST_EACH(x, v->m.s.m->components)
    if (v->shadow.elements[x_i] != NULL)
        memcpy(v->shadow.elements[x_i], host->s.elements[x_i], x->count * sizeof(uint64_t));
    const struct described_result r = host->ops->run(host, 1);
    const bool passed = host->count - count == host->completed - completed;
    const bool on = r.reason == RUN_LIMIT || r.reason == RUN_TRAP;
    if (r.reason == RUN_LIMIT && passed) concrete_tick(&v->shadow);
    if (r.reason == RUN_TRAP && r.interrupt) concrete_interrupt(&v->shadow);
    if (on && passed)
        check(v);
    else
        violated(v, v->m.s.m->components.n, "processor", 0, 1);
    v->m.count += host->count - count;
    v->m.completed += host->completed - completed;
    v->statistics.direct += host->completed - completed;
    return r;
}

// ---------------------------------------------------------------- what the host is connected to

static bool lent_waits(void *owner, uint64_t count)
{
    struct described_vm *v = owner;

    return v->m.outside->waits(v->m.owner, virtual_count(v, count));
}

static uint64_t lent_next(void *owner)
{
    const struct described_vm *v = owner;
    const uint64_t next = v->m.outside->next(v->m.owner);

    return next == UINT64_MAX ? next : v->host_count + (next - v->m.count);
}

static uint64_t kept_read(void *owner, const struct component *device, uint64_t index)
{
    element_violated(owner, device, index, 0, 0);
    return UINT64_MAX;
}

static void kept_write(void *owner, const struct component *device, uint64_t index, uint64_t value)
{
    element_violated(owner, device, index, 0, value);
}

static const struct described_outside watched_outside = {lent_waits, lent_next, kept_read,
                                                         kept_write};

// A store of the host's: one to the partition is the virtual machine's own.
static void stored(void *owner, uint64_t address, uint64_t n)
{
    struct described_vm *v = owner;
    const uint64_t size = v->m.s.cells_n;
    char what[64];

    if (address >= v->start && n <= size && address - v->start <= size - n) {
        if (v->m.stored != NULL) v->m.stored(v->m.stored_context, address - v->start, n);
        return;
    }
    snprintf(what, sizeof what, "memory at %" PRIx64, address);
    violated(v, v->m.s.m->memory->ordinal, what, 0,
             (uint64_t)concrete_load(&v->host->s, address, 1));
}

void described_give(struct described_vm *v, struct described *host, uint64_t start)
{
    v->host = host;
    v->start = start;
    host->outside = &watched_outside;
    host->owner = v;
    host->stored = stored;
    host->stored_context = v;
    concrete_init(&v->shadow, host->s.m, host->s.cells, host->s.cells_n);
}

// ---------------------------------------------------------------- running

// Whether a component is copied between virtual machine and host.
static bool is_copied(const struct concrete *c, const struct component *x)
{
    return c->elements[x->ordinal] != NULL && !is_kept(x) && x->kind != COMPONENT_SIGNAL;
}

static void copy(struct concrete *to, const struct concrete *from)
{
    const struct component *x;

    LIST_EACH(x, from->m->components)
    if (is_copied(from, x))
        memcpy(to->elements[x_i], from->elements[x_i], x->count * sizeof(uint64_t));
}

// The only assignments to a host's processor.
static void install(struct described_vm *v)
{
    const struct description *d = v->m.s.m;
    const struct component *l = of_role(d, ROLE_BASE), *b = of_role(d, ROLE_BOUND);
    const struct described_relocation R = described_compose(
        v->start, v->m.s.cells_n, concrete_get(&v->m.s, l, 0), concrete_get(&v->m.s, b, 0));

    copy(&v->host->s, &v->m.s);
    concrete_set(&v->host->s, d->mode, 0, real_mode(&v->m));
    concrete_set(&v->host->s, l, 0, R.l);
    concrete_set(&v->host->s, b, 0, R.b);
}

struct described_result described_run_direct(struct described_vm *v, uint64_t limit)
{
    const uint64_t target = v->m.completed + limit; // may wrap around, and then still holds
    struct described_result r;

    install(v);
    do r = watched(v);
    while (r.reason == RUN_LIMIT && v->m.completed != target);
    copy(&v->m.s, &v->host->s);
    return r;
}
