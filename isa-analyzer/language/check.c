// SPDX-License-Identifier: MIT
// The checker: declarations and sections, and the order in which everything is checked.
#include "isa-analyzer/language/check.h"

#include <string.h>

const char *const component_kind_names[COMPONENT_KINDS] = {
    "general", "counter", "mode", "resource", "memory", "device", "signal",
};

struct component *find_component(const struct description *m, const char *name)
{
    struct component *x;
    LIST_EACH(x, m->components) if (strcmp(x->name, name) == 0) return x;
    return NULL;
}

struct instruction *find_instruction(const struct description *m, const char *name)
{
    struct instruction *x;
    LIST_EACH(x, m->instructions) if (strcmp(x->name, name) == 0) return x;
    return NULL;
}

struct trap_cause *find_trap(const struct description *m, const char *name)
{
    struct trap_cause *x;
    LIST_EACH(x, m->traps) if (strcmp(x->name, name) == 0) return x;
    return NULL;
}

struct selector_value *find_selector_value(const struct description *m, const char *name,
                                           const struct selector *only)
{
    struct selector *s;
    struct selector_value *v;
    LIST_EACH(s, m->selectors)
    {
        if (only && s != only) continue;
        LIST_EACH(v, s->values) if (strcmp(v->name, name) == 0) return v;
    }
    return NULL;
}

// ---------------------------------------------------------------- names

// Reports names that stand twice among everything that is declared for the whole description.
static void declare(struct checker *c, struct list *names, const char *name, struct span where)
{
    struct named *other;
    LIST_EACH(other, *names)
    {
        if (strcmp(other->name, name) != 0) continue;
        report_error(c->diagnostics, where, "'%s' is declared a second time", name);
        report_note(c->diagnostics, other->where, "the first declaration is here");
        return;
    }
    struct named *n = ARENA_NEW(c->arena, struct named);
    *n = (struct named){name, where};
    list_add(c->arena, names, n);
}

static void check_names(struct checker *c)
{
    struct description *const m = c->m;
    struct list names = {0}, traps = {0}, formats = {0}, instructions = {0}, interrupts = {0};
    struct component *component;
    struct config *config;
    struct selector *selector;
    struct selector_value *value;
    struct function *function;
    struct procedure *procedure;
    struct translation *translation;
    struct trap_cause *trap;
    struct format *format;
    struct instruction *instruction;
    struct interrupt *interrupt;
    LIST_EACH(component, m->components) declare(c, &names, component->name, component->where);
    LIST_EACH(config, m->configs) declare(c, &names, config->name, config->where);
    LIST_EACH(function, m->functions) declare(c, &names, function->name, function->where);
    LIST_EACH(procedure, m->procedures) declare(c, &names, procedure->name, procedure->where);
    LIST_EACH(translation, m->translations)
    declare(c, &names, translation->name, translation->where);
    LIST_EACH(selector, m->selectors)
    {
        declare(c, &names, selector->name, selector->where);
        LIST_EACH(value, selector->values) declare(c, &names, value->name, value->where);
    }
    LIST_EACH(trap, m->traps) declare(c, &traps, trap->name, trap->where);
    LIST_EACH(format, m->formats) declare(c, &formats, format->name, format->where);
    LIST_EACH(instruction, m->instructions)
    declare(c, &instructions, instruction->name, instruction->where);
    LIST_EACH(interrupt, m->interrupts) declare(c, &interrupts, interrupt->name, interrupt->where);
}

// ---------------------------------------------------------------- state

static void check_only(struct checker *c, struct component **slot, struct component *x)
{
    if (*slot) {
        report_error(c->diagnostics, x->where, "a second %s; expected one",
                     component_kind_names[x->kind]);
        report_note(c->diagnostics, (*slot)->where, "the first is here");
        return;
    }
    *slot = x;
}

