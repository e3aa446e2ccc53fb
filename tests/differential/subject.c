// SPDX-License-Identifier: MIT
// Setting a machine up with a random guest, and comparing two of them.

#include "tests/differential/subject.h"
#include "vmm/host/reference.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void put(void *context, uint8_t byte)
{
    struct subject *s = context;

    s->outputs++;
    s->output_hash = (s->output_hash ^ byte) * 0x100000001b3; // FNV-1a
}

struct subject *subject_new(const struct random_guest *g, const struct engine *e)
{
    const size_t engine_size = hardware_engine_memory(GUEST_MEMORY);
    struct subject *s = calloc(1, sizeof *s);

    if (s == NULL) abort();
    s->in_steps = e == NULL;
    s->name = e != NULL ? e->name : "machine_step";
    s->memory = malloc(GUEST_MEMORY);
    s->engine_memory = malloc(engine_size);
    s->disk = malloc(sizeof g->disk);
    if (s->memory == NULL || s->engine_memory == NULL || s->disk == NULL) abort();
    memcpy(s->memory, g->image, GUEST_MEMORY);
    memcpy(s->disk, g->disk, sizeof g->disk);
    if (e == NULL) e = &engine_switch;
    hardware_init(&s->h, s->memory, GUEST_MEMORY, e, s->engine_memory, engine_size);
    s->h.engine = e;
    s->h.m.devices.arrivals = g->arrivals;
    s->h.m.devices.arrivals_n = GUEST_ARRIVALS;
    s->h.m.devices.put = put;
    s->h.m.devices.context = s;
    s->h.m.devices.disk = s->disk;
    s->h.m.devices.sectors = GUEST_SECTORS;
    s->h.m.devices.disk_read_only = g->disk_read_only;
    // What reset leaves alone is not to be right by accident.
    memset(s->h.m.s.x, 0xff, sizeof s->h.m.s.x);
    s->h.m.s.T = s->h.m.s.l = 4;
    s->h.m.s.M = s->h.m.s.IE = s->h.m.s.pending = s->h.m.s.entered = 1;
    machine_reset(&s->h.m, g->entry);
    if (e == &engine_reference) {
        s->h.m.s.b = s->h.m.s.P = 4;
        reference_reset(&s->h.m, g->entry);
    }
    return s;
}

void subject_free(struct subject *s)
{
    free(s->disk);
    free(s->engine_memory);
    free(s->memory);
    free(s);
}

struct run_result subject_run(struct subject *s, uint64_t limit)
{
    const uint64_t end = s->h.m.completed + limit;

    if (s->in_steps) {
        while (s->h.m.completed < end) {
            const struct run_result r = machine_step(&s->h.m);
            if (r.reason != RUN_LIMIT) return r;
        }
        return (struct run_result){.reason = RUN_LIMIT};
    }
    const struct run_result r = machine_run(&s->h.m, limit);
    if (r.reason != RUN_TRAP) return r;
    const struct run_result delivered = machine_deliver(&s->h.m, r);
    return delivered.reason == RUN_LIMIT ? r : delivered;
}

uint64_t subject_events(const struct subject *s)
{
    uint64_t n = s->h.m.completed;

    for (int cause = 0; cause < PG32_traps; cause++) n += s->h.m.traps[cause];
    return n;
}

static const uint8_t *component(const struct subject *s, int k)
{
    return (const uint8_t *)&s->h.m.s + pg32_components[k].offset;
}

// Memory is not among the processor's members; it is compared apart.
static bool is_member(int k)
{
    return pg32_components[k].kind != 'M' && pg32_components[k].offset != offsetof(struct pg32, E);
}

static bool same_component(const struct subject *a, const struct subject *b, int k)
{
    const size_t n = (size_t)pg32_components[k].size * pg32_components[k].count;

    return !is_member(k) || memcmp(component(a, k), component(b, k), n) == 0;
}

// What there is to compare beside the processor and the large arrays.
struct fact {
    const char *name;
    size_t offset, size;
};

