// SPDX-License-Identifier: MIT
// Writing the trace. What the state consists of is read from the description.

#define _POSIX_C_SOURCE 200809L
#include "vmm/described/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "vmm/host/signals.h"

static void stored(void *trace, uint64_t address, uint64_t n)
{
    struct described_trace *t = trace;

    if (t->stores_n == DESCRIBED_STORES) return;
    t->stores[t->stores_n].address = address;
    t->stores[t->stores_n++].n = n;
}

bool described_trace_open(struct described_trace *t, const char *path, struct described_guest *g,
                          struct failure *f)
{
    *t = (struct described_trace){.path = path, .g = g};
    t->out = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (t->out == NULL) return fail(f, "%s: cannot be written: %s", path, strerror(errno));
    concrete_init(&t->before, g->m->s.m, g->m->s.cells, g->m->s.cells_n);
    g->m->stored = stored;
    g->m->stored_context = t;
    return true;
}

static void remember(struct described_trace *t)
{
    const struct concrete *now = &t->g->m->s;
    const struct component *x;

    LIST_EACH(x, now->m->components)
    if (now->elements[x_i] != NULL)
        memcpy(t->before.elements[x_i], now->elements[x_i], x->count * sizeof(uint64_t));
}

// What every instruction does by the way is not worth a word.
static bool is_usual(const struct described_trace *t, const struct described_step *s,
                     const struct component *x)
{
    const struct concrete *now = &t->g->m->s;
    const uint64_t next = s->P + s->width / now->m->memory->width;

    return x->kind == COMPONENT_COUNTER && s->result.reason != RUN_TRAP &&
           concrete_get(now, x, 0) == bits_low(next, x->width);
}

static void print_element(FILE *out, const struct component *x, uint64_t k, uint64_t value)
{
    const int digits = (int)(x->width + 3) / 4;

    if (k < x->names.n)
        fprintf(out, " %s=%0*" PRIx64, (const char *)x->names.items[k], digits, value);
    else if (x->array)
        fprintf(out, " %s[%" PRIu64 "]=%0*" PRIx64, x->name, k, digits, value);
    else
        fprintf(out, " %s=%0*" PRIx64, x->name, digits, value);
}

static void print_changes(const struct described_trace *t, const struct described_step *s)
{
    const struct concrete *now = &t->g->m->s;
    const struct component *x;

    LIST_EACH(x, now->m->components)
    for (uint64_t k = 0; now->elements[x_i] != NULL && k < x->count; k++) {
        const uint64_t value = concrete_get(now, x, k);
        if (value != concrete_get(&t->before, x, k) && !is_usual(t, s, x))
            print_element(t->out, x, k, value);
    }
}

static void print_stores(const struct described_trace *t)
{
    const struct concrete *now = &t->g->m->s;
    const struct component *memory = now->m->memory;

    for (size_t k = 0; k < t->stores_n; k++) {
        fprintf(t->out, " [%" PRIx64 "]=", t->stores[k].address);
        for (uint64_t i = 0; i < t->stores[k].n; i++)
            fprintf(t->out, "%s%0*" PRIx64, i == 0 ? "" : ",", (int)(memory->width + 3) / 4,
                    (uint64_t)concrete_load(now, t->stores[k].address + i, 1));
    }
}

static void trace_line(struct described_trace *t, const struct described_step *s)
{
    struct described_guest *g = t->g;
    const struct description *d = g->m->s.m;

    if (t->out == stdout) console_end_line(&g->console);
    described_step_print(t->out, d, s);
    putc(' ', t->out);
    described_step_print_event(t->out, d, s);
    print_changes(t, s);
    print_stores(t);
    if (g->m->written.device != NULL)
        fprintf(t->out, " %s[%" PRIu64 "]=%0*" PRIx64, g->m->written.device->name,
                g->m->written.index, (int)(g->m->written.device->width + 3) / 4,
                g->m->written.value);
    putc('\n', t->out);
}

struct described_result described_trace_go(void *trace, struct described_guest *g, uint64_t limit)
{
    struct described_trace *t = trace;
    const uint64_t end = g->m->completed + limit;
    struct described_step s;

    do {
        t->stores_n = 0;
        g->m->written.device = NULL;
        remember(t);
        described_step_take(g->m, &s);
        if (s.result.reason == RUN_IDLE || s.result.reason == RUN_INPUT) return s.result;
        trace_line(t, &s);
        if (s.result.reason == RUN_STOP || s.result.reason == RUN_CHECK_STOP) return s.result;
    } while (g->m->completed < end && !signals_stop);
    return (struct described_result){.reason = RUN_LIMIT};
}

bool described_trace_close(struct described_trace *t, struct failure *f)
{
    bool good = true;

    if (t->out == NULL) return true;
    if (t->out == stdout) {
        good = fflush(t->out) == 0 && !ferror(t->out);
    } else {
        const bool bad = ferror(t->out) != 0;
        good = fclose(t->out) == 0 && !bad;
    }
    t->g->m->stored = NULL;
    concrete_free(&t->before);
    t->out = NULL;
    return good || fail(f, "%s: cannot be written: %s", t->path, strerror(errno));
}
