// SPDX-License-Identifier: MIT
// From a checked tree to terms: as emit/coq_term.c writes it and Coq unfolds it.
#include "isa-analyzer/certify/term.h"

// A routine being read: what its slots are in the term.
struct reading {
    struct arena *arena;
    const struct description *m;
    unsigned *next; // the first slot that is free in the whole term
    unsigned *slots;
};

static struct reading begin(const struct reading *r, const struct routine *of)
{
    struct reading inner = *r;
    inner.slots = arena_alloc(r->arena, (of->slots + 1) * sizeof *inner.slots);
    for (unsigned k = 0; k < of->parameters.n; k++) inner.slots[k] = (*r->next)++;
    return inner;
}

static struct term *make(const struct reading *r, struct term t)
{
    struct term *x = ARENA_NEW(r->arena, struct term);
    *x = t;
    return x;
}

static const struct term *number(const struct reading *r, bits value)
{
    return make(r, (struct term){.kind = TERM_NUMBER, .number = value});
}

static const struct term *slot_is(const struct reading *r, unsigned slot, unsigned width, bits n)
{
    const struct term *const value = make(r, (struct term){.kind = TERM_SLOT, .slot = slot});
    return make(
        r, (struct term){
               .kind = TERM_BINARY, .op = OP_EQ, .width = width, .a = value, .b = number(r, n)});
}

// ---------------------------------------------------------------- expressions

static const struct term *expression(const struct reading *r, const struct expr *e);

static const struct term *call(const struct reading *r, const struct expr *e)
{
    struct reading const inner = begin(r, &e->function->routine);
    const struct term *body = expression(&inner, e->function->routine.result);
    for (unsigned k = e->args.n; k-- > 0;)
        body = make(r, (struct term){.kind = TERM_LET,
                                     .slot = inner.slots[k],
                                     .a = expression(r, e->args.items[k]),
                                     .b = body});
    return body;
}

static const struct term *among(const struct reading *r, const struct expr *e)
{
    unsigned const slot = (*r->next)++;
    const struct term *rest = number(r, 0);
    for (unsigned k = e->args.n; k-- > 0;) {
        const struct term *const x = expression(r, e->args.items[k]);
        rest = k + 1 == e->args.n
                   ? x
                   : make(r, (struct term){
                                 .kind = TERM_IF, .a = slot_is(r, slot, 64, k), .b = x, .c = rest});
    }
    const struct term *const open = make(r, (struct term){.kind = TERM_OPEN});
    return make(r, (struct term){.kind = TERM_LET, .slot = slot, .a = open, .b = rest});
}

static const struct term *unary(const struct reading *r, const struct expr *e)
{
    bool const negation = e->op == OP_BOOL_NOT;
    return make(r, (struct term){.kind = TERM_UNARY,
                                 .op = e->op == OP_NEG ? OP_NEG : OP_NOT,
                                 .width = negation ? 1 : e->width,
                                 .a = expression(r, e->a)});
}

static const struct term *binary(const struct reading *r, const struct expr *e)
{
    const struct term *const a = expression(r, e->a), *const b = expression(r, e->b);
    if (e->op == OP_BOOL_AND)
        return make(r, (struct term){.kind = TERM_IF, .a = a, .b = b, .c = number(r, 0)});
    if (e->op == OP_BOOL_OR)
        return make(r, (struct term){.kind = TERM_IF, .a = a, .b = number(r, 1), .c = b});
    if (e->op == OP_CONCAT)
        return make(r, (struct term){.kind = TERM_CONCAT, .width = e->b->width, .a = a, .b = b});
    return make(
        r, (struct term){.kind = TERM_BINARY, .op = e->op, .width = e->a->width, .a = a, .b = b});
}

