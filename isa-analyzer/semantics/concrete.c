// SPDX-License-Identifier: MIT
// Concrete states, and concrete values as a domain of the evaluator.
#include "isa-analyzer/semantics/concrete.h"
#include "isa-analyzer/language/check.h"
#include "isa-analyzer/language/operate.h"

#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------- states

static bool is_stored(const struct component *x)
{
    return x->kind != COMPONENT_MEMORY && x->kind != COMPONENT_DEVICE;
}

static void *zeroed(size_t n, size_t size)
{
    void *p = calloc(n, size);
    if (!p) {
        fputs("isa-analyzer: error: out of memory\n", stderr);
        exit(64);
    }
    return p;
}

void concrete_init(struct concrete *c, const struct description *m, void *cells, uint64_t cells_n)
{
    struct component *x;
    *c = (struct concrete){.m = m, .cells = cells, .cells_n = cells_n};
    c->elements = zeroed(m->components.n + 1, sizeof *c->elements);
    LIST_EACH(x, m->components)
    {
        struct fixed_element *f;
        if (!is_stored(x)) continue;
        c->elements[x_i] = zeroed(x->count, sizeof **c->elements);
        LIST_EACH(f, x->fixed) c->elements[x_i][f->index] = (uint64_t)f->value;
    }
}

void concrete_free(struct concrete *c)
{
    for (unsigned i = 0; i < c->m->components.n; i++) free(c->elements[i]);
    free(c->elements);
    arena_free(&c->scratch);
}

unsigned concrete_cell_size(const struct component *memory)
{
    return memory->width <= 8 ? 1 : memory->width <= 16 ? 2 : memory->width <= 32 ? 4 : 8;
}

uint64_t concrete_get(const struct concrete *c, const struct component *x, uint64_t index)
{
    return is_stored(x) && index < x->count ? c->elements[x->ordinal][index] : 0;
}

void concrete_set(struct concrete *c, const struct component *x, uint64_t index, uint64_t value)
{
    struct fixed_element *f;
    if (!is_stored(x) || index >= x->count) return;
    LIST_EACH(f, x->fixed) if (f->index == index) return;
    c->elements[x->ordinal][index] = (uint64_t)bits_low(value, x->width);
}

static uint64_t get_cell(const struct concrete *c, uint64_t at)
{
    switch (concrete_cell_size(c->m->memory)) {
    case 1: return ((const uint8_t *)c->cells)[at];
    case 2: return ((const uint16_t *)c->cells)[at];
    case 4: return ((const uint32_t *)c->cells)[at];
    default: return ((const uint64_t *)c->cells)[at];
    }
}

static void set_cell(struct concrete *c, uint64_t at, uint64_t value)
{
    switch (concrete_cell_size(c->m->memory)) {
    case 1: ((uint8_t *)c->cells)[at] = (uint8_t)value; break;
    case 2: ((uint16_t *)c->cells)[at] = (uint16_t)value; break;
    case 4: ((uint32_t *)c->cells)[at] = (uint32_t)value; break;
    default: ((uint64_t *)c->cells)[at] = value; break;
    }
}

// Whether all of the cells exist.
static bool is_inside(const struct concrete *c, uint64_t address, unsigned cells)
{
    return address <= c->cells_n && c->cells_n - address >= cells;
}

// Where in a value the k-th cell stands.
static unsigned cell_place(const struct component *memory, unsigned k, unsigned cells)
{
    return (memory->big_endian ? cells - 1 - k : k) * memory->width;
}

bits concrete_load(const struct concrete *c, uint64_t address, unsigned cells)
{
    bits value = 0;
    if (!is_inside(c, address, cells)) return 0;
    for (unsigned k = 0; k < cells; k++)
        value |= (bits)get_cell(c, address + k) << cell_place(c->m->memory, k, cells);
    return value;
}

