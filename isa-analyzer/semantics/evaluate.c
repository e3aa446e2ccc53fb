// SPDX-License-Identifier: MIT
// The evaluator. It is written to be read beside the language's definition, not to be fast.
#include "isa-analyzer/semantics/evaluate.h"

static union value expression(struct evaluation *v, const struct expr *e);
static void statements(struct evaluation *v, const struct list *body);

// ---------------------------------------------------------------- conditions

static union value yes(struct evaluation *v)
{
    return v->domain->constant(v->domain, 1, 1);
}

static union value no(struct evaluation *v)
{
    return v->domain->constant(v->domain, 0, 1);
}

static union value both(struct evaluation *v, union value a, union value b)
{
    return v->domain->binary(v->domain, OP_BOOL_AND, a, b, 1, 1);
}

static union value negated(struct evaluation *v, union value a)
{
    return v->domain->unary(v->domain, OP_BOOL_NOT, a, 1);
}

// Nothing that follows can matter: a trap has been taken, or the branch is not.
static bool is_dead(struct evaluation *v)
{
    return v->domain->truth(v->domain, v->alive) == TRUTH_NO ||
           v->domain->truth(v->domain, v->branch) == TRUTH_NO;
}

static void add_end(struct evaluation *v, enum ending ending, const struct trap_cause *cause,
                    union value value)
{
    struct end *e = ARENA_NEW(v->arena, struct end);
    *e = (struct end){ending, both(v, v->branch, v->alive), cause, value, v->translating};
    list_add(v->arena, &v->ends, e);
    if (ending == ENDING_TRAP || ending == ENDING_CHECKSTOP)
        v->alive = both(v, v->alive, negated(v, v->branch));
}

void evaluation_trap(struct evaluation *v, union value condition, const struct trap_cause *cause,
                     union value information)
{
    union value const outer = v->branch;
    bool const translating = v->translating;
    v->branch = both(v, outer, condition);
    v->translating = true;
    if (!is_dead(v)) add_end(v, ENDING_TRAP, cause, information);
    v->branch = outer;
    v->translating = translating;
}

// ---------------------------------------------------------------- expressions

// A routine within: its slots, with the arguments in the first ones.
static union value *frame(struct evaluation *v, const struct routine *r, const struct list *args)
{
    union value *slots = arena_alloc(v->arena, (r->slots + 1) * sizeof *slots);
    struct expr *x;
    LIST_EACH(x, *args) slots[x_i] = expression(v, x);
    return slots;
}

static union value call(struct evaluation *v, const struct expr *e)
{
    const union value *outer = v->slots;
    v->slots = frame(v, &e->function->routine, &e->args);
    union value const result = expression(v, e->function->routine.result);
    v->slots = outer;
    return result;
}

// The physical address of cells; may trap.
static union value physical(struct evaluation *v, const struct expr *e, unsigned *width)
{
    union value const address = expression(v, e->a);
    *width = e->a->width;
    if (!e->translation) return address;
    const struct routine *r = &e->translation->routine;
    struct parameter *n = r->parameters.items[1];
    union value translated;
    *width = r->result_width;
    if (v->domain->translate &&
        v->domain->translate(v->domain, v, e->translation, address, e->cells, &translated))
        return translated;
    union value *slots = arena_alloc(v->arena, (r->slots + 1) * sizeof *slots);
    slots[0] = address;
    slots[1] = v->domain->constant(v->domain, e->cells, n->width);
    const union value *outer = v->slots;
    bool const translating = v->translating;
    v->slots = slots;
    v->translating = true;
    statements(v, &r->body);
    union value const result =
        is_dead(v) ? v->domain->constant(v->domain, 0, r->result_width) : expression(v, r->result);
    v->slots = outer;
    v->translating = translating;
    return result;
}

// Evaluates e only where `condition` holds too.
static union value guarded(struct evaluation *v, union value condition, const struct expr *e)
{
    union value const outer = v->branch;
    v->branch = both(v, outer, condition);
    union value const result = v->domain->truth(v->domain, v->branch) == TRUTH_NO
                                   ? v->domain->constant(v->domain, 0, e->width)
                                   : expression(v, e);
    v->branch = outer;
    return result;
}

static union value logical(struct evaluation *v, const struct expr *e)
{
    bool const and = e->op == OP_BOOL_AND;
    union value const left = expression(v, e->a);
    union value const right = guarded(v, and? left : negated(v, left), e->b);
    return v->domain->if_else(v->domain, left, and? right : yes(v), and? no(v) : right, 1);
}

