// SPDX-License-Identifier: MIT
// A witness in words: what each outcome does, and where the two states part.
#include "isa-analyzer/classify/replay.h"
#include "isa-analyzer/semantics/disassemble.h"

#include <stdlib.h>

static void put_value(const struct component *x, uint64_t value, FILE *out)
{
    struct mode_value *v;
    LIST_EACH(v, x->modes) if (v->value == value)
    {
        fputs(v->name, out);
        return;
    }
    fprintf(out, value < 10 ? "%llu" : "0x%llx", (unsigned long long)value);
}

static void put_element(const struct component *x, uint64_t index, FILE *out)
{
    if (index < x->names.n)
        fputs(x->names.items[index], out);
    else if (x->array)
        fprintf(out, "%s[%llu]", x->name, (unsigned long long)index);
    else
        fputs(x->name, out);
}

static const char *close_text(struct arena *a, FILE *out, char **text, const size_t *length)
{
    fclose(out);
    const char *kept = arena_text(a, *text, *length);
    free(*text);
    return kept;
}

static FILE *open_text(char **text, size_t *length)
{
    FILE *out = open_memstream(text, length);
    if (!out) exit(64);
    return out;
}

// What a completed instruction did to the state.
static void put_changes(const struct replayed *o, FILE *out)
{
    const struct description *const m = o->after.m;
    const char *separator = "";
    struct component *x;
    uint64_t *at;
    uint64_t const cells = m->memory ? o->step.instruction->format->width / m->memory->width : 1;
    uint64_t const next =
        (uint64_t)bits_low(concrete_get(&o->before, m->counter, 0) + cells, m->counter->width);
    LIST_EACH(x, m->components)
    {
        if (x->kind == COMPONENT_MEMORY || x->kind == COMPONENT_DEVICE) continue;
        for (uint64_t k = 0; k < x->count; k++) {
            uint64_t const now = concrete_get(&o->after, x, k);
            if (now == (x == m->counter ? next : concrete_get(&o->before, x, k))) continue;
            fputs(separator, out);
            put_element(x, k, out);
            fputs(" := ", out);
            put_value(x, now, out);
            separator = ", ";
        }
    }
    LIST_EACH(at, o->written)
    {
        fprintf(out, "%s%s[0x%llx] := ", separator, m->memory->name, (unsigned long long)*at);
        put_value(m->memory, (uint64_t)concrete_load(&o->after, *at, 1), out);
        separator = ", ";
    }
    if (o->device) fprintf(out, "%sa device is used", separator), separator = ", ";
    if (!*separator) fputs("goes on", out);
}

static void put_outcome(const struct replayed *o, FILE *out)
{
    switch (o->step.outcome) {
    case STEP_NEXT: put_changes(o, out); break;
    case STEP_STOP: fprintf(out, "stops with %llu", (unsigned long long)o->step.value); break;
    case STEP_WAIT: fputs("waits", out); break;
    case STEP_TRAP:
        fprintf(out, "traps: %s", o->step.cause->name);
        if (o->step.cause->parameter) fprintf(out, "(0x%llx)", (unsigned long long)o->step.value);
        break;
    default: fputs("check stop", out); break;
    }
}

static const char *outcomes_text(struct arena *a, const struct list *outcomes)
{
    char *text;
    size_t length;
    struct replayed *o;
    FILE *out = open_text(&text, &length);
    LIST_EACH(o, *outcomes)
    {
        if (o_i == 8) {
            fputs(" or ...", out);
            break;
        }
        if (o_i) fputs(" or ", out);
        put_outcome(o, out);
    }
    return close_text(a, out, &text, &length);
}

// The components in which state `k` is not as the other one; the mode where they are equal.
static const char *state_text(struct arena *a, const struct description *m,
                              const struct replayed *const both[2], int k)
{
    char *text;
    size_t length;
    const char *separator = "";
    struct component *x;
    FILE *out = open_text(&text, &length);
    LIST_EACH(x, m->components)
    {
        if (x->kind == COMPONENT_MEMORY || x->kind == COMPONENT_DEVICE) continue;
        for (uint64_t i = 0; i < x->count; i++) {
            uint64_t const here = concrete_get(&both[k]->before, x, i);
            if (here == concrete_get(&both[1 - k]->before, x, i)) continue;
            fputs(separator, out);
            put_element(x, i, out);
            fputs(" = ", out);
            put_value(x, here, out);
            separator = ", ";
        }
    }
    if (!*separator && m->mode) {
        fprintf(out, "%s = ", m->mode->name);
        put_value(m->mode, concrete_get(&both[k]->before, m->mode, 0), out);
    } else if (!*separator) {
        fputs("a state", out);
    }
    return close_text(a, out, &text, &length);
}

// Devices are not in the states: what they give may be all that differs.
static bool is_same_state(const struct witness *w)
{
    struct snapshot_value *v;
    if (w->states[0].cells_n != w->states[1].cells_n) return false;
    if (w->states[0].values.n != w->states[1].values.n) return false;
    LIST_EACH(v, w->states[0].values)
    {
        const struct snapshot_value *u = w->states[1].values.items[v_i];
        if (u->component != v->component || u->index != v->index || u->value != v->value)
            return false;
    }
    return true;
}

void describe(struct arena *a, const struct description *m, struct witness *w,
              const struct list *first, const struct list *second)
{
    const struct replayed *const both[2] = {first->items[0], second->items[0]};
    char assembly[128];
    uint64_t const at = concrete_get(&both[0]->before, m->counter, 0);
    disassemble(m, w->word, w->instruction->format->width, at, assembly, sizeof assembly);
    w->outcomes[0] = outcomes_text(a, first);
    w->outcomes[1] = outcomes_text(a, second);
    if (is_same_state(w)) {
        w->difference = arena_format(a, "'%s' with %s: %s", assembly, state_text(a, m, both, 0),
                                     w->outcomes[0]);
        return;
    }
    bool const real = w->property >= PROPERTY_EXACT;
    w->difference = arena_format(a, "'%s' with %s%s: %s; with %s%s: %s", assembly,
                                 real ? "virtual " : "", state_text(a, m, both, 0), w->outcomes[0],
                                 real ? "real " : "", state_text(a, m, both, 1), w->outcomes[1]);
}
