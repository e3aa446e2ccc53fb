// SPDX-License-Identifier: MIT
// An interpreter of instructions, from the book's chapter on the language. Values have 64 bits at
// most here.
#include "tests/classify/interpreter.h"

enum { SLOTS_MAX = 16 };

struct interpreter {
    struct world *w;
    unsigned side;
    const struct instruction *i;
    struct enumeration choices;
    struct outcome *o;
    uint64_t *slots;
    bool trapped;
};

static uint64_t value_of(struct interpreter *t, const struct expr *e);
static void run(struct interpreter *t, const struct list *body);

_Noreturn static void unfit(const char *what)
{
    fprintf(stderr, "the enumeration cannot say what this does: %s\n", what);
    abort();
}

static uint64_t low(uint64_t v, unsigned width)
{
    return width >= 64 ? v : v & (((uint64_t)1 << width) - 1);
}

static int64_t as_signed(uint64_t v, unsigned width)
{
    return width < 64 && v >> (width - 1) & 1 ? (int64_t)(v | ~(uint64_t)0 << width) : (int64_t)v;
}

// ---------------------------------------------------------------- operators

static uint64_t quotient(uint64_t a, uint64_t b, unsigned width, bool is_signed, bool remainder)
{
    if (!is_signed) {
        if (b == 0) return remainder ? a : low(UINT64_MAX, width);
        return remainder ? a % b : a / b;
    }
    int64_t const x = as_signed(a, width), y = as_signed(b, width);
    if (y == 0) return remainder ? a : x < 0 ? 1 : low(UINT64_MAX, width);
    if (y == -1) return remainder ? 0 : low(0 - a, width);
    return low((uint64_t)(remainder ? x % y : x / y), width);
}

static uint64_t apply(enum op op, uint64_t a, uint64_t b, const struct expr *e)
{
    unsigned const width = e->a->width;
    int64_t const x = as_signed(a, width), y = as_signed(b, e->b->width);
    switch (op) {
    case OP_ADD: return low(a + b, width);
    case OP_SUB: return low(a - b, width);
    case OP_MUL: return low(a * b, width);
    case OP_UDIV: return quotient(a, b, width, false, false);
    case OP_UREM: return quotient(a, b, width, false, true);
    case OP_SDIV: return quotient(a, b, width, true, false);
    case OP_SREM: return quotient(a, b, width, true, true);
    case OP_AND: return a & b;
    case OP_OR: return a | b;
    case OP_XOR: return a ^ b;
    case OP_SHL: return b >= width ? 0 : low(a << b, width);
    case OP_SHR: return b >= width ? 0 : a >> b;
    case OP_SAR: return low((uint64_t)(x >> (b >= width ? width - 1 : b)), width);
    case OP_CONCAT: return e->width > 64 ? (unfit("++"), 0) : a << e->b->width | b;
    case OP_EQ: return a == b;
    case OP_NE: return a != b;
    case OP_ULT: return a < b;
    case OP_ULE: return a <= b;
    case OP_UGT: return a > b;
    case OP_UGE: return a >= b;
    case OP_SLT: return x < y;
    case OP_SLE: return x <= y;
    case OP_SGT: return x > y;
    case OP_SGE: return x >= y;
    default: unfit("an operator");
    }
}

// ---------------------------------------------------------------- traps, routines, memory

static void take_trap(struct interpreter *t, const struct trap_cause *cause, uint64_t information)
{
    if (t->trapped) return;
    t->trapped = true;
    t->o->kind = cause->is_memory ? OUTCOME_MEMORY_TRAP : OUTCOME_TRAP;
    t->o->cause = cause;
    t->o->value = information;
}

// Runs a routine with its own slots; the value of its result, if it has one and nothing trapped.
static uint64_t enter(struct interpreter *t, const struct routine *r, const uint64_t *arguments)
{
    uint64_t slots[SLOTS_MAX] = {0}, *const outer = t->slots;
    if (r->slots > SLOTS_MAX) unfit("so many lets");
    for (unsigned k = 0; k < r->parameters.n; k++) slots[k] = arguments[k];
    t->slots = slots;
    run(t, &r->body);
    uint64_t const result = r->result && !t->trapped ? value_of(t, r->result) : 0;
    t->slots = outer;
    return result;
}

static uint64_t enter_with(struct interpreter *t, const struct routine *r, const struct list *args)
{
    uint64_t arguments[SLOTS_MAX];
    struct expr *x;
    LIST_EACH(x, *args) arguments[x_i] = value_of(t, x);
    return t->trapped ? 0 : enter(t, r, arguments);
}

static uint64_t physical(struct interpreter *t, const struct expr *e)
{
    uint64_t const arguments[] = {value_of(t, e->a), e->cells};
    if (!e->translation || t->trapped) return arguments[0];
    return enter(t, &e->translation->routine, arguments);
}

static unsigned cell_place(const struct component *memory, unsigned k, unsigned cells)
{
    return (memory->big_endian ? cells - 1 - k : k) * memory->width;
}

