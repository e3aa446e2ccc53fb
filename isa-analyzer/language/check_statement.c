// SPDX-License-Identifier: MIT
// Statements, and routines as wholes.
#include "isa-analyzer/language/check.h"

#include <string.h>

static void check_body(struct checker *c, struct list *body);

struct local *add_local(struct checker *c, const char *name, struct span where, unsigned width)
{
    struct local *l = ARENA_NEW(c->arena, struct local);
    struct local *other;
    LIST_EACH(other, c->scope) if (strcmp(other->name, name) == 0)
    {
        report_error(c->diagnostics, where, "a second '%s'; expected a name of its own", name);
        report_note(c->diagnostics, other->where, "the first is here");
    }
    if (find_component(c->m, name) ||
        (c->format && (find_field(c->format, name) || find_operand(c->format, name))))
        report_error(c->diagnostics, where, "'%s' already names a component, a field or an operand",
                     name);
    *l = (struct local){name, where, width, c->routine->slots++};
    list_add(c->arena, &c->scope, l);
    list_add(c->arena, &c->routine->locals, l);
    return l;
}

// A block's lets end with it.
static void check_scoped(struct checker *c, struct list *body)
{
    unsigned const outer = c->scope.n;
    check_body(c, body);
    c->scope.n = outer;
}

static void check_target(struct checker *c, struct expr *e)
{
    check_device_read(c, e, 0);
    struct expr *base = e->kind == EXPR_BITS ? e->a : e;
    if (e->kind == EXPR_CELLS) {
        c->effects |= EFFECT_STORE;
        return;
    }
    if (base->kind != EXPR_COMPONENT) {
        report_error(
            c->diagnostics, e->where,
            "this can't be assigned; expected a component, an element, bits of one, or memory");
        return;
    }
    if (base->component->kind == COMPONENT_SIGNAL)
        report_error(c->diagnostics, e->where,
                     "'%s' is a signal: it is driven from outside and only "
                     "read",
                     base->component->name);
    if (e != base && base->component->kind == COMPONENT_DEVICE)
        report_error(c->diagnostics, e->where, "a device register is written whole");
    if (base->component->kind == COMPONENT_COUNTER) c->effects |= EFFECT_JUMP;
}

static void check_assign(struct checker *c, struct statement *s)
{
    unsigned const before = c->effects;
    check_target(c, s->target);
    // To name a target is not to read it.
    if (s->target->kind == EXPR_CELLS)
        c->effects = (c->effects & ~(unsigned)EFFECT_LOAD) | (before & EFFECT_LOAD);
    bool const general =
        s->target->kind == EXPR_COMPONENT && s->target->component->kind == COMPONENT_GENERAL;
    if (general && (s->value->kind == EXPR_SELECT))
        check_device_read(c, s->value, s->target->width);
    else
        check_expr(c, s->value, s->target->width);
}

static void check_trap(struct checker *c, struct statement *s)
{
    c->effects |= EFFECT_TRAP;
    s->cause = find_trap(c->m, s->name);
    if (!s->cause) {
        report_error(c->diagnostics, s->name_where,
                     "there is no trap '%s'; the traps are declared in "
                     "traps { ... }",
                     s->name);
        return;
    }
    if (c->no_trap) report_error(c->diagnostics, s->where, "nothing may trap here");
    unsigned const wanted = s->cause->parameter ? 1 : 0;
    if (s->args.n != wanted) {
        report_error(c->diagnostics, s->where, "trap %s takes %s", s->name,
                     wanted ? "one argument, its information" : "no argument");
        return;
    }
    if (wanted) check_expr(c, s->args.items[0], s->cause->parameter_width);
}

static void check_case(struct checker *c, struct statement *s)
{
    struct case_arm *arm;
    struct expr *label;
    check_expr(c, s->value, 0);
    const struct selector *selector =
        s->value->kind == EXPR_FIELD ? s->value->field->selector : NULL;
    struct list seen = {0};
    LIST_EACH(arm, s->arms)
    {
        if (arm->otherwise && arm_i + 1 != s->arms.n)
            report_error(c->diagnostics, arm->where, "'else' must be the last case");
        LIST_EACH(label, arm->labels)
        {
            struct selector_value *v =
                label->kind == EXPR_NAME ? find_selector_value(c->m, label->name, selector) : NULL;
            if (v) {
                label->kind = EXPR_NUMBER;
                label->number = v->value;
            } else if (label->kind != EXPR_NUMBER) {
                report_error(c->diagnostics, label->where,
                             "expected a number or the name of a selector's value");
                continue;
            }
            label->width = s->value->width;
            if (bits_width(label->number) > label->width)
                report_error(c->diagnostics, label->where, "this does not fit in %u bits",
                             label->width);
            struct expr *other;
            LIST_EACH(other, seen)
            if (other->number == label->number)
                report_error(c->diagnostics, label->where, "a second case for this value");
            list_add(c->arena, &seen, label);
        }
        check_scoped(c, &arm->body);
    }
}

