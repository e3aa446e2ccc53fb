// SPDX-License-Identifier: MIT
// Writing the trace. What the processor's state consists of is read from its description's table.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/step.h"

static void stored(void *trace, uint64_t address, uint64_t n)
{
    struct trace *t = trace;

    if (t->stores_n == TRACE_STORES) return;
    t->stores[t->stores_n].address = address;
    t->stores[t->stores_n++].n = n;
}

bool trace_open(struct trace *t, const char *path, struct guest *g, struct failure *f)
{
    const size_t granules = g->m->s.memory_size / GRANULE;

    *t = (struct trace){.path = path, .g = g};
    t->granules = malloc(granules);
    if (t->granules == NULL) return fail(f, "no host memory to trace %zu bytes", granules);
    t->out = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (t->out == NULL) return fail(f, "%s: cannot be written: %s", path, strerror(errno));
    // The map of decoded memory belongs to an engine; without one that decodes, it is free.
    code_map_init(&g->m->code, t->granules, g->m->s.memory_size);
    memset(t->granules, GRANULE_CODE, granules);
    g->m->code.changed = stored;
    g->m->code.owner = t;
    return true;
}

static uint32_t element(const struct pg32 *s, const struct pg32_component *c, unsigned i)
{
    const uint8_t *at = (const uint8_t *)s + c->offset + (size_t)i * c->size;
    uint32_t word;

    if (c->size == 1) return *at;
    memcpy(&word, at, sizeof word);
    return word;
}

static void print_element(FILE *out, const struct pg32_component *c, unsigned i, uint32_t value)
{
    const int digits = (c->width + 3) / 4;

    if (c->offset == offsetof(struct pg32, x))
        fprintf(out, " %s=%0*" PRIx32, pg32_x_names[i], digits, value);
    else if (c->count > 1)
        fprintf(out, " %s[%u]=%0*" PRIx32, c->name, i, digits, value);
    else
        fprintf(out, " %s=%0*" PRIx32, c->name, digits, value);
}

// What every instruction does by the way is not worth a word: `passed` is the state before with
// only that done.
static bool usual(const struct pg32_component *c, const struct pg32 *passed, const struct pg32 *now)
{
    switch (c->offset) {
    case offsetof(struct pg32, P): return now->P == passed->P;
    case offsetof(struct pg32, T): return now->T == passed->T;
    case offsetof(struct pg32, entered): return true;
    case offsetof(struct pg32, ready): return true; // not the step's doing
    default: return false;
    }
}

static void print_changes(FILE *out, const struct step *s, const struct pg32 *now)
{
    struct pg32 passed = s->before;

    if (s->result.reason == RUN_LIMIT || s->result.reason == RUN_STOP) {
        pg32_tick(&passed);
        passed.P += 4;
    }
    for (size_t k = 0; k < PG32_components_n; k++) {
        const struct pg32_component *c = &pg32_components[k];
        for (unsigned i = 0; i < c->count; i++) {
            const uint32_t value = element(now, c, i);
            if (c->offset == offsetof(struct pg32, x) && i >= 32) continue; // not a register
            if (value == element(&s->before, c, i) && c->offset != offsetof(struct pg32, P))
                continue;
            if (!usual(c, &passed, now)) print_element(out, c, i, value);
        }
    }
}

static void print_stores(struct trace *t)
{
    const uint8_t *E = t->g->m->s.E;

    for (size_t k = 0; k < t->stores_n; k++) {
        const uint64_t address = t->stores[k].address, n = t->stores[k].n;
        fprintf(t->out, " [%08" PRIx64 "]=", address);
        // Words from the lowest address on, each as the number that it is: little-endian.
        for (uint64_t at = 0; at < n; at += 4) {
            if (at > 0) putc(',', t->out);
            for (uint64_t i = n - at < 4 ? n - at : 4; i-- > 0;)
                fprintf(t->out, "%02x", E[address + at + i]);
        }
    }
}

static void trace_line(struct trace *t, const struct step *s)
{
    struct guest *g = t->g;

    if (t->out == stdout) console_end_line(&g->console);
    step_print(t->out, s);
    putc(' ', t->out);
    if (step_print_event(t->out, s)) t->stores_n = 0; // the old PSW's place is always the same
    if (t->ready != (s->before.ready != 0)) fprintf(t->out, " ready=%d", !t->ready);
    t->ready = s->before.ready != 0;
    print_changes(t->out, s, &g->m->s);
    print_stores(t);
    if (g->port.written)
        fprintf(t->out, " port[%" PRIu32 "]=%08" PRIx32, g->port.number, g->port.value);
    putc('\n', t->out);
}

struct run_result trace_go(void *trace, struct guest *g, uint64_t limit)
{
    struct trace *t = trace;
    const uint64_t end = g->m->completed + limit;
    struct step s;

    do {
        t->stores_n = 0;
        g->port.written = false;
        step_take(g->m, &s);
        if (s.result.reason == RUN_IDLE || s.result.reason == RUN_INPUT) return s.result;
        trace_line(t, &s);
        if (s.result.reason == RUN_STOP || s.result.reason == RUN_CHECK_STOP) return s.result;
    } while (g->m->completed < end);
    return (struct run_result){.reason = RUN_LIMIT};
}

bool trace_close(struct trace *t, struct failure *f)
{
    bool good = true;

    if (t->out == NULL) return true;
    if (t->out == stdout)
        good = fflush(t->out) == 0 && !ferror(t->out);
    else {
        const bool bad = ferror(t->out) != 0;
        good = fclose(t->out) == 0 && !bad;
    }
    t->g->m->code = (struct code_map){0};
    free(t->granules);
    t->out = NULL;
    return good || fail(f, "%s: cannot be written: %s", t->path, strerror(errno));
}
