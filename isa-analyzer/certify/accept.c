// SPDX-License-Identifier: MIT
// What the classifier in Coq will accept, said in advance: function by function what is in
// proofs/Language/Classifier.v, Certificate.v and Steps.v. A difference between the two is a
// certificate that does not compile.
#include "isa-analyzer/certify/certify.h"
#include "isa-analyzer/certify/term.h"
#include "isa-analyzer/classify/translation.h"
#include "isa-analyzer/language/operate.h"

struct accepting {
    const struct description *m;
    bool hybrid, whole;
    bool any_trap;                 // no trap counts, or memory traps do
    const bool *recognized;        // by a translation's place
    const struct mode_value *user; // the only user mode, or null
};

// ---------------------------------------------------------------- values that are known

static bool total(const struct term *t)
{
    if (!t) return true;
    if (t->kind == TERM_RAISE || (t->kind == TERM_CELLS && t->translation)) return false;
    return total(t->a) && total(t->b) && total(t->c);
}

struct known {
    bool is;
    bits value;
};

static struct known number(bits value)
{
    return (struct known){true, value};
}

// On the real machine: its mode is user, and the map fixes some resources.
static struct known real_leaf(const struct accepting *x, const struct term *t)
{
    if (t->kind == TERM_CLASS) return number(!t->number);
    if (t->kind != TERM_ELEMENT || t->a->kind != TERM_NUMBER || t->a->number != 0)
        return (struct known){0};
    const struct component *const c = t->component;
    if (c == x->m->mode) {
        if (x->m->real_mode) return number(x->m->real_mode->value);
        return x->user ? number(x->user->value) : (struct known){0};
    }
    if (c->kind == COMPONENT_RESOURCE && c->map == MAP_FIX && !c->array)
        return number(c->map_value);
    return (struct known){0};
}

// Whatever the state, where `x` is null.
static struct known valued(const struct accepting *x, const struct term *t)
{
    struct known const none = {0};
    struct known a = x ? real_leaf(x, t) : none, b, c;
    if (a.is) return a;
    switch (t->kind) {
    case TERM_NUMBER: return number(t->number);
    case TERM_BITS:
        a = valued(x, t->a);
        return a.is ? number(t->low < 128 ? bits_low(a.value >> t->low, t->width) : 0) : none;
    case TERM_UNARY:
        a = valued(x, t->a);
        return a.is ? number(operate_unary(t->op, a.value, t->width)) : none;
    case TERM_BINARY:
    case TERM_CONCAT:
        a = valued(x, t->a);
        b = valued(x, t->b);
        return !a.is || !b.is ? none
               : t->kind == TERM_CONCAT
                   ? number(operate_binary(OP_CONCAT, a.value, b.value, 0, t->width))
                   : number(operate_binary(t->op, a.value, b.value, t->width, t->width));
    case TERM_SEXT:
        a = valued(x, t->a);
        return a.is ? number(bits_low((bits)bits_signed(a.value, t->low), t->width)) : none;
    case TERM_IF:
        a = valued(x, t->a);
        if (a.is) return valued(x, a.value ? t->b : t->c);
        b = valued(x, t->b);
        c = valued(x, t->c);
        return b.is && c.is && b.value == c.value && total(t->a) ? b : none;
    case TERM_LET: return total(t->a) ? valued(x, t->b) : none;
    default: return none;
    }
}

// ---------------------------------------------------------------- what an instruction does

static bool counts(const struct accepting *x, const struct term *t)
{
    return !x->any_trap && t->trap->is_memory;
}

enum part { BOTH, FIRST, SECOND };

// Which of a branch's two parts is taken.
static enum part taken(const struct accepting *x, const struct term *t)
{
    struct known const v = valued(x, t->a);
    return !v.is ? BOTH : v.value ? FIRST : SECOND;
}

// Raises no trap that counts.
static bool mild(const struct accepting *x, const struct term *t)
{
    if (!t) return true;
    switch (t->kind) {
    case TERM_CELLS:
    case TERM_STORE: return !t->translation && mild(x, t->a);
    case TERM_IF:
        switch (taken(x, t)) {
        case FIRST: return mild(x, t->b);
        case SECOND: return mild(x, t->c);
        default: return mild(x, t->a) && mild(x, t->b) && mild(x, t->c);
        }
    case TERM_RAISE: return !counts(x, t) && mild(x, t->a);
    case TERM_CHECKSTOP: return false;
    default: return mild(x, t->a) && mild(x, t->b) && mild(x, t->c);
    }
}