static union value class_of(struct evaluation *v, bool supervisor)
{
    const struct component *mode = v->m->mode;
    union value const now = v->domain->read(v->domain, mode, NULL, 0);
    union value any = no(v);
    struct mode_value *x;
    LIST_EACH(x, mode->modes)
    {
        if (x->supervisor != supervisor) continue;
        union value const it = v->domain->constant(v->domain, x->value, mode->width);
        union value const is =
            v->domain->binary(v->domain, OP_EQ, now, it, mode->width, mode->width);
        any = v->domain->binary(v->domain, OP_BOOL_OR, any, is, 1, 1);
    }
    return any;
}

static union value next_address(struct evaluation *v)
{
    unsigned const width = v->m->counter->width;
    unsigned const cells = v->site.instruction->format->width / v->m->memory->width;
    union value const length = v->domain->constant(v->domain, cells, width);
    return v->domain->binary(v->domain, OP_ADD, v->site.address, length, width, width);
}

static unsigned word_width(const struct evaluation *v)
{
    return v->site.instruction ? v->site.instruction->format->width : v->m->unit_width;
}

static union value expression(struct evaluation *v, const struct expr *e)
{
    struct domain *const d = v->domain;
    unsigned width;
    switch (e->kind) {
    case EXPR_NUMBER: return d->constant(d, e->number, e->width);
    case EXPR_LOCAL: return v->slots[e->slot];
    case EXPR_COMPONENT: {
        if (!e->a) return d->read(d, e->component, NULL, 0);
        union value const index = expression(v, e->a);
        return d->read(d, e->component, &index, e->a->width);
    }
    case EXPR_CONFIG: return d->parameter(d, e->config);
    case EXPR_FIELD: return d->slice(d, v->site.word, e->field->low, e->width, word_width(v));
    case EXPR_OPERAND: return expression(v, e->operand->value);
    case EXPR_WORD: return d->slice(d, v->site.word, 0, e->width, word_width(v));
    case EXPR_NEXT: return next_address(v);
    case EXPR_CLASS: return class_of(v, e->number != 0);
    case EXPR_CELLS: {
        union value const at = physical(v, e, &width);
        if (is_dead(v)) return d->constant(d, 0, e->width);
        return d->load(d, e->component, at, width, e->cells, e->translation);
    }
    case EXPR_BITS: return d->slice(d, expression(v, e->a), e->low, e->width, e->a->width);
    case EXPR_UNARY: return d->unary(d, e->op, expression(v, e->a), e->width);
    case EXPR_BINARY: {
        if (e->op == OP_BOOL_AND || e->op == OP_BOOL_OR) return logical(v, e);
        union value const a = expression(v, e->a);
        return d->binary(d, e->op, a, expression(v, e->b), e->a->width, e->b->width);
    }
    case EXPR_IF: {
        union value const condition = expression(v, e->a);
        union value const b = guarded(v, condition, e->b);
        return d->if_else(d, condition, b, guarded(v, negated(v, condition), e->c), e->width);
    }
    case EXPR_CALL: return call(v, e);
    case EXPR_ZEXT:
    case EXPR_SEXT:
        return d->extend(d, expression(v, e->a), e->a->width, e->width, e->kind == EXPR_SEXT);
    case EXPR_CHOOSE: return expression(v, e->args.items[d->choose(d, e->args.n)]);
    case EXPR_ARBITRARY: return d->arbitrary(d, e->width);
    default: return d->constant(d, 0, e->width);
    }
}

// ---------------------------------------------------------------- statements

static void assign(struct evaluation *v, const struct statement *s)
{
    const struct expr *const bits_of = s->target->kind == EXPR_BITS ? s->target : NULL;
    const struct expr *const target = bits_of ? bits_of->a : s->target;
    struct effect *f = ARENA_NEW(v->arena, struct effect);
    f->component = target->component;
    f->low = bits_of ? bits_of->low : 0;
    f->width = s->target->width;
    if (target->kind == EXPR_CELLS) {
        f->indexed = true;
        f->cells = target->cells;
        f->translation = target->translation;
        f->index = physical(v, target, &f->index_width);
    } else if (target->a) {
        f->indexed = true;
        f->index = expression(v, target->a);
        f->index_width = target->a->width;
    }
    const struct expr *const value = s->value;
    if (value->kind == EXPR_COMPONENT && value->component->kind == COMPONENT_DEVICE) {
        f->device = value->component;
        f->data = value->a ? expression(v, value->a) : v->domain->constant(v->domain, 0, 1);
    } else {
        f->data = expression(v, value);
    }
    f->guard = v->branch;
    if (!is_dead(v)) list_add(v->arena, &v->effects, f);
}