static const struct term *expression(const struct reading *r, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_NUMBER: return number(r, e->number);
    case EXPR_LOCAL: return make(r, (struct term){.kind = TERM_SLOT, .slot = r->slots[e->slot]});
    case EXPR_COMPONENT:
        return make(r, (struct term){.kind = TERM_ELEMENT,
                                     .component = e->component,
                                     .a = e->a ? expression(r, e->a) : number(r, 0)});
    case EXPR_CONFIG:
        if (r->m->memory && r->m->memory->size == e->config)
            return make(r, (struct term){.kind = TERM_SIZE});
        return number(r, e->config->value);
    case EXPR_FIELD:
        return make(r, (struct term){.kind = TERM_BITS,
                                     .low = e->field->low,
                                     .width = e->field->width,
                                     .a = make(r, (struct term){.kind = TERM_WORD})});
    case EXPR_OPERAND: return expression(r, e->operand->value);
    case EXPR_CLASS: return make(r, (struct term){.kind = TERM_CLASS, .number = e->number});
    case EXPR_CELLS:
        return make(r, (struct term){.kind = TERM_CELLS,
                                     .translation = e->translation,
                                     .number = e->cells,
                                     .a = expression(r, e->a)});
    case EXPR_BITS:
        return make(
            r, (struct term){
                   .kind = TERM_BITS, .low = e->low, .width = e->width, .a = expression(r, e->a)});
    case EXPR_UNARY: return unary(r, e);
    case EXPR_BINARY: return binary(r, e);
    case EXPR_IF:
        return make(r, (struct term){.kind = TERM_IF,
                                     .a = expression(r, e->a),
                                     .b = expression(r, e->b),
                                     .c = expression(r, e->c)});
    case EXPR_CALL: return call(r, e);
    case EXPR_ZEXT: return expression(r, e->a);
    case EXPR_SEXT:
        return make(r, (struct term){.kind = TERM_SEXT,
                                     .low = e->a->width,
                                     .width = e->width,
                                     .a = expression(r, e->a)});
    case EXPR_CHOOSE: return among(r, e);
    case EXPR_ARBITRARY: return make(r, (struct term){.kind = TERM_OPEN});
    default: // EXPR_WORD, EXPR_NEXT
        return make(r, (struct term){.kind = TERM_WORD, .number = e->kind == EXPR_NEXT});
    }
}

// ---------------------------------------------------------------- statements

static const struct term *body_of(const struct reading *r, const struct list *body);

static const struct term *place(const struct reading *r, const struct expr *target)
{
    const struct expr *const e = target->kind == EXPR_BITS ? target->a : target;
    if (e->kind == EXPR_CELLS)
        return make(r, (struct term){.kind = TERM_STORE,
                                     .translation = e->translation,
                                     .number = e->cells,
                                     .a = expression(r, e->a)});
    return make(r, (struct term){.kind = TERM_PART,
                                 .component = e->component,
                                 .a = e->a ? expression(r, e->a) : number(r, 0),
                                 .low = target == e ? 0 : target->low,
                                 .width = target->width});
}

static const struct term *assign(const struct reading *r, const struct statement *s)
{
    const struct expr *const v = s->value;
    const struct term *const to = place(r, s->target);
    if (v->kind != EXPR_COMPONENT || v->component->kind != COMPONENT_DEVICE)
        return make(r, (struct term){.kind = TERM_ASSIGN, .a = to, .b = expression(r, v)});
    return make(r, (struct term){.kind = TERM_INPUT,
                                 .component = v->component,
                                 .a = to,
                                 .b = v->a ? expression(r, v->a) : number(r, 0)});
}

static const struct term *raise(const struct reading *r, const struct statement *s)
{
    return make(r, (struct term){.kind = TERM_RAISE,
                                 .trap = s->cause,
                                 .a = s->args.n ? expression(r, s->args.items[0]) : number(r, 0)});
}

static const struct term *define(const struct reading *r, unsigned slot, const struct term *value,
                                 const struct term *rest)
{
    const struct term *const x =
        make(r, (struct term){.kind = TERM_DEFINE, .slot = slot, .a = value});
    return make(r, (struct term){.kind = TERM_SEQ, .a = x, .b = rest});
}

static const struct term *branch(const struct reading *r, const struct term *condition,
                                 const struct term *yes, const struct term *no)
{
    return make(r, (struct term){.kind = TERM_IF, .a = condition, .b = yes, .c = no});
}

// slot = first label or slot = second label or ...
static const struct term *one_of(const struct reading *r, unsigned slot, unsigned width,
                                 const struct list *labels)
{
    const struct term *any = number(r, 0);
    for (unsigned k = labels->n; k-- > 0;) {
        const struct expr *const label = labels->items[k];
        const struct term *const is = slot_is(r, slot, width, label->number);
        any = k + 1 == labels->n ? is : branch(r, is, number(r, 1), any);
    }
    return any;
}

static const struct term *choice(const struct reading *r, const struct statement *s)
{
    unsigned const slot = (*r->next)++;
    const struct term *value, *rest = make(r, (struct term){.kind = TERM_SKIP});
    bool const chosen = s->kind == STATEMENT_CHOOSE;
    value = chosen ? make(r, (struct term){.kind = TERM_OPEN}) : expression(r, s->value);
    for (unsigned k = 0; !chosen && k < s->arms.n; k++) {
        const struct case_arm *const arm = s->arms.items[k];
        if (arm->otherwise) rest = body_of(r, &arm->body);
    }
    for (unsigned k = s->arms.n; k-- > 0;) {
        const struct case_arm *const arm = s->arms.items[k];
        if (chosen && k + 1 == s->arms.n)
            rest = body_of(r, &arm->body);
        else if (chosen)
            rest = branch(r, slot_is(r, slot, 64, k), body_of(r, &arm->body), rest);
        else if (!arm->otherwise)
            rest = branch(r, one_of(r, slot, s->value->width, &arm->labels), body_of(r, &arm->body),
                          rest);
    }
    return define(r, slot, value, rest);
}