// Always traps, and by a trap that does not count.
static bool voids(const struct accepting *x, const struct term *t)
{
    switch (t->kind) {
    case TERM_RAISE: return !counts(x, t) && mild(x, t->a);
    case TERM_IF:
        switch (taken(x, t)) {
        case FIRST: return voids(x, t->b);
        case SECOND: return voids(x, t->c);
        default: return mild(x, t->a) && voids(x, t->b) && voids(x, t->c);
        }
    case TERM_LET:
    case TERM_SEQ: return voids(x, t->a) || (mild(x, t->a) && voids(x, t->b));
    case TERM_DEFINE: return voids(x, t->a);
    default: return false;
    }
}

// It ends in a trap, or not at all; of statements.
static bool aborts(const struct accepting *x, const struct term *t)
{
    switch (t->kind) {
    case TERM_RAISE: return true;
    case TERM_SEQ: return aborts(x, t->a) || aborts(x, t->b);
    case TERM_IF:
        switch (taken(x, t)) {
        case FIRST: return aborts(x, t->b);
        case SECOND: return aborts(x, t->c);
        default: return aborts(x, t->b) && aborts(x, t->c);
        }
    default: return false;
    }
}

static bool own(const struct component *c)
{
    return c->kind == COMPONENT_GENERAL || c->kind == COMPONENT_COUNTER;
}

static bool through(const struct accepting *x, const struct term *t)
{
    struct translation *v;
    if (!t->translation) return x->whole;
    LIST_EACH(v, x->m->translations)
    if (v == t->translation) return x->recognized[v_i] && t->number > 0 && t->number >> 32 == 0;
    return false;
}

// ---------------------------------------------------------------- the same trap, first

static bool relates(const struct accepting *x, const struct term *t);

// Slots that two expressions bind at the same place; the latest first.
struct link {
    const struct link *outer;
    unsigned slots[2];
};

static bool linked(const struct link *l, unsigned s, unsigned t)
{
    for (; l; l = l->outer)
        if (s == l->slots[0] || t == l->slots[1]) return s == l->slots[0] && t == l->slots[1];
    return false;
}

// The one on the real machine is the other on the virtual one, but for the names of slots.
static bool alike(const struct accepting *x, const struct link *l, const struct term *s,
                  const struct term *t)
{
    if (s->kind != t->kind) return false;
    struct link const inner = {l, {s->slot, t->slot}};
    switch (s->kind) {
    case TERM_NUMBER:
    case TERM_WORD: return s->number == t->number;
    case TERM_SLOT: return linked(l, s->slot, t->slot);
    case TERM_ELEMENT:
        return s->component == t->component && own(s->component) && alike(x, l, s->a, t->a);
    case TERM_CELLS:
        return s->translation && s->translation == t->translation && s->number == t->number &&
               through(x, s) && alike(x, l, s->a, t->a);
    case TERM_BITS: return s->low == t->low && s->width == t->width && alike(x, l, s->a, t->a);
    case TERM_BINARY:
    case TERM_CONCAT:
        return s->op == t->op && s->width == t->width && alike(x, l, s->a, t->a) &&
               alike(x, l, s->b, t->b);
    case TERM_IF:
        return alike(x, l, s->a, t->a) && alike(x, l, s->b, t->b) && alike(x, l, s->c, t->c);
    case TERM_LET: return alike(x, l, s->a, t->a) && alike(x, &inner, s->b, t->b);
    default: return false;
    }
}

// If s raises a trap that counts on the real machine, t raises it on the virtual one: it begins
// with what is alike.
static bool begins(const struct accepting *x, const struct term *s, const struct term *t)
{
    if (alike(x, NULL, s, t)) return true;
    switch (t->kind) {
    case TERM_ELEMENT:
    case TERM_CELLS:
    case TERM_BITS:
    case TERM_UNARY:
    case TERM_SEXT:
    case TERM_RAISE:
    case TERM_IF: return begins(x, s, t->a);
    case TERM_BINARY:
    case TERM_CONCAT:
    case TERM_LET: return begins(x, s, t->a) || (total(t->a) && begins(x, s, t->b));
    default: return false;
    }
}

// The same, where only a part of s can raise one.
static bool leads(const struct accepting *x, const struct term *s, const struct term *t)
{
    if (mild(x, s) || begins(x, s, t)) return true;
    switch (s->kind) {
    case TERM_BITS:
    case TERM_UNARY:
    case TERM_SEXT: return leads(x, s->a, t);
    case TERM_BINARY:
    case TERM_CONCAT:
    case TERM_LET:
        return (mild(x, s->a) && leads(x, s->b, t)) || (mild(x, s->b) && leads(x, s->a, t));
    default: return false;
    }
}

