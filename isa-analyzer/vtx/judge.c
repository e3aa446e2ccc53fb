// SPDX-License-Identifier: MIT
// The verdict on an instruction: it exits if a row says so and that row's controls are as it says;
// else all that it acts on must be there twice; else it escapes.
#include "isa-analyzer/vtx/vtx.h"

#include <string.h>

const char *const vtx_verdict_names[] = {"exits", "twice", "escapes"};

struct judge {
    struct arena *arena;
    const struct description *m;
    const struct vtx_rules *rules;
    const struct vtx_controls *controls;
    const char *without; // a control that is taken to be off, or null
};

static bool has(const struct list *names, const char *name)
{
    const char *x;
    LIST_EACH(x, *names) if (strcmp(x, name) == 0) return true;
    return false;
}

static void add(struct judge *j, struct list *names, const char *name)
{
    if (!has(names, name)) list_add(j->arena, names, (void *)(uintptr_t)name);
}

static void add_all(struct judge *j, struct list *names, const struct list *more)
{
    const char *x;
    LIST_EACH(x, *more) add(j, names, x);
}

// A control that is not in the list is off.
static bool is_on(const struct judge *j, const char *name)
{
    struct vtx_control *c;
    if (j->without && strcmp(name, j->without) == 0) return false;
    LIST_EACH(c, j->controls->all) if (strcmp(c->name, name) == 0) return c->on;
    return false;
}

// Whether it is met; if not, *why says by which control.
static bool is_met(struct judge *j, const struct vtx_condition *c, const char **why)
{
    const char *x;
    LIST_EACH(x, c->on)
    if (!is_on(j, x)) {
        *why = arena_format(j->arena, "'%s' is off", x);
        return false;
    }
    LIST_EACH(x, c->off)
    if (is_on(j, x)) {
        *why = arena_format(j->arena, "'%s' is on", x);
        return false;
    }
    return true;
}

static void rest_on(struct judge *j, struct vtx_answer *a, const struct vtx_condition *c)
{
    add_all(j, &a->controls, &c->on);
    add(j, &a->sections, c->section);
}

// Whether the instruction exits; if there are rows for it and none is met, *why says why.
static bool exits(struct judge *j, struct vtx_answer *a, const char *instruction, const char **why)
{
    struct vtx_exit *x;
    LIST_EACH(x, j->rules->exits)
    {
        const char *reason = NULL;
        if (!has(&x->instructions, instruction)) continue;
        if (!is_met(j, &x->when, &reason)) {
            *why = *why ? arena_format(j->arena, "%s and %s", *why, reason) : reason;
            continue;
        }
        if (!is_met(j, &j->rules->every_exit, why)) return false;
        a->verdict = VTX_EXITS;
        rest_on(j, a, &x->when);
        rest_on(j, a, &j->rules->every_exit);
        return true;
    }
    return false;
}

static bool is_twice(struct judge *j, struct vtx_answer *a, const char *state, const char **why)
{
    struct vtx_twice *t;
    const char *reason = NULL;
    LIST_EACH(t, j->rules->twice)
    {
        if (!has(&t->state, state) || !is_met(j, &t->when, &reason)) continue;
        add(j, &a->state, state);
        rest_on(j, a, &t->when);
        return true;
    }
    *why = reason ? arena_format(j->arena, "it acts on %s, where %s", state, reason)
                  : arena_format(j->arena, "it acts on %s, which there is once", state);
    return false;
}

// What it acts on: of the description, and of the rows.
static struct list acts_on(struct judge *j, const char *name, const struct touched *t, bool *any)
{
    struct list state = {0};
    struct component *x;
    struct vtx_acts *y;
    if (t) *any = t->any;
    LIST_EACH(x, j->m->components)
    if (t && t->components[x->ordinal]) add(j, &state, x->name);
    LIST_EACH(y, j->rules->acts)
    if (has(&y->instructions, name)) {
        add_all(j, &state, &y->state);
        *any = true;
    }
    return state;
}