static uint64_t load(struct interpreter *t, const struct expr *e)
{
    uint64_t const at = physical(t, e);
    uint64_t value = 0;
    for (unsigned k = 0; k < e->cells && !t->trapped; k++)
        value |= world_cell(t->w, t->side, at + k) << cell_place(e->component, k, e->cells);
    return value;
}

static unsigned element_of(struct interpreter *t, const struct expr *e)
{
    uint64_t const index = e->a ? value_of(t, e->a) : 0;
    return t->w->subject->first[e->component->ordinal] + (unsigned)index;
}

static uint64_t class_of(struct interpreter *t, bool supervisor)
{
    const struct subject *s = t->w->subject;
    uint64_t const mode = world_element(t->w, t->side, s->mode);
    for (unsigned k = 0; k < s->modes_n; k++)
        if (s->modes[k] == mode) return s->supervisor[k] == supervisor;
    return 0;
}

static unsigned length_of(const struct world *w, const struct instruction *i)
{
    return i->format->width / w->subject->m->memory->width;
}

static uint64_t next_address(struct world *w, unsigned side, const struct instruction *i)
{
    const struct component *counter = w->subject->m->counter;
    uint64_t const at = world_element(w, side, w->subject->first[counter->ordinal]);
    return low(at + length_of(w, i), counter->width);
}

static uint64_t whole_word(struct interpreter *t)
{
    struct field *f;
    uint64_t word = 0;
    LIST_EACH(f, t->i->format->fields) word |= world_field(t->w, t->i, f) << f->low;
    return word;
}

// ---------------------------------------------------------------- expressions

static uint64_t value_of(struct interpreter *t, const struct expr *e)
{
    if (t->trapped) return 0;
    if (e->width > 64) unfit("a value of more than 64 bits");
    switch (e->kind) {
    case EXPR_NUMBER: return (uint64_t)e->number;
    case EXPR_LOCAL: return t->slots[e->slot];
    case EXPR_COMPONENT: {
        unsigned const element = element_of(t, e);
        return t->trapped ? 0 : world_element(t->w, t->side, element);
    }
    case EXPR_CONFIG:
        if (e->config == t->w->subject->m->memory->size) return world_size(t->w, t->side);
        return (uint64_t)e->config->value;
    case EXPR_FIELD: return world_field(t->w, t->i, e->field);
    case EXPR_OPERAND: return value_of(t, e->operand->value);
    case EXPR_WORD: return whole_word(t);
    case EXPR_NEXT: return next_address(t->w, t->side, t->i);
    case EXPR_CLASS: return class_of(t, e->number != 0);
    case EXPR_CELLS: return load(t, e);
    case EXPR_BITS: return low(value_of(t, e->a) >> e->low, e->width);
    case EXPR_UNARY: {
        uint64_t const a = value_of(t, e->a);
        return e->op == OP_BOOL_NOT ? !a : low(e->op == OP_NEG ? 0 - a : ~a, e->width);
    }
    case EXPR_BINARY: {
        uint64_t const a = value_of(t, e->a);
        if (e->op == OP_BOOL_AND) return a ? value_of(t, e->b) : 0;
        if (e->op == OP_BOOL_OR) return a ? 1 : value_of(t, e->b);
        return apply(e->op, a, value_of(t, e->b), e);
    }
    case EXPR_IF: return value_of(t, e->a) ? value_of(t, e->b) : value_of(t, e->c);
    case EXPR_CALL: return enter_with(t, &e->function->routine, &e->args);
    case EXPR_ZEXT: return value_of(t, e->a);
    case EXPR_SEXT: return low((uint64_t)as_signed(value_of(t, e->a), e->a->width), e->width);
    case EXPR_CHOOSE: return value_of(t, e->args.items[enumeration_ask(&t->choices, e->args.n)]);
    case EXPR_ARBITRARY:
        if (e->width > 4) unfit("so many arbitrary bits");
        return enumeration_ask(&t->choices, 1u << e->width);
    default: unfit("an expression");
    }
}

// ---------------------------------------------------------------- statements

static struct write *put(struct write *list, unsigned *n, uint64_t at)
{
    for (unsigned k = 0; k < *n; k++)
        if (list[k].at == at) return &list[k];
    if (*n == WRITES_MAX) unfit("so many effects");
    list[*n].at = at;
    return &list[(*n)++];
}

static void store(struct interpreter *t, const struct expr *target, uint64_t at, uint64_t value)
{
    unsigned const width = target->component->width;
    for (unsigned k = 0; k < target->cells; k++) {
        if (at + k >= world_size(t->w, t->side)) continue;
        put(t->o->cells, &t->o->cells_n, at + k)->value =
            low(value >> cell_place(target->component, k, target->cells), width);
    }
}

