// SPDX-License-Identifier: MIT
// Putting several guests on one host, and running them while the outside world goes on.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/several.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/isa.h"
#include "vmm/host/numbers.h"
#include "vmm/host/reference.h"
#include "vmm/host/signals.h"

static void *room(size_t n, size_t size)
{
    void *memory = calloc(n, size);

    if (memory == NULL) panic("no host memory for %zu guests", n);
    return memory;
}

void several_init(struct several *s, size_t n)
{
    *s = (struct several){.n = n};
    s->guests = room(n, sizeof *s->guests);
    s->vms = room(n, sizeof *s->vms);
    s->shares = room(n, sizeof *s->shares);
    s->prefixes = room(n, sizeof *s->prefixes);
    for (size_t k = 0; k < n; k++) s->guests[k].input.fd = s->guests[k].disk.fd = -1;
}

// The file's name, less its folder and .elf; not ended by 0.
static const char *base_name(const char *path, size_t *length)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

    *length = strlen(name);
    if (*length > 4 && strcmp(name + *length - 4, ".elf") == 0) *length -= 4;
    return name;
}

// That, with a number where several are called the same.
static char *prefix_of(char **paths, size_t n, size_t k)
{
    enum { DIGITS = 24 };
    size_t length, same = 0, before = 0;
    const char *name = base_name(paths[k], &length);
    char *prefix = room(length + DIGITS, 1);

    for (size_t i = 0; i < n; i++) {
        size_t other_length;
        const char *other = base_name(paths[i], &other_length);
        const bool equal = other_length == length && memcmp(other, name, length) == 0;
        same += equal;
        before += equal && i < k;
    }
    memcpy(prefix, name, length);
    if (same > 1) snprintf(prefix + length, DIGITS, "#%zu", before + 1);
    return prefix;
}

// Each guest's file and the size of its memory, and how much that is with a monitor's share.
static bool read_all(struct several *s, char **paths, uint32_t memory_size, uint32_t *sizes,
                     uint64_t *total, struct failure *f)
{
    *total = MONITOR_SHARE;
    for (size_t k = 0; k < s->n; k++) {
        sizes[k] = memory_size;
        if (!guest_read(&s->guests[k], paths[k], &sizes[k], f)) return false;
        *total += sizes[k];
    }
    if (*total <= PG32_MEMORY_MOST) return true;
    return fail(f,
                "%zu guests want %s of memory, the monitor's share included, and a PG32 machine "
                "has at most %s; give each less with --memory, or run fewer",
                s->n, memory_text(*total).text, memory_text(PG32_MEMORY_MOST).text);
}

bool several_load(struct several *s, char **paths, uint32_t memory_size, const struct engine *e,
                  const struct monitor *monitor, uint64_t depth, struct failure *f)
{
    uint32_t *sizes = room(s->n, sizeof *sizes), start = MONITOR_SHARE / 2;
    uint64_t total;
    bool good = read_all(s, paths, memory_size, sizes, &total, f) &&
                tower_open(&s->tower, e, monitor, depth - 1, MONITOR_SHARE, (uint32_t)total, f);

    if (good) tower_reset(&s->tower, 0);
    for (size_t k = 0; k < s->n && good; k++) {
        struct guest *g = &s->guests[k];
        struct vm *v = &s->vms[k];
        if (!vm_init(v, monitor, s->tower.top, start, sizes[k]))
            panic("a partition of %" PRIu32 " bytes was refused", sizes[k]);
        if (isa_is_evaluated()) reference_routines(v);
        vm_share(v);
        g->console.prefix = s->prefixes[k] = prefix_of(paths, s->n, k);
        good = guest_place(g, &v->m, f);
        machine_reset(&v->m, g->loaded.entry);
        s->shares[k].v = v;
        start += sizes[k];
    }
    free(sizes);
    if (good) scheduler_init(&s->scheduler, s->shares, s->n, SEVERAL_TURN);
    return good;
}

static uint64_t completed(const struct several *s)
{
    uint64_t sum = 0;

    for (size_t k = 0; k < s->n; k++) sum += s->vms[k].m.completed;
    return sum;
}

bool several_run(struct several *s, uint64_t limit, void (*ended)(struct several *s, size_t k),
                 struct failure *f)
{
    for (size_t k = 0; k < s->n; k++) guest_attach(&s->guests[k]);
    while (signals_stop == 0 && completed(s) < limit) {
        const uint64_t left = limit - completed(s);
        const enum scheduled why =
            scheduler_go(&s->scheduler, left < GUEST_SLICE ? left : GUEST_SLICE);

        if (why == SCHEDULED_OVER) break;
        if (why == SCHEDULED_STOP) {
            console_flush(&s->guests[s->scheduler.current].console);
            if (ended != NULL) ended(s, s->scheduler.current);
        }
        for (size_t k = 0; why == SCHEDULED_INPUT && k < s->n; k++)
            console_flush(&s->guests[k].console); // perhaps a prompt
        if (!guest_exchange(&s->guests[0], why == SCHEDULED_INPUT, f)) return false;
    }
    for (size_t k = 0; k < s->n; k++) console_flush(&s->guests[k].console);
    return true;
}

void several_close(struct several *s)
{
    for (size_t k = 0; k < s->n; k++) {
        guest_close(&s->guests[k]);
        free(s->prefixes[k]);
    }
    free(s->guests);
    free(s->vms);
    free(s->shares);
    free(s->prefixes);
    tower_close(&s->tower);
}