static const struct term *call_procedure(const struct reading *r, const struct statement *s)
{
    struct reading const inner = begin(r, &s->procedure->routine);
    const struct term *body = body_of(&inner, &s->procedure->routine.body);
    for (unsigned k = s->args.n; k-- > 0;)
        body = define(r, inner.slots[k], expression(r, s->args.items[k]), body);
    return body;
}

static const struct term *statement(const struct reading *r, const struct statement *s)
{
    switch (s->kind) {
    case STATEMENT_ASSIGN: return assign(r, s);
    case STATEMENT_IF:
        return branch(r, expression(r, s->value), body_of(r, &s->body), body_of(r, &s->other));
    case STATEMENT_LET:
        r->slots[s->slot] = (*r->next)++;
        return make(r, (struct term){.kind = TERM_DEFINE,
                                     .slot = r->slots[s->slot],
                                     .a = expression(r, s->value)});
    case STATEMENT_REQUIRE:
        return branch(r, expression(r, s->value), make(r, (struct term){.kind = TERM_SKIP}),
                      body_of(r, &s->body));
    case STATEMENT_TRAP: return raise(r, s);
    case STATEMENT_STOP:
        return make(r, (struct term){.kind = TERM_HALT, .a = expression(r, s->value)});
    case STATEMENT_WAIT: return make(r, (struct term){.kind = TERM_WAIT});
    case STATEMENT_CHECKSTOP: return make(r, (struct term){.kind = TERM_CHECKSTOP});
    case STATEMENT_CASE:
    case STATEMENT_CHOOSE: return choice(r, s);
    case STATEMENT_CALL: return call_procedure(r, s);
    case STATEMENT_VALUE: break;
    }
    return make(r, (struct term){.kind = TERM_SKIP});
}

// The statements in their order, so that a let is read before what uses it.
static const struct term *body_of(const struct reading *r, const struct list *body)
{
    struct statement *s;
    struct list all = {0};
    LIST_EACH(s, *body) list_add(r->arena, &all, (void *)statement(r, s));
    if (!all.n) return make(r, (struct term){.kind = TERM_SKIP});
    const struct term *x = all.items[all.n - 1];
    for (unsigned k = all.n - 1; k-- > 0;)
        x = make(r, (struct term){.kind = TERM_SEQ, .a = all.items[k], .b = x});
    return x;
}

const struct term *term_of_body(struct arena *a, const struct description *m,
                                const struct routine *r)
{
    unsigned next = 0;
    struct reading const outer = {.arena = a, .m = m, .next = &next};
    struct reading const inner = begin(&outer, r);
    return body_of(&inner, &r->body);
}

// ---------------------------------------------------------------- values

static const struct term *rest_of(const struct reading *r, const struct list *body, unsigned from,
                                  const struct expr *result)
{
    if (from == body->n) return result ? expression(r, result) : number(r, 0);
    const struct statement *const s = body->items[from];
    const struct term *x, *y;
    switch (s->kind) {
    case STATEMENT_LET:
        r->slots[s->slot] = (*r->next)++;
        x = expression(r, s->value);
        y = rest_of(r, body, from + 1, result);
        return make(r, (struct term){.kind = TERM_LET, .slot = r->slots[s->slot], .a = x, .b = y});
    case STATEMENT_REQUIRE:
        x = raise(r, s->body.items[0]);
        return branch(r, expression(r, s->value), rest_of(r, body, from + 1, result), x);
    case STATEMENT_TRAP: return raise(r, s);
    default: // an if that can only trap; emit coq has reported all else
        x = s->kind == STATEMENT_IF
                ? branch(r, expression(r, s->value), rest_of(r, &s->body, 0, NULL),
                         rest_of(r, &s->other, 0, NULL))
                : number(r, 0);
        y = rest_of(r, body, from + 1, result);
        return make(r, (struct term){.kind = TERM_LET, .slot = (*r->next)++, .a = x, .b = y});
    }
}

const struct term *term_of_value(struct arena *a, const struct description *m,
                                 const struct routine *r)
{
    unsigned next = 0;
    struct reading const outer = {.arena = a, .m = m, .next = &next};
    struct reading const inner = begin(&outer, r);
    return rest_of(&inner, &r->body, 0, r->result);
}

// ---------------------------------------------------------------- equality

bool term_equal(const struct term *x, const struct term *y)
{
    if (!x || !y) return x == y;
    return x->kind == y->kind && x->number == y->number && x->slot == y->slot &&
           x->width == y->width && x->low == y->low && x->op == y->op &&
           x->component == y->component && x->translation == y->translation && x->trap == y->trap &&
           term_equal(x->a, y->a) && term_equal(x->b, y->b) && term_equal(x->c, y->c);
}
