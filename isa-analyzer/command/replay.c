// SPDX-License-Identifier: MIT
// `isa-analyzer replay`: runs a witness's two states again and shows them side by side.
#include "isa-analyzer/classify/replay.h"
#include "isa-analyzer/classify/witness.h"
#include "isa-analyzer/command/command.h"
#include "isa-analyzer/semantics/disassemble.h"

#include <string.h>

enum { WIDTH = 30 };

static const char *number(struct arena *a, const struct component *x, uint64_t value)
{
    struct mode_value *v;
    LIST_EACH(v, x->modes) if (v->value == value) return v->name;
    return arena_format(a, "0x%llx", (unsigned long long)value);
}

static void line(const struct options *o, const char *what, const char *first, const char *second)
{
    bool const part = strcmp(first, second) != 0;
    printf("%s%-*s  %-*s  %s%s\n", part && o->color_out ? "\033[1m" : "", WIDTH / 2, what, WIDTH,
           first, second, part && o->color_out ? "\033[0m" : "");
}

static uint64_t value_in(const struct snapshot *s, const struct snapshot_value *like)
{
    struct snapshot_value *v;
    LIST_EACH(v, s->values)
    if (v->component == like->component && v->index == like->index) return v->value;
    return 0;
}

static bool lists(const struct snapshot *s, const struct snapshot_value *like)
{
    struct snapshot_value *v;
    LIST_EACH(v, s->values)
    if (v->component == like->component && v->index == like->index) return true;
    return false;
}

static void print_value(const struct options *o, struct arena *a, const struct witness *w,
                        const struct snapshot_value *v)
{
    const struct component *const x = v->component;
    const char *what = x->name;
    if (x->kind == COMPONENT_MEMORY)
        what = arena_format(a, "%s[0x%llx]", x->name, (unsigned long long)v->index);
    else if (v->index < x->names.n)
        what = x->names.items[v->index];
    else if (x->array)
        what = arena_format(a, "%s[%llu]", x->name, (unsigned long long)v->index);
    line(o, what, number(a, x, value_in(&w->states[0], v)),
         number(a, x, value_in(&w->states[1], v)));
}

static void print_states(const struct options *o, struct arena *a, const struct description *m,
                         const struct witness *w)
{
    struct snapshot_value *v;
    struct snapshot_value mode = {m->mode, 0, 0};
    bool const real = w->property >= PROPERTY_EXACT;
    line(o, "", real ? "virtual" : "first state", real ? "real" : "second state");
    if (m->mode) print_value(o, a, w, &mode);
    LIST_EACH(v, w->states[0].values)
    if (v->component != m->mode) print_value(o, a, w, v);
    LIST_EACH(v, w->states[1].values)
    if (v->component != m->mode && !lists(&w->states[0], v)) print_value(o, a, w, v);
    if (m->memory)
        line(o, "cells", arena_format(a, "0x%llx", (unsigned long long)w->states[0].cells_n),
             arena_format(a, "0x%llx", (unsigned long long)w->states[1].cells_n));
    if (w->partition) printf("the partition begins at 0x%llx\n", (unsigned long long)w->partition);
}

int command_replay(const struct options *o)
{
    struct arena a = {0};
    struct diagnostics d = {.out = stderr, .color = o->color};
    struct description *m = NULL;
    int status = STATUS_USAGE;
    if (!options_only(o, GIVEN_JSON, 2, "no witness; expected a .json file")) return STATUS_USAGE;
    struct witness *w = witness_read(&a, o->words[1], &d, &m);
    if (w) {
        bool const shown = replay(&a, m, w);
        status = shown ? STATUS_HOLDS : STATUS_FAILS;
        if (o->json) {
            json_t *j = witness_json(m, w);
            json_object_set_new(j, "shown", json_boolean(shown));
            json_dumpf(j, stdout, JSON_INDENT(2));
            putchar('\n');
            json_decref(j);
        } else {
            char assembly[128];
            disassemble(m, w->word, w->instruction->format->width, 0, assembly, sizeof assembly);
            printf("%s: %s (0x%llx)\n", m->name, assembly, (unsigned long long)w->word);
            print_states(o, &a, m, w);
            line(o, "then", w->outcomes[0], w->outcomes[1]);
            printf("%s: %s\n", property_names[w->property],
                   shown ? "shown" : "not shown by these states");
        }
    }
    arena_free(&a);
    return status;
}