static void check_component(struct checker *c, struct component *x)
{
    struct fixed_element *f;
    struct mode_value *v, *w;
    LIST_EACH(f, x->fixed)
    if (f->index >= x->count)
        report_error(c->diagnostics, f->where, "'%s' has the elements 0 to %llu", x->name,
                     (unsigned long long)x->count - 1);
    if (x->names.n && x->names.n != x->count)
        report_error(c->diagnostics, x->where, "'%s' has %llu elements and %u names", x->name,
                     (unsigned long long)x->count, x->names.n);
    if (x->array && (x->kind == COMPONENT_COUNTER || x->kind == COMPONENT_MODE))
        report_error(c->diagnostics, x->where, "the %s is one register, not an array",
                     component_kind_names[x->kind]);
    LIST_EACH(v, x->modes)
    LIST_EACH(w, x->modes)
    if (w_i < v_i && (w->value == v->value || strcmp(w->name, v->name) == 0))
        report_error(c->diagnostics, v->where, "two modes share a name or a value");
}

static void check_memory(struct checker *c, struct component *x)
{
    struct config *config;
    LIST_EACH(config, c->m->configs)
    if (strcmp(config->name, x->size_name) == 0) x->size = config;
    if (!x->size)
        report_error(c->diagnostics, x->size_where,
                     "there is no parameter '%s'; expected one declared by config", x->size_name);
}

static void check_state(struct checker *c)
{
    struct description *const m = c->m;
    struct component *x;
    struct config *config;
    LIST_EACH(x, m->components)
    {
        x->ordinal = x_i;
        if (x->kind == COMPONENT_COUNTER) check_only(c, &m->counter, x);
        if (x->kind == COMPONENT_MODE) check_only(c, &m->mode, x);
        if (x->kind == COMPONENT_MEMORY) {
            check_only(c, &m->memory, x);
            check_memory(c, x);
        }
        check_component(c, x);
    }
    LIST_EACH(config, m->configs) config->ordinal = config_i;
    if (!m->counter)
        report_error(c->diagnostics, m->where,
                     "machine %s has no program counter; expected 'counter P : 32' in state",
                     m->name);
    bool supervisor = !m->mode, user = !m->mode;
    struct mode_value *v;
    if (m->mode) {
        LIST_EACH(v, m->mode->modes) * (v->supervisor ? &supervisor : &user) = true;
    }
    if (!supervisor || !user)
        report_error(c->diagnostics, m->mode->where,
                     "the modes need one that is supervisor and one that is user");
}

static void check_traps(struct checker *c)
{
    struct trap_cause *t, *other;
    LIST_EACH(t, c->m->traps)
    LIST_EACH(other, c->m->traps) if (other_i < t_i && other->code == t->code)
    {
        report_error(c->diagnostics, t->where, "traps '%s' and '%s' have the same code",
                     other->name, t->name);
        report_note(c->diagnostics, other->where, "the first is here");
    }
}

// ---------------------------------------------------------------- routines and sections

static void expect_parameters(struct checker *c, const struct routine *r, const char *what,
                              unsigned n, const char *sketch)
{
    if (r->parameters.n != n)
        report_error(c->diagnostics, r->where, "%s takes %u parameter%s; expected %s", what, n,
                     n == 1 ? "" : "s", sketch);
}

static void check_translations(struct checker *c)
{
    struct translation *t;
    LIST_EACH(t, c->m->translations)
    {
        struct component *x = find_component(c->m, t->memory_name);
        if (x && x->kind == COMPONENT_MEMORY)
            t->memory = x;
        else
            report_error(c->diagnostics, t->memory_where, "'%s' is not a memory", t->memory_name);
        expect_parameters(c, &t->routine, "a translation", 2,
                          "V(a : 32, n : 64): the address and the number of cells");
        c->translations = t_i;
        check_routine(c, &t->routine);
        if (t->routine.effects & (EFFECT_JUMP | EFFECT_STORE | EFFECT_END))
            report_error(c->diagnostics, t->where, "a translation can trap and read, and no more");
        if (t->routine.result_width > 64)
            report_error(c->diagnostics, t->where, "a physical address of %u bits; at most 64",
                         t->routine.result_width);
        c->translations = t_i + 1;
    }
}

static void check_fetch(struct checker *c, struct routine *r)
{
    expect_parameters(c, r, "fetch", 1, "fetch (at : 32) { ...; V[at +: 4] }");
    check_routine(c, r);
    c->m->unit_width = r->result_width;
    if (r->parameters.n == 1 && c->m->counter &&
        ((struct parameter *)r->parameters.items[0])->width != c->m->counter->width)
        report_error(c->diagnostics, r->where,
                     "fetch's parameter must have the counter's width, %u", c->m->counter->width);
    if (r->effects & (EFFECT_JUMP | EFFECT_STORE))
        report_error(c->diagnostics, r->where, "fetch can trap and read, and no more");
}

