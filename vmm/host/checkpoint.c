// SPDX-License-Identifier: MIT
// Keeping states. A checkpoint has the processors and monitors of all levels as they were, and what
// pages and sectors held then that have been overwritten before the next checkpoint was taken. So
// the way back undoes these stretches, one after the other.

#define _DEFAULT_SOURCE
#include "vmm/host/checkpoint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/statistics.h"

enum { PAGE = 4096 };

struct old_page {
    uint32_t page;
    uint8_t bytes[PAGE];
};

struct old_sector {
    uint32_t sector;
    uint8_t bytes[SECTOR_SIZE];
};

struct checkpoint {
    uint64_t at;
    uint8_t *state; // state_size() bytes
    struct old_page *pages;
    size_t pages_n;
    struct old_sector *sectors;
    size_t sectors_n;
};

static void *have(void *memory)
{
    if (memory == NULL) panic("no host memory to keep what the guest overwrites");
    return memory;
}

// ---------------------------------------------------------------- what happens between checkpoints

static void wrote(void *level, uint64_t address, uint64_t n)
{
    const struct history_level *l = level;
    struct history *h = l->h;
    const uint64_t at = l->start + address, top = h->levels[h->t->depth].start;

    for (uint64_t page = at / PAGE; page <= (at + n - 1) / PAGE; page++) {
        if (h->dirty[page]) continue;
        h->dirty[page] = 1;
        h->dirty_pages[h->dirty_n++] = (uint32_t)page;
    }
    if (h->stored != NULL && at >= top && at - top < h->t->top->s.memory_size)
        h->stored(h->context, at - top, n);
}

static void keep_sector(struct history *h, uint32_t sector)
{
    const struct devices *d = &h->t->top->devices;
    struct checkpoint *c = &h->checkpoints[h->n - 1];

    if (d->disk == NULL || d->disk_read_only || sector >= d->sectors) return;
    if (h->sector_kept[sector] == h->number) return;
    h->sector_kept[sector] = h->number;
    c->sectors = have(realloc(c->sectors, (c->sectors_n + 1) * sizeof *c->sectors));
    struct old_sector *old = &c->sectors[c->sectors_n++];
    old->sector = sector;
    memcpy(old->bytes, d->disk + (size_t)sector * SECTOR_SIZE, SECTOR_SIZE);
    h->bytes += sizeof *old;
}

static uint32_t port_read(void *history, uint32_t port)
{
    struct history *h = history;

    return h->port_read(h->devices, port);
}

// Stands before what the top machine had: what the disk is about to lose is kept.
static void port_write(void *history, uint32_t port, uint32_t value)
{
    struct history *h = history;

    if (port == PORT_DISK_COMMAND && value == DISK_WRITE) keep_sector(h, h->t->top->devices.sector);
    h->port_write(h->devices, port, value);
}

// ---------------------------------------------------------------- states

static size_t state_size(const struct history *h)
{
    size_t n = sizeof h->t->hardware + h->t->depth * sizeof *h->t->vms;

    for (size_t k = 0; k < h->kept_n; k++) n += h->kept[k].n;
    return n;
}

static void save(const struct history *h, uint8_t *to)
{
    const size_t vms = h->t->depth * sizeof *h->t->vms;

    memcpy(to, &h->t->hardware, sizeof h->t->hardware);
    to += sizeof h->t->hardware;
    memcpy(to, h->t->vms, vms);
    to += vms;
    for (size_t k = 0; k < h->kept_n; k++) {
        memcpy(to, h->kept[k].bytes, h->kept[k].n);
        to += h->kept[k].n;
    }
}

// What the host sets and may have moved since then stays: devices.h.
static void load(struct history *h, const uint8_t *from)
{
    const size_t vms = h->t->depth * sizeof *h->t->vms;
    const struct devices now = h->t->top->devices;
    struct devices *d = &h->t->top->devices;

    memcpy(&h->t->hardware, from, sizeof h->t->hardware);
    from += sizeof h->t->hardware;
    memcpy(h->t->vms, from, vms);
    from += vms;
    for (size_t k = 0; k < h->kept_n; k++) {
        memcpy(h->kept[k].bytes, from, h->kept[k].n);
        from += h->kept[k].n;
    }
    d->arrivals = now.arrivals;
    d->arrivals_n = now.arrivals_n;
    d->live = now.live;
    d->put = now.put;
    d->context = now.context;
}

// ---------------------------------------------------------------- taking and restoring

static void start_stretch(struct history *h)
{
    h->since = 0;
    h->since_second = host_seconds();
    h->number++;
}

