// SPDX-License-Identifier: MIT
// The components that an instruction may read or write, by a walk through its tree.
#include "isa-analyzer/vtx/vtx.h"

struct walk {
    struct arena *arena;
    const struct description *m;
    struct touched found;
    struct list seen; // of routine: functions, procedures and translations walked already
};

static void statements(struct walk *w, const struct list *body);

static void component(struct walk *w, const struct component *x)
{
    if (!x || x->kind == COMPONENT_GENERAL || x->kind == COMPONENT_COUNTER) return;
    w->found.components[x->ordinal] = true;
    if (x->kind != COMPONENT_MEMORY) w->found.any = true;
}

static void expression(struct walk *w, const struct expr *e);

static void routine(struct walk *w, struct routine *r)
{
    struct routine *x;
    LIST_EACH(x, w->seen) if (x == r) return;
    list_add(w->arena, &w->seen, r);
    statements(w, &r->body);
    expression(w, r->result);
}

static void expression(struct walk *w, const struct expr *e)
{
    struct expr *x;
    if (!e) return;
    if (e->kind == EXPR_COMPONENT) component(w, e->component);
    if (e->kind == EXPR_CLASS) w->found.components[w->m->mode->ordinal] = true;
    if (e->kind == EXPR_CELLS) component(w, e->translation ? e->translation->memory : w->m->memory);
    if (e->kind == EXPR_CELLS && e->translation) routine(w, &e->translation->routine);
    // A call of a procedure has its expression as well, without a function.
    if (e->kind == EXPR_CALL && e->function) routine(w, &e->function->routine);
    expression(w, e->a);
    expression(w, e->b);
    expression(w, e->c);
    LIST_EACH(x, e->args) expression(w, x);
}

static void statement(struct walk *w, const struct statement *s)
{
    struct case_arm *arm;
    struct expr *x;
    expression(w, s->target);
    expression(w, s->value);
    LIST_EACH(x, s->args) expression(w, x);
    statements(w, &s->body);
    statements(w, &s->other);
    LIST_EACH(arm, s->arms) statements(w, &arm->body);
    if (s->kind == STATEMENT_CALL) routine(w, &s->procedure->routine);
    w->found.ends |=
        s->kind == STATEMENT_STOP || s->kind == STATEMENT_WAIT || s->kind == STATEMENT_CHECKSTOP;
}

static void statements(struct walk *w, const struct list *body)
{
    struct statement *s;
    LIST_EACH(s, *body) statement(w, s);
}

struct touched vtx_touched(struct arena *a, const struct description *m,
                           const struct instruction *i)
{
    struct walk w = {.arena = a, .m = m};
    w.found.components = arena_alloc(a, m->components.n * sizeof *w.found.components);
    expression(&w, i->guard);
    statements(&w, &i->routine.body);
    expression(&w, i->routine.result);
    return w.found;
}