// Evaluates target, then value; the effect counts only if nothing traps in the end.
static void assign(struct interpreter *t, const struct statement *s)
{
    const struct expr *const e = s->target->kind == EXPR_BITS ? s->target->a : s->target;
    uint64_t const at = e->kind == EXPR_CELLS ? physical(t, e) : element_of(t, e);
    if (t->trapped) return;
    uint64_t const value = value_of(t, s->value);
    if (t->trapped) return;
    if (s->value->kind == EXPR_COMPONENT && s->value->component->kind == COMPONENT_DEVICE)
        t->o->device = true;
    if (e->kind == EXPR_CELLS) {
        store(t, e, at, value);
        return;
    }
    struct outcome *const o = t->o;
    if (e->component->kind == COMPONENT_DEVICE) {
        o->device = true;
        return;
    }
    if (t->w->subject->elements[at].fixed) return;
    uint64_t all = value;
    if (s->target != e) {
        uint64_t const mask = low(UINT64_MAX, s->target->width) << s->target->low;
        all = (element_after(t->w, t->side, t->i, o, (unsigned)at) & ~mask) | value
                                                                                  << s->target->low;
    }
    put(o->elements, &o->elements_n, at)->value = all;
    if (e->component->kind == COMPONENT_COUNTER) o->jumped = true;
}

static void do_case(struct interpreter *t, const struct statement *s)
{
    uint64_t const value = value_of(t, s->value);
    struct case_arm *arm;
    struct expr *label;
    if (t->trapped) return;
    LIST_EACH(arm, s->arms)
    {
        bool is = arm->otherwise;
        LIST_EACH(label, arm->labels) is = is || label->number == value;
        if (!is) continue;
        run(t, &arm->body);
        return;
    }
}

static void statement(struct interpreter *t, const struct statement *s)
{
    switch (s->kind) {
    case STATEMENT_ASSIGN: assign(t, s); break;
    case STATEMENT_IF: run(t, value_of(t, s->value) ? &s->body : &s->other); break;
    case STATEMENT_LET: t->slots[s->slot] = value_of(t, s->value); break;
    case STATEMENT_REQUIRE:
        if (!value_of(t, s->value)) run(t, &s->body);
        break;
    case STATEMENT_TRAP: {
        uint64_t const information = s->args.n ? value_of(t, s->args.items[0]) : 0;
        take_trap(t, s->cause, information);
        break;
    }
    case STATEMENT_STOP: {
        uint64_t const code = value_of(t, s->value);
        if (t->trapped) break;
        t->o->kind = OUTCOME_STOP;
        t->o->value = code;
        break;
    }
    case STATEMENT_WAIT: t->o->kind = OUTCOME_WAIT; break;
    case STATEMENT_CASE: do_case(t, s); break;
    case STATEMENT_CHOOSE: {
        const struct case_arm *arm = s->arms.items[enumeration_ask(&t->choices, s->arms.n)];
        run(t, &arm->body);
        break;
    }
    case STATEMENT_CALL: enter_with(t, &s->procedure->routine, &s->args); break;
    default: unfit("a statement");
    }
}

static void run(struct interpreter *t, const struct list *body)
{
    struct statement *s;
    LIST_EACH(s, *body)
    {
        if (t->trapped) return;
        statement(t, s);
    }
}

// ---------------------------------------------------------------- outcomes

void outcomes_of(struct world *w, unsigned side, const struct instruction *i, struct outcomes *o)
{
    struct interpreter t = {.w = w, .side = side, .i = i};
    o->n = 0;
    do {
        if (o->n == OUTCOMES_MAX) unfit("so many open choices");
        t.o = &o->list[o->n++];
        t.trapped = false;
        t.o->kind = OUTCOME_NEXT;
        t.o->cause = NULL;
        t.o->value = 0;
        t.o->device = t.o->jumped = false;
        t.o->elements_n = t.o->cells_n = 0;
        enter(&t, &i->routine, NULL);
    } while (enumeration_next(&t.choices));
}

bool word_matches(struct world *w, const struct instruction *i)
{
    struct interpreter t = {.w = w, .i = i};
    struct constraint *x;
    LIST_EACH(x, i->constraints)
    if (x->kind == CONSTRAINT_DIFFER && world_field(w, i, x->field) == x->value->number)
        return false;
    return !i->guard || value_of(&t, i->guard);
}

uint64_t element_after(struct world *w, unsigned side, const struct instruction *i,
                       const struct outcome *o, unsigned element)
{
    for (unsigned k = 0; k < o->elements_n; k++)
        if (o->elements[k].at == element) return o->elements[k].value;
    bool const counter = w->subject->elements[element].x->kind == COMPONENT_COUNTER;
    if (counter && o->kind != OUTCOME_WAIT) return next_address(w, side, i);
    return world_element(w, side, element);
}

uint64_t cell_after(struct world *w, unsigned side, const struct outcome *o, uint64_t at)
{
    for (unsigned k = 0; k < o->cells_n; k++)
        if (o->cells[k].at == at) return o->cells[k].value;
    return world_cell(w, side, at);
}