// What was overwritten since the last checkpoint goes to it.
static void end_stretch(struct history *h)
{
    struct checkpoint *c = &h->checkpoints[h->n - 1];

    c->pages_n = h->dirty_n;
    if (h->dirty_n == 0) return;
    c->pages = have(malloc(h->dirty_n * sizeof *c->pages));
    for (size_t k = 0; k < h->dirty_n; k++) {
        const size_t page = h->dirty_pages[k], at = page * PAGE;
        c->pages[k].page = (uint32_t)page;
        memcpy(c->pages[k].bytes, h->shadow + at, PAGE);
        memcpy(h->shadow + at, h->t->memory + at, PAGE);
        h->dirty[page] = 0;
    }
    h->bytes += h->dirty_n * sizeof *c->pages;
    h->dirty_n = 0;
}

static void drop(struct history *h, struct checkpoint *c)
{
    h->bytes -= c->pages_n * sizeof *c->pages + c->sectors_n * sizeof *c->sectors + state_size(h);
    free(c->state);
    free(c->pages);
    free(c->sectors);
}

// Takes over from `later`, the checkpoint after it, what it does not have itself. False, and
// nothing has changed, where the host has no memory for that.
static bool take_over(struct history *h, struct checkpoint *c, const struct checkpoint *later)
{
    struct old_page *pages = malloc((c->pages_n + later->pages_n + 1) * sizeof *pages);
    struct old_sector *sectors = malloc((c->sectors_n + later->sectors_n + 1) * sizeof *sectors);
    size_t n = c->pages_n, m = c->sectors_n;

    if (pages == NULL || sectors == NULL) {
        free(pages);
        free(sectors);
        return false;
    }
    if (c->pages_n != 0) memcpy(pages, c->pages, c->pages_n * sizeof *pages);
    if (c->sectors_n != 0) memcpy(sectors, c->sectors, c->sectors_n * sizeof *sectors);
    for (size_t k = 0; k < c->pages_n; k++) h->dirty[c->pages[k].page] |= 2;
    for (size_t k = 0; k < later->pages_n; k++)
        if ((h->dirty[later->pages[k].page] & 2) == 0) pages[n++] = later->pages[k];
    for (size_t k = 0; k < c->pages_n; k++) h->dirty[c->pages[k].page] &= 1;
    for (size_t k = 0, i; k < later->sectors_n; k++) {
        for (i = 0; i < c->sectors_n; i++)
            if (c->sectors[i].sector == later->sectors[k].sector) break;
        if (i == c->sectors_n) sectors[m++] = later->sectors[k];
    }
    h->bytes += (n - c->pages_n) * sizeof *pages + (m - c->sectors_n) * sizeof *sectors;
    free(c->pages);
    free(c->sectors);
    c->pages = pages;
    c->pages_n = n;
    c->sectors = sectors;
    c->sectors_n = m;
    return true;
}

// Gives up every second one of the older checkpoints, but not the first and not the last.
static void thin(struct history *h)
{
    const size_t n = h->n, older = n - n / 4;
    size_t kept = 1;

    for (size_t k = 1; k < n; k++) {
        struct checkpoint *c = &h->checkpoints[k];
        if (k % 2 == 1 && k < older && k + 1 < n && take_over(h, &h->checkpoints[kept - 1], c))
            drop(h, c);
        else
            h->checkpoints[kept++] = *c;
    }
    h->n = kept;
}

void checkpoint_take(struct history *h)
{
    if (h->n != 0) end_stretch(h);
    if (h->n == HISTORY_CHECKPOINTS || (h->bytes > HISTORY_BYTES && h->n > 4)) thin(h);
    if (h->n == HISTORY_CHECKPOINTS) panic("no host memory to give checkpoints up");
    struct checkpoint *c = &h->checkpoints[h->n++];
    *c = (struct checkpoint){.at = h->at, .state = have(malloc(state_size(h)))};
    save(h, c->state);
    h->bytes += state_size(h);
    start_stretch(h);
}

static void put_page(struct history *h, size_t page, const uint8_t *bytes)
{
    memcpy(h->t->memory + page * PAGE, bytes, PAGE);
    memcpy(h->shadow + page * PAGE, bytes, PAGE);
}

// What the stretch after a checkpoint has overwritten comes back.
static void undo(struct history *h, struct checkpoint *c)
{
    for (size_t k = 0; k < c->pages_n; k++) put_page(h, c->pages[k].page, c->pages[k].bytes);
    for (size_t k = 0; k < c->sectors_n; k++)
        memcpy(h->t->top->devices.disk + (size_t)c->sectors[k].sector * SECTOR_SIZE,
               c->sectors[k].bytes, SECTOR_SIZE);
}