void concrete_store(struct concrete *c, uint64_t address, unsigned cells, bits value)
{
    if (!is_inside(c, address, cells)) return;
    for (unsigned k = 0; k < cells; k++) {
        bits const cell =
            bits_low(value >> cell_place(c->m->memory, k, cells), c->m->memory->width);
        set_cell(c, address + k, (uint64_t)cell);
    }
    if (c->wrote) c->wrote(c->wrote_context, address, cells);
}

// ---------------------------------------------------------------- the domain

// The domain comes first, so that one can be had from the other.
struct concrete_domain {
    struct domain domain;
    struct concrete *state;
};

static struct concrete *state_of(struct domain *self)
{
    return ((struct concrete_domain *)(void *)self)->state;
}

static union value number(bits n)
{
    return (union value){.number = n};
}

static union value constant(struct domain *self, bits n, unsigned width)
{
    (void)self;
    return number(bits_low(n, width));
}

static union value unary(struct domain *self, enum op op, union value a, unsigned width)
{
    (void)self;
    return number(operate_unary(op, a.number, width));
}

static union value binary(struct domain *self, enum op op, union value a, union value b,
                          unsigned width_a, unsigned width_b)
{
    (void)self;
    return number(operate_binary(op, a.number, b.number, width_a, width_b));
}

static union value if_else(struct domain *self, union value condition, union value yes,
                           union value no, unsigned width)
{
    (void)self;
    (void)width;
    return condition.number ? yes : no;
}

static union value slice(struct domain *self, union value a, unsigned low, unsigned width,
                         unsigned width_a)
{
    (void)self;
    (void)width_a;
    return number(bits_low(a.number >> low, width));
}

static union value extend(struct domain *self, union value a, unsigned from, unsigned to, bool sign)
{
    (void)self;
    return sign ? number(bits_low((bits)bits_signed(a.number, from), to)) : a;
}

static enum truth truth(struct domain *self, union value condition)
{
    (void)self;
    return condition.number ? TRUTH_YES : TRUTH_NO;
}

static union value read(struct domain *self, const struct component *x, const union value *index,
                        unsigned index_width)
{
    (void)index_width;
    return number(concrete_get(state_of(self), x, index ? (uint64_t)index->number : 0));
}

static union value load(struct domain *self, const struct component *memory, union value address,
                        unsigned address_width, unsigned cells, const struct translation *t)
{
    (void)memory;
    (void)address_width;
    (void)t;
    return number(concrete_load(state_of(self), (uint64_t)address.number, cells));
}

static union value parameter(struct domain *self, const struct config *c)
{
    struct concrete *s = state_of(self);
    // How much memory there is, is a matter of this machine.
    if (s->m->memory && c == s->m->memory->size) return number(s->cells_n);
    return number(c->value);
}

static unsigned choose(struct domain *self, unsigned alternatives)
{
    struct concrete *s = state_of(self);
    return s->answer ? (unsigned)(s->answer(s->answer_context, alternatives) % alternatives) : 0;
}

static union value arbitrary(struct domain *self, unsigned width)
{
    struct concrete *s = state_of(self);
    uint64_t const alternatives = width <= 8 ? (uint64_t)1 << width : UINT64_MAX;
    return number(s->answer ? bits_low(s->answer(s->answer_context, alternatives), width) : 0);
}

static const struct domain operations = {
    .constant = constant,
    .unary = unary,
    .binary = binary,
    .if_else = if_else,
    .slice = slice,
    .extend = extend,
    .truth = truth,
    .read = read,
    .load = load,
    .parameter = parameter,
    .choose = choose,
    .arbitrary = arbitrary,
};

// ---------------------------------------------------------------- the machine

// Evaluates a routine in the state as it is.
static struct evaluation *run(struct concrete *c, const struct site *site, const struct routine *r,
                              const union value *arguments)
{
    struct concrete_domain *d = ARENA_NEW(&c->scratch, struct concrete_domain);
    *d = (struct concrete_domain){operations, c};
    return evaluate(&c->scratch, c->m, &d->domain, site, r, arguments);
}

static bool holds(struct concrete *c, const struct expr *e)
{
    struct concrete_domain d = {operations, c};
    return evaluate_condition(&c->scratch, c->m, &d.domain, e).number != 0;
}