static void check_sections(struct checker *c)
{
    struct section *const s = c->m->sections;
    if (s[SECTION_FETCH].present) check_fetch(c, &s[SECTION_FETCH].routine);
    if (s[SECTION_UNDEFINED].present) {
        c->word_width = c->m->unit_width;
        check_routine(c, &s[SECTION_UNDEFINED].routine);
        c->word_width = 0;
        if (!(s[SECTION_UNDEFINED].routine.effects & EFFECT_TRAP))
            report_error(c->diagnostics, s[SECTION_UNDEFINED].routine.where,
                         "an undefined word must trap here");
    }
    c->no_trap = true;
    if (s[SECTION_DELIVER].present) {
        expect_parameters(c, &s[SECTION_DELIVER].routine, "deliver", 2,
                          "deliver (cause : 8, information : 32) { ... }");
        c->deliver = true;
        check_routine(c, &s[SECTION_DELIVER].routine);
        c->deliver = false;
    }
    if (s[SECTION_TICK].present) {
        expect_parameters(c, &s[SECTION_TICK].routine, "tick", 0, "tick { ... }");
        check_routine(c, &s[SECTION_TICK].routine);
        if (s[SECTION_TICK].routine.effects & (EFFECT_JUMP | EFFECT_STORE))
            report_error(c->diagnostics, s[SECTION_TICK].routine.where,
                         "tick can change resources, and no more");
    }
    if (s[SECTION_WAKE].present) {
        s[SECTION_WAKE].routine.result_width = 1;
        check_routine(c, &s[SECTION_WAKE].routine);
    }
    if (s[SECTION_RESET].present) {
        expect_parameters(c, &s[SECTION_RESET].routine, "reset", 1, "reset (entry : 32) { ... }");
        check_routine(c, &s[SECTION_RESET].routine);
    }
    c->no_trap = false;
}

static void check_interrupts(struct checker *c)
{
    struct interrupt *i;
    c->no_trap = true;
    LIST_EACH(i, c->m->interrupts)
    {
        i->cause = find_trap(c->m, i->name);
        if (!i->cause)
            report_error(c->diagnostics, i->where,
                         "there is no trap '%s'; declare it in traps { ... }", i->name);
        else if (i->cause->parameter)
            report_error(c->diagnostics, i->where,
                         "trap %s carries information; an interrupt has none", i->name);
        c->scope = (struct list){0};
        c->routine = &i->routine;
        check_condition(c, i->condition);
        check_routine(c, &i->routine);
    }
    c->no_trap = false;
}

static void check_native(struct checker *c)
{
    struct named *n;
    LIST_EACH(n, c->m->native)
    {
        struct instruction *i = find_instruction(c->m, n->name);
        if (i) i->native = true;
        // An extension may have removed it.
        else if (n->where.source == c->m->source)
            report_error(c->diagnostics, n->where, "there is no instruction '%s'", n->name);
    }
}

bool check_description(struct description *m, struct diagnostics *d)
{
    struct checker c = {.m = m, .diagnostics = d, .arena = m->arena};
    struct function *function;
    struct procedure *procedure;
    struct format *format;
    struct instruction *instruction;
    check_names(&c);
    check_state(&c);
    check_map(&c);
    check_traps(&c);
    check_translations(&c);
    LIST_EACH(function, m->functions)
    {
        c.functions = function_i;
        check_routine(&c, &function->routine);
    }
    c.functions = m->functions.n;
    LIST_EACH(procedure, m->procedures)
    {
        c.procedures = procedure_i;
        check_routine(&c, &procedure->routine);
    }
    c.procedures = m->procedures.n;
    check_sections(&c);
    check_interrupts(&c);
    LIST_EACH(format, m->formats) check_format(&c, format);
    LIST_EACH(instruction, m->instructions)
    {
        instruction->ordinal = instruction_i;
        check_instruction(&c, instruction);
    }
    check_native(&c);
    if (d->errors == 0) check_overlaps(&c);
    return d->errors == 0;
}