void checkpoint_restore(struct history *h, uint64_t at)
{
    for (size_t k = 0; k < h->dirty_n; k++) {
        const size_t page = h->dirty_pages[k];
        memcpy(h->t->memory + page * PAGE, h->shadow + page * PAGE, PAGE);
        h->dirty[page] = 0;
    }
    h->dirty_n = 0;
    for (;; h->n--) {
        struct checkpoint *c = &h->checkpoints[h->n - 1];
        undo(h, c);
        if (c->at <= at) break;
        drop(h, c);
    }
    struct checkpoint *c = &h->checkpoints[h->n - 1];
    h->bytes -= c->pages_n * sizeof *c->pages + c->sectors_n * sizeof *c->sectors;
    free(c->pages);
    free(c->sectors);
    c->pages = NULL;
    c->sectors = NULL;
    c->pages_n = c->sectors_n = 0;
    load(h, c->state);
    h->at = c->at;
    start_stretch(h);
}

uint64_t history_checkpoint_before(const struct history *h, uint64_t before)
{
    size_t k = h->n;

    while (k > 1 && h->checkpoints[k - 1].at >= before) k--;
    return h->checkpoints[k - 1].at;
}

// ---------------------------------------------------------------- opening and closing

static bool get_memory(struct history *h, struct failure *f)
{
    const uint32_t size = h->t->memory_size, sectors = h->t->top->devices.sectors;
    void *shadow = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    h->shadow = shadow == MAP_FAILED ? NULL : shadow;
    h->dirty = calloc(size / PAGE, 1);
    h->dirty_pages = calloc(size / PAGE, sizeof *h->dirty_pages);
    h->granules = malloc(size / GRANULE);
    h->levels = calloc(h->t->depth + (size_t)1, sizeof *h->levels);
    h->sector_kept = calloc(sectors + (size_t)1, sizeof *h->sector_kept);
    h->checkpoints = calloc(HISTORY_CHECKPOINTS, sizeof *h->checkpoints);
    return (h->shadow != NULL && h->dirty != NULL && h->dirty_pages != NULL &&
            h->granules != NULL && h->levels != NULL && h->sector_kept != NULL &&
            h->checkpoints != NULL) ||
           fail(f, "cannot get memory to keep the history of a run: %s; try a smaller --memory",
                strerror(errno));
}

static struct machine *machine_at(struct tower *t, uint32_t level)
{
    return level == 0 ? &t->hardware.m : &t->vms[level - 1].m;
}

// The maps of decoded memory belong to an engine; without one that decodes, they are free.
static void hook(struct history *h)
{
    struct tower *t = h->t;

    memset(h->granules, GRANULE_CODE, t->memory_size / GRANULE);
    for (uint32_t k = 0; k <= t->depth; k++) {
        struct machine *m = machine_at(t, k);
        h->levels[k].h = h;
        h->levels[k].start = (uint64_t)(m->s.E - t->memory);
        m->code = (struct code_map){.granules = h->granules + h->levels[k].start / GRANULE,
                                    .n = m->s.memory_size / GRANULE,
                                    .changed = wrote,
                                    .owner = &h->levels[k]};
    }
    struct pg32 *s = &t->top->s;
    h->port_read = s->port_read;
    h->port_write = s->port_write;
    h->devices = s->devices;
    s->port_read = port_read;
    s->port_write = port_write;
    s->devices = h;
}

static void unhook(struct history *h)
{
    struct tower *t = h->t;

    if (h->port_read == NULL) return;
    for (uint32_t k = 0; k <= t->depth; k++) machine_at(t, k)->code = (struct code_map){0};
    t->top->s.port_read = h->port_read;
    t->top->s.port_write = h->port_write;
    t->top->s.devices = h->devices;
    h->port_read = NULL;
}

bool checkpoints_open(struct history *h, struct failure *f)
{
    static const uint8_t zeros[PAGE];
    struct tower *t = h->t;

    if (!get_memory(h, f)) return false;
    for (size_t at = 0; at < t->memory_size; at += PAGE)
        if (memcmp(t->memory + at, zeros, PAGE) != 0) memcpy(h->shadow + at, t->memory + at, PAGE);
    hook(h);
    checkpoint_take(h);
    return true;
}

void checkpoints_close(struct history *h)
{
    if (h->t != NULL) unhook(h);
    for (size_t k = 0; k < h->n; k++) drop(h, &h->checkpoints[k]);
    h->n = 0;
    free(h->checkpoints);
    if (h->shadow != NULL) munmap(h->shadow, h->t->memory_size);
    free(h->dirty);
    free(h->dirty_pages);
    free(h->granules);
    free(h->levels);
    free(h->sector_kept);
    h->checkpoints = NULL;
    h->shadow = h->dirty = h->granules = NULL;
    h->dirty_pages = h->sector_kept = NULL;
    h->levels = NULL;
}