static void commit_one(struct concrete *c, const struct effect *f)
{
    uint64_t const index = f->indexed ? (uint64_t)f->index.number : 0;
    bits data = f->data.number;
    if (f->device)
        data = c->device_read ? c->device_read(c->devices, f->device, (uint64_t)f->data.number) : 0;
    if (f->component->kind == COMPONENT_MEMORY) {
        concrete_store(c, index, f->cells, data);
    } else if (f->component->kind == COMPONENT_DEVICE) {
        if (c->device_write) c->device_write(c->devices, f->component, index, (uint64_t)data);
    } else {
        uint64_t const mask = (uint64_t)(bits_ones(f->width) << f->low);
        uint64_t const old = concrete_get(c, f->component, index);
        concrete_set(c, f->component, index, (old & ~mask) | ((uint64_t)(data << f->low) & mask));
    }
}

static void commit(struct concrete *c, const struct evaluation *v)
{
    struct effect *f;
    LIST_EACH(f, v->effects) commit_one(c, f);
}

// How the routine ended: the first trap, or a stop or wait, or completion.
static struct step ending(const struct evaluation *v)
{
    static const enum step_outcome outcomes[] = {STEP_TRAP, STEP_STOP, STEP_WAIT, STEP_CHECKSTOP};
    struct step s = {.outcome = STEP_NEXT};
    struct end *e;
    LIST_EACH(e, v->ends)
    {
        if (!e->guard.number) continue;
        s.outcome = outcomes[e->ending];
        s.cause = e->cause;
        s.value = (uint64_t)e->value.number;
        if (e->ending == ENDING_TRAP || e->ending == ENDING_CHECKSTOP) return s;
    }
    return s;
}

struct step concrete_interrupt(struct concrete *c)
{
    struct interrupt *i;
    LIST_EACH(i, c->m->interrupts)
    {
        if (!holds(c, i->condition)) continue;
        commit(c, run(c, NULL, &i->routine, NULL));
        arena_free(&c->scratch);
        return (struct step){.outcome = STEP_TRAP, .cause = i->cause, .interrupt = true};
    }
    arena_free(&c->scratch);
    return (struct step){.outcome = STEP_NEXT};
}

const struct instruction *decode_word(const struct description *m, uint64_t word, unsigned width)
{
    struct instruction *i;
    LIST_EACH(i, m->instructions)
    if (i->format->width == width && instruction_matches(i, word)) return i;
    return NULL;
}

// Fetches unit after unit until the word is an instruction, or can't become one. `known` is how
// many bits of site->word were fetched then; 0: the fetch traps.
static struct step fetch(struct concrete *c, struct site *site, unsigned *known)
{
    const struct description *m = c->m;
    unsigned const unit = m->unit_width, cells = unit / m->memory->width;
    unsigned longest = unit, width = 0;
    struct instruction *i;
    LIST_EACH(i, m->instructions) if (i->format->width > longest) longest = i->format->width;
    uint64_t const start = concrete_get(c, m->counter, 0);
    uint64_t word = 0, first = 0;
    for (uint64_t at = start; width < longest; at += cells) {
        union value const address = number(bits_low(at, m->counter->width));
        struct evaluation *v = run(c, NULL, &m->sections[SECTION_FETCH].routine, &address);
        struct step s = ending(v);
        *known = 0;
        if (s.outcome != STEP_NEXT) return s;
        word = width ? word << unit | (uint64_t)v->result.number : (uint64_t)v->result.number;
        if (width == 0) first = word;
        width += unit;
        site->instruction = decode_word(m, word, width);
        site->word = number(word);
        site->address = number(start);
        *known = width;
        if (site->instruction)
            return (struct step){.outcome = STEP_NEXT, .instruction = site->instruction};
    }
    *site = (struct site){.word = number(first), .address = number(start)};
    *known = unit;
    struct step s = ending(run(c, site, &m->sections[SECTION_UNDEFINED].routine, NULL));
    if (s.outcome == STEP_NEXT) s.outcome = STEP_CHECKSTOP;
    return s;
}