static struct vtx_answer *judge(struct judge *j, const char *instruction, const struct touched *t)
{
    struct vtx_answer *a = ARENA_NEW(j->arena, struct vtx_answer);
    const char *off = NULL, *state, *why = NULL;
    bool any = false;
    if (exits(j, a, instruction, &off)) return a;
    struct list const all = acts_on(j, instruction, t, &any);
    a->verdict = VTX_TWICE;
    if (t && t->ends)
        why = "it stops the processor";
    else if (!any)
        why = "no row says that it exits, or what it acts on";
    LIST_EACH(state, all)
    if (!why && !is_twice(j, a, state, &why)) break;
    if (!why) return a;
    *a = (struct vtx_answer){.verdict = VTX_ESCAPES};
    a->why = off ? arena_format(j->arena, "it does not exit, since %s; and %s", off, why) : why;
    return a;
}

// ---------------------------------------------------------------- all of them

struct subject {
    const char *instruction, *name;
    const struct row *row;  // or null
    struct touched touched; // of a row
};

// Theorem 1 speaks of the sensitive ones, the exact criterion of all; what is privileged has an
// effect that the description may leave out (caches).
static bool concerns(const struct row *r)
{
    const struct verdict *const v = r->verdicts;
    if (v[PROPERTY_ALWAYS_TRAPS].answer == ANSWER_YES) return false;
    return row_sensitive(r) != ANSWER_NO || v[PROPERTY_PRIVILEGED].answer != ANSWER_NO ||
           v[PROPERTY_CONDITIONALLY_PRIVILEGED].answer != ANSWER_NO ||
           v[PROPERTY_EXACT].answer != ANSWER_YES || v[PROPERTY_REFLECTABLE].answer != ANSWER_YES;
}

static struct list subjects(struct arena *a, const struct classification *c,
                            const struct vtx_rules *rules)
{
    struct list all = {0};
    struct vtx_acts *x;
    const char *name;
    for (unsigned i = 0; i < c->rows_n; i++) {
        const struct row *r = &c->rows[i];
        if (!concerns(r)) continue;
        struct subject *s = ARENA_NEW(a, struct subject);
        *s = (struct subject){r->instruction->name, row_name(a, r), r,
                              vtx_touched(a, c->m, r->instruction)};
        list_add(a, &all, s);
    }
    LIST_EACH(x, rules->acts)
    LIST_EACH(name, x->instructions)
    {
        if (!x->beyond) continue;
        struct subject *s = ARENA_NEW(a, struct subject);
        *s = (struct subject){.instruction = name, .name = name};
        list_add(a, &all, s);
    }
    return all;
}

static struct vtx_answer *answer(struct judge *j, const struct subject *s)
{
    struct vtx_answer *a = judge(j, s->instruction, s->row ? &s->touched : NULL);
    a->name = s->name;
    a->row = s->row;
    return a;
}

struct vtx_judgement *vtx_judge(struct arena *a, const struct classification *c,
                                const struct vtx_rules *r, const struct vtx_controls *k)
{
    struct vtx_judgement *result = ARENA_NEW(a, struct vtx_judgement);
    struct list const all = subjects(a, c, r);
    struct vtx_control *control;
    struct subject *s;
    struct judge j = {a, c->m, r, k, NULL};
    LIST_EACH(s, all)
    {
        struct vtx_answer *x = answer(&j, s);
        result->escapes += x->verdict == VTX_ESCAPES;
        list_add(a, &result->answers, x);
    }
    LIST_EACH(control, k->all)
    {
        if (!control->needed || !control->on) continue;
        struct vtx_need *need = ARENA_NEW(a, struct vtx_need);
        need->control = control;
        j.without = control->name;
        LIST_EACH(s, all)
        if (answer(&j, s)->verdict == VTX_ESCAPES) add(&j, &need->escapes, s->name);
        result->idle += need->escapes.n == 0;
        list_add(a, &result->needs, need);
    }
    return result;
}