#define FACT(name, member) {name, offsetof(struct subject, member), \
                            sizeof(((struct subject *)NULL)->member)}
static const struct fact facts[] = {
    FACT("count", h.m.count),
    FACT("instructions completed", h.m.completed),
    FACT("traps by cause", h.m.traps),
    FACT("console bytes read", h.m.devices.arrivals_next),
    FACT("disk sector", h.m.devices.sector),
    FACT("disk buffer index", h.m.devices.index),
    FACT("disk status", h.m.devices.status),
    FACT("disk buffer", h.m.devices.buffer),
    FACT("console bytes written", outputs),
    FACT("console output", output_hash),
};

enum { FACTS = sizeof facts / sizeof facts[0] };

static bool same_fact(const struct subject *a, const struct subject *b, const struct fact *f)
{
    return memcmp((const uint8_t *)a + f->offset, (const uint8_t *)b + f->offset, f->size) == 0;
}

bool subject_same(const struct subject *a, const struct subject *b, bool memory)
{
    for (int k = 0; k < PG32_components_n; k++)
        if (!same_component(a, b, k)) return false;
    for (int k = 0; k < FACTS; k++)
        if (!same_fact(a, b, &facts[k])) return false;
    return !memory || (memcmp(a->memory, b->memory, GUEST_MEMORY) == 0 &&
                       memcmp(a->disk, b->disk, GUEST_SECTORS * SECTOR_SIZE) == 0);
}

static uint64_t element(const uint8_t *at, size_t size)
{
    uint64_t value = 0;

    for (size_t k = size < 8 ? size : 8; k-- > 0;) value = value << 8 | at[k];
    return value;
}

void subject_tell_differences(FILE *out, const struct subject *a, const struct subject *b)
{
    for (int k = 0; k < PG32_components_n; k++) {
        const struct pg32_component *c = &pg32_components[k];

        for (unsigned j = 0; is_member(k) && j < c->count; j++) {
            const uint64_t x = element(component(a, k) + (size_t)j * c->size, c->size);
            const uint64_t y = element(component(b, k) + (size_t)j * c->size, c->size);

            if (x == y) continue;
            fprintf(out, "  %s", c->name);
            if (c->count > 1) fprintf(out, "[%u]", j);
            fprintf(out, ": %s 0x%" PRIx64 ", %s 0x%" PRIx64 "\n", a->name, x, b->name, y);
        }
    }
    for (int k = 0; k < FACTS; k++) {
        const uint8_t *x = (const uint8_t *)a + facts[k].offset;
        const uint8_t *y = (const uint8_t *)b + facts[k].offset;

        if (same_fact(a, b, &facts[k])) continue;
        fprintf(out, "  %s", facts[k].name);
        if (facts[k].size <= 8)
            fprintf(out, ": %s %" PRIu64 ", %s %" PRIu64, a->name, element(x, facts[k].size),
                    b->name, element(y, facts[k].size));
        fprintf(out, facts[k].size <= 8 ? "\n" : " differ\n");
    }
    for (uint32_t at = 0, shown = 0; at < GUEST_MEMORY && shown < 8; at++) {
        if (a->memory[at] == b->memory[at]) continue;
        fprintf(out, "  memory %05" PRIx32 ": %s %02x, %s %02x\n", at, a->name, a->memory[at],
                b->name, b->memory[at]);
        shown++;
    }
    if (memcmp(a->disk, b->disk, GUEST_SECTORS * SECTOR_SIZE) != 0)
        fprintf(out, "  disk contents differ\n");
}

bool subject_word(const struct subject *s, uint32_t *physical, uint32_t *word)
{
    const uint64_t at = (uint64_t)s->h.m.s.l + s->h.m.s.P;

    if (s->h.m.s.P % 4 != 0 || (uint64_t)s->h.m.s.P + 4 > s->h.m.s.b || at + 4 > GUEST_MEMORY)
        return false;
    *physical = (uint32_t)at;
    *word = (uint32_t)element(s->memory + at, 4);
    return true;
}