// The statement t goes on in every state.
static bool still(const struct term *t)
{
    switch (t->kind) {
    case TERM_SKIP: return true;
    case TERM_SEQ: return still(t->a) && still(t->b);
    case TERM_ASSIGN: return t->a->kind == TERM_PART && total(t->a->a) && total(t->b);
    case TERM_DEFINE: return total(t->a);
    case TERM_IF: return total(t->a) && still(t->b) && still(t->c);
    default: return false;
    }
}

// If s raises a trap that counts on the real machine, the statement t raises it on the virtual one.
static bool raises(const struct accepting *x, const struct term *s, const struct term *t)
{
    switch (t->kind) {
    case TERM_SEQ: return raises(x, s, t->a) || (still(t->a) && raises(x, s, t->b));
    case TERM_ASSIGN:
        if (leads(x, s, t->a->a)) return true;
        return t->a->kind == TERM_PART && total(t->a->a) && leads(x, s, t->b);
    case TERM_DEFINE:
    case TERM_HALT:
    case TERM_RAISE:
    case TERM_IF: return leads(x, s, t->a);
    default: return false;
    }
}

// The real machine traps in the statement a, or where it evaluates the trap's information; the
// virtual one may go on to b, where it evaluates the same.
static bool guarded(const struct accepting *x, const struct term *a, const struct term *b)
{
    if (a->kind != TERM_IF || a->b->kind != TERM_SKIP || a->c->kind != TERM_RAISE) return false;
    return taken(x, a) == SECOND && total(a->a) && !counts(x, a->c) && relates(x, a->c->a) &&
           raises(x, a->c->a, b);
}

// ---------------------------------------------------------------- what may run

// For the hybrid monitor, setting the mode to user changes nothing.
static bool idle(const struct accepting *x, const struct term *place, const struct term *value)
{
    struct known const v = valued(x, value);
    return x->hybrid && place->kind == TERM_PART && place->a->kind == TERM_NUMBER &&
           place->a->number == 0 && place->low == 0 && place->component == x->m->mode &&
           place->width == place->component->width && v.is && x->user &&
           v.value == x->user->value && v.value <= bits_ones(place->width);
}

// Where the real machine gets a value, an effect or a trap that counts, the virtual one gets the
// same.
static bool relates(const struct accepting *x, const struct term *t)
{
    bool const is_expression = t->kind < TERM_SKIP;
    if (voids(x, t)) return true;
    switch (t->kind) {
    case TERM_NUMBER:
    case TERM_SLOT:
    case TERM_WORD:
    case TERM_OPEN:
    case TERM_SKIP: return true;
    case TERM_INPUT:
    case TERM_HALT:
    case TERM_WAIT:
    case TERM_CHECKSTOP: return false;
    case TERM_SEQ:
        return guarded(x, t->a, t->b) ||
               (relates(x, t->a) && (aborts(x, t->a) || relates(x, t->b)));
    case TERM_ASSIGN: return (relates(x, t->a) || idle(x, t->a, t->b)) && relates(x, t->b);
    case TERM_PART: return own(t->component) && relates(x, t->a);
    case TERM_STORE: return through(x, t) && relates(x, t->a);
    default: break;
    }
    if (is_expression && valued(NULL, t).is) return true;
    switch (t->kind) {
    case TERM_SIZE: return x->whole;
    case TERM_CLASS: return x->hybrid;
    case TERM_ELEMENT:
        return (own(t->component) || (x->hybrid && t->component == x->m->mode)) && relates(x, t->a);
    case TERM_CELLS: return through(x, t) && relates(x, t->a);
    case TERM_IF:
        if (!relates(x, t->a)) return false;
        switch (taken(x, t)) {
        case FIRST: return relates(x, t->b);
        case SECOND: return relates(x, t->c);
        default: return relates(x, t->b) && relates(x, t->c);
        }
    default: return (!t->a || relates(x, t->a)) && (!t->b || relates(x, t->b));
    }
}

// ---------------------------------------------------------------- translations

static bool stateless(const struct term *t)
{
    if (!t) return true;
    if (t->kind == TERM_ELEMENT || t->kind == TERM_CLASS || t->kind == TERM_CELLS ||
        t->kind == TERM_OPEN)
        return false;
    return stateless(t->a) && stateless(t->b) && stateless(t->c);
}

static bool is_sum(const struct term *t, unsigned width)
{
    return t->kind == TERM_BINARY && t->op == OP_ADD && t->width == width;
}

static bool is_slot(const struct term *t, unsigned slot)
{
    return t->kind == TERM_SLOT && t->slot == slot;
}

static bool is_read(const struct term *t, const struct component *c)
{
    return t->kind == TERM_ELEMENT && t->component == c && t->a->kind == TERM_NUMBER &&
           t->a->number == 0;
}

static bool is_limit(const struct term *t)
{
    return t->kind == TERM_BINARY && t->op == OP_ULE && t->width == 64;
}