static void check_procedure_call(struct checker *c, struct statement *s)
{
    struct procedure *f;
    s->kind = STATEMENT_CALL;
    s->name = s->value->name;
    s->args = s->value->args;
    LIST_EACH(f, c->m->procedures)
    {
        if (f_i >= c->procedures || strcmp(f->name, s->name) != 0) continue;
        s->procedure = f;
        if (s->args.n != f->routine.parameters.n) {
            report_error(c->diagnostics, s->where, "'%s' takes %u arguments; found %u", s->name,
                         f->routine.parameters.n, s->args.n);
            return;
        }
        struct expr *x;
        LIST_EACH(x, s->args)
        check_expr(c, x, ((struct parameter *)f->routine.parameters.items[x_i])->width);
        c->effects |= f->routine.effects;
        if (c->no_trap && (f->routine.effects & EFFECT_TRAP))
            report_error(c->diagnostics, s->where, "'%s' can trap, and nothing may trap here",
                         s->name);
        return;
    }
    report_error(c->diagnostics, s->where, "there is no procedure '%s' before this", s->name);
}

static void check_end(struct checker *c, struct statement *s)
{
    c->effects |= EFFECT_END;
    if (!c->instruction)
        report_error(c->diagnostics, s->where, "'%s' can stand in instructions only",
                     s->kind == STATEMENT_STOP ? "stop" : "wait");
    if (s->kind == STATEMENT_STOP) check_expr(c, s->value, 0);
}

static void check_statement(struct checker *c, struct statement *s)
{
    struct case_arm *arm;
    switch (s->kind) {
    case STATEMENT_ASSIGN: check_assign(c, s); break;
    case STATEMENT_IF:
        check_condition(c, s->value);
        check_scoped(c, &s->body);
        check_scoped(c, &s->other);
        break;
    case STATEMENT_LET:
        check_expr(c, s->value, 0);
        s->slot = add_local(c, s->name, s->where, s->value->width)->slot;
        break;
    case STATEMENT_REQUIRE:
        check_condition(c, s->value);
        check_scoped(c, &s->body);
        break;
    case STATEMENT_TRAP: check_trap(c, s); break;
    case STATEMENT_STOP:
    case STATEMENT_WAIT: check_end(c, s); break;
    case STATEMENT_CHECKSTOP:
        if (!c->deliver)
            report_error(c->diagnostics, s->where, "'checkstop' has a meaning in 'deliver' only");
        break;
    case STATEMENT_CASE: check_case(c, s); break;
    case STATEMENT_CHOOSE:
        c->effects |= EFFECT_CHOICE;
        s->choice = c->routine->choices++;
        LIST_EACH(arm, s->arms) check_scoped(c, &arm->body);
        break;
    case STATEMENT_VALUE:
        if (s->value->kind == EXPR_CALL)
            check_procedure_call(c, s);
        else
            report_error(c->diagnostics, s->where,
                         "a value alone does nothing; expected an assignment "
                         "(:=), or another statement");
        break;
    case STATEMENT_CALL: break;
    }
}

// The scalar component that a statement assigns whole and always, or null.
static const struct component *assigned(const struct statement *s)
{
    if (s->kind != STATEMENT_ASSIGN || s->target->kind != EXPR_COMPONENT || s->target->a)
        return NULL;
    return s->target->component;
}

static void check_body(struct checker *c, struct list *body)
{
    struct statement *s, *earlier;
    LIST_EACH(s, *body)
    {
        check_statement(c, s);
        const struct component *x = assigned(s);
        if (!x) continue;
        LIST_EACH(earlier, *body)
        {
            if (earlier == s) break;
            if (assigned(earlier) != x) continue;
            report_error(c->diagnostics, s->where,
                         "a second assignment to '%s'; all effects are "
                         "committed together",
                         x->name);
            report_note(c->diagnostics, earlier->where, "the first is here");
        }
    }
}

void check_routine(struct checker *c, struct routine *r)
{
    struct parameter *p;
    c->routine = r;
    c->scope = (struct list){0};
    c->effects = 0;
    LIST_EACH(p, r->parameters) add_local(c, p->name, p->where, p->width);
    check_body(c, &r->body);
    if (r->result) {
        check_expr(c, r->result, r->result_width);
        r->result_width = r->result->width;
    }
    r->effects = c->effects;
    c->scope.n = 0;
    c->routine = NULL;
}