// A body that is evaluated only where `condition` holds too.
static void branch(struct evaluation *v, union value condition, const struct list *body)
{
    union value const outer = v->branch;
    v->branch = both(v, outer, condition);
    statements(v, body);
    v->branch = outer;
}

static void cases(struct evaluation *v, const struct statement *s)
{
    struct domain *const d = v->domain;
    union value const value = expression(v, s->value);
    union value before = no(v); // an earlier case was taken
    struct case_arm *arm;
    struct expr *label;
    LIST_EACH(arm, s->arms)
    {
        union value is = arm->otherwise ? yes(v) : no(v);
        LIST_EACH(label, arm->labels)
        {
            union value const it = d->constant(d, label->number, label->width);
            union value const same = d->binary(d, OP_EQ, value, it, label->width, label->width);
            is = d->binary(d, OP_BOOL_OR, is, same, 1, 1);
        }
        branch(v, both(v, is, negated(v, before)), &arm->body);
        before = d->binary(d, OP_BOOL_OR, before, is, 1, 1);
    }
}

static void statement(struct evaluation *v, const struct statement *s, union value *slots)
{
    struct domain *const d = v->domain;
    switch (s->kind) {
    case STATEMENT_ASSIGN: assign(v, s); break;
    case STATEMENT_IF: {
        union value const condition = expression(v, s->value);
        branch(v, condition, &s->body);
        branch(v, negated(v, condition), &s->other);
        break;
    }
    case STATEMENT_LET: slots[s->slot] = expression(v, s->value); break;
    case STATEMENT_REQUIRE: branch(v, negated(v, expression(v, s->value)), &s->body); break;
    case STATEMENT_TRAP:
        add_end(v, ENDING_TRAP, s->cause,
                s->args.n ? expression(v, s->args.items[0]) : d->constant(d, 0, 32));
        break;
    case STATEMENT_STOP: add_end(v, ENDING_STOP, NULL, expression(v, s->value)); break;
    case STATEMENT_WAIT: add_end(v, ENDING_WAIT, NULL, d->constant(d, 0, 1)); break;
    case STATEMENT_CHECKSTOP: add_end(v, ENDING_CHECKSTOP, NULL, d->constant(d, 0, 1)); break;
    case STATEMENT_CASE: cases(v, s); break;
    case STATEMENT_CHOOSE: {
        const struct case_arm *taken = s->arms.items[d->choose(d, s->arms.n)];
        statements(v, &taken->body);
        break;
    }
    case STATEMENT_CALL: {
        const union value *outer = v->slots;
        v->slots = frame(v, &s->procedure->routine, &s->args);
        statements(v, &s->procedure->routine.body);
        v->slots = outer;
        break;
    }
    case STATEMENT_VALUE: break;
    }
}

static void statements(struct evaluation *v, const struct list *body)
{
    struct statement *s;
    LIST_EACH(s, *body)
    {
        if (is_dead(v)) return;
        // Lets are written by the routine that reads them.
        statement(v, s, (union value *)(uintptr_t)v->slots);
    }
}

struct evaluation *evaluate(struct arena *a, const struct description *m, struct domain *d,
                            const struct site *site, const struct routine *r,
                            const union value *arguments)
{
    struct evaluation *v = ARENA_NEW(a, struct evaluation);
    union value *slots = arena_alloc(a, (r->slots + 1) * sizeof *slots);
    for (unsigned i = 0; i < r->parameters.n; i++) slots[i] = arguments[i];
    *v = (struct evaluation){.domain = d, .arena = a, .m = m, .slots = slots};
    if (site) v->site = *site;
    v->alive = v->branch = yes(v);
    statements(v, &r->body);
    if (r->result && !is_dead(v)) v->result = expression(v, r->result);
    return v;
}

union value evaluate_condition(struct arena *a, const struct description *m, struct domain *d,
                               const struct expr *e)
{
    struct evaluation v = {.domain = d, .arena = a, .m = m};
    v.alive = v.branch = yes(&v);
    return expression(&v, e);
}