// a + n <= b and l + a + n <= size, or else that trap; the address is l + a.
static bool is_relocation(const struct description *m, const struct translation *v,
                          const struct term *t)
{
    const struct component *const l = relocation_base(m), *const b = relocation_bound(m);
    const struct parameter *const address = v->routine.parameters.items[0];
    if (!l || t->kind != TERM_IF || t->b->kind != TERM_IF) return false;
    const struct term *const first = t->a, *const second = t->b->a, *const sum = t->b->b;
    if (!term_equal(t->c, t->b->c) || t->c->kind != TERM_RAISE) return false;
    if (!is_slot(t->c->a, 0) && t->c->a->kind != TERM_NUMBER) return false;
    return address->width <= 32 && is_limit(first) && is_sum(first->a, 64) &&
           is_slot(first->a->a, 0) && is_slot(first->a->b, 1) && is_read(first->b, b) &&
           is_limit(second) && is_sum(second->a, 64) && is_sum(second->a->a, 64) &&
           is_read(second->a->a->a, l) && is_slot(second->a->a->b, 0) && is_slot(second->a->b, 1) &&
           second->b->kind == TERM_SIZE && is_sum(sum, sum->width) && is_read(sum->a, l) &&
           is_slot(sum->b, 0);
}

// ---------------------------------------------------------------- what surrounds an instruction

// A tick may change resources, and no more.
static bool spares(const struct term *t)
{
    switch (t->kind) {
    case TERM_SEQ: return spares(t->a) && spares(t->b);
    case TERM_IF: return spares(t->b) && spares(t->c);
    case TERM_ASSIGN: return t->a->kind == TERM_PART && t->a->component->kind == COMPONENT_RESOURCE;
    case TERM_INPUT: return false;
    default: return true;
    }
}

static bool assigns(const struct term *t, const struct component *c)
{
    if (!t) return false;
    if (t->kind == TERM_PART) return t->component == c;
    return assigns(t->a, c) || assigns(t->b, c) || assigns(t->c, c);
}

// R, the mode and what the map fixes change by no tick.
static bool stays(const struct description *m, const struct term *tick)
{
    struct component *c;
    LIST_EACH(c, m->components)
    {
        bool const essential = c->role == ROLE_BASE || c->role == ROLE_BOUND || c == m->mode ||
                               (c->kind == COMPONENT_RESOURCE && c->map == MAP_FIX && !c->array);
        if (essential && (own(c) || assigns(tick, c))) return false;
    }
    return true;
}

static bool steady(struct arena *a, const struct accepting *x, const struct term *tick)
{
    const struct section *const fetch = &x->m->sections[SECTION_FETCH];
    const struct section *const undefined = &x->m->sections[SECTION_UNDEFINED];
    struct accepting none = *x;
    none.any_trap = true;
    if (!fetch->present || !undefined->present || !stays(x->m, tick)) return false;
    const struct term *const word = term_of_body(a, x->m, &undefined->routine);
    return relates(x, term_of_value(a, x->m, &fetch->routine)) && relates(x, word) &&
           voids(&none, word);
}

struct acceptance *accept_description(struct arena *a, const struct description *m)
{
    struct acceptance *result = ARENA_NEW(a, struct acceptance);
    struct translation *v;
    struct instruction *i;
    struct mode_value *mode;
    bool *recognized = arena_alloc(a, m->translations.n + 1);
    struct accepting x = {.m = m, .recognized = recognized};
    x.whole = result->whole = !relocation_base(m);
    unsigned users = 0;
    if (m->mode) LIST_EACH(mode, m->mode->modes)
        {
            if (mode->supervisor) continue;
            x.user = users++ ? NULL : mode;
        }
    LIST_EACH(v, m->translations)
    {
        const struct term *const t = term_of_value(a, m, &v->routine);
        recognized[v_i] = x.whole ? stateless(t) : is_relocation(m, v, t);
        if (!recognized[v_i]) list_add(a, &result->strange, v);
    }
    const struct section *const tick = &m->sections[SECTION_TICK];
    const struct term *const ticks = tick->present ? term_of_body(a, m, &tick->routine)
                                                   : term_of_body(a, m, &(const struct routine){0});
    result->sound_frame = spares(ticks) && own(m->counter);
    for (int hybrid = 0; hybrid < 2; hybrid++) {
        x.hybrid = hybrid;
        result->may_run[hybrid] = arena_alloc(a, m->instructions.n + 1);
        LIST_EACH(i, m->instructions)
        result->may_run[hybrid][i_i] =
            result->sound_frame && relates(&x, term_of_body(a, m, &i->routine));
        result->steady[hybrid] = steady(a, &x, ticks);
    }
    return result;
}