struct step concrete_fetch(struct concrete *c, uint64_t *word, unsigned *width)
{
    struct site site = {0};
    struct step const s = fetch(c, &site, width);
    arena_free(&c->scratch);
    *word = (uint64_t)site.word.number;
    return s;
}

void concrete_tick(struct concrete *c)
{
    if (c->m->sections[SECTION_TICK].present)
        commit(c, run(c, NULL, &c->m->sections[SECTION_TICK].routine, NULL));
    arena_free(&c->scratch);
}

// The tick is computed from the state before the instruction; what the instruction itself assigns
// comes on top of it.
static void complete(struct concrete *c, const struct instruction *i, const struct evaluation *v)
{
    uint64_t const at = concrete_get(c, c->m->counter, 0);
    if (c->m->sections[SECTION_TICK].present)
        commit(c, run(c, NULL, &c->m->sections[SECTION_TICK].routine, NULL));
    concrete_set(c, c->m->counter, 0, at + i->format->width / c->m->memory->width);
    if (v) commit(c, v);
}

struct step concrete_execute(struct concrete *c)
{
    struct site site = {0};
    unsigned known = 0;
    struct step s = fetch(c, &site, &known);
    if (s.outcome == STEP_NEXT) {
        struct evaluation *v = run(c, &site, &site.instruction->routine, NULL);
        s = ending(v);
        s.instruction = site.instruction;
        if (s.outcome == STEP_NEXT || s.outcome == STEP_STOP) complete(c, site.instruction, v);
        if (s.outcome == STEP_WAIT) commit(c, v);
    }
    arena_free(&c->scratch);
    return s;
}

struct step concrete_alone(struct concrete *c, const struct instruction *i, uint64_t word)
{
    uint64_t const at = concrete_get(c, c->m->counter, 0);
    uint64_t const cells = c->m->memory ? i->format->width / c->m->memory->width : 1;
    struct site const site = {i, number(word), number(at)};
    struct evaluation *v = run(c, &site, &i->routine, NULL);
    struct step s = ending(v);
    s.instruction = i;
    if (s.outcome != STEP_TRAP && s.outcome != STEP_CHECKSTOP) {
        concrete_set(c, c->m->counter, 0, at + cells);
        commit(c, v);
    }
    arena_free(&c->scratch);
    return s;
}

bool concrete_wake(struct concrete *c)
{
    const struct section *wake = &c->m->sections[SECTION_WAKE];
    bool const ends = !wake->present || holds(c, wake->routine.result);
    arena_free(&c->scratch);
    return ends;
}

void concrete_complete(struct concrete *c, const struct instruction *i)
{
    complete(c, i, NULL);
    arena_free(&c->scratch);
}

struct step concrete_deliver(struct concrete *c, const struct trap_cause *cause,
                             uint64_t information)
{
    const struct routine *r = &c->m->sections[SECTION_DELIVER].routine;
    const struct parameter *p = r->parameters.items[0], *q = r->parameters.items[1];
    union value const arguments[] = {number(bits_low(cause->code, p->width)),
                                     number(bits_low(information, q->width))};
    struct evaluation *v = run(c, NULL, r, arguments);
    struct step const s = ending(v);
    if (s.outcome == STEP_NEXT) commit(c, v);
    arena_free(&c->scratch);
    return s;
}

void concrete_reset(struct concrete *c, uint64_t entry)
{
    struct component *x;
    LIST_EACH(x, c->m->components)
    {
        if (!is_stored(x)) continue;
        for (uint64_t k = 0; k < x->count; k++) concrete_set(c, x, k, 0);
    }
    if (!c->m->sections[SECTION_RESET].present) {
        concrete_set(c, c->m->counter, 0, entry);
        return;
    }
    union value const argument = number(bits_low(entry, c->m->counter->width));
    commit(c, run(c, NULL, &c->m->sections[SECTION_RESET].routine, &argument));
    arena_free(&c->scratch);
}
