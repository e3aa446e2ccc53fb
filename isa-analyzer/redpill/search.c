// SPDX-License-Identifier: MIT
// Looking for the state: the registers, mode and interrupt enable of the witness, with the window
// where the program can have it, and then others. Each is run in the reference evaluator, as the
// bare machine would and as a monitor's host would, up to the next trap.
#include "isa-analyzer/redpill/redpill.h"

#include <stdlib.h>
#include <string.h>

#include "isa-analyzer/semantics/concrete.h"

enum {
    MEMORY = 1 << 20, // of the machine on which states are tried
    START = 1 << 16,  // of the partition
    ECALL = 0x00000073,
    TRIES = 2000,
    USER = 1,
};

static const struct {
    const char *name;
    enum component_kind kind;
    unsigned width;
} needed[] = {
    {"x", COMPONENT_GENERAL, 32},  {"P", COMPONENT_COUNTER, 32},  {"M", COMPONENT_MODE, 1},
    {"l", COMPONENT_RESOURCE, 32}, {"b", COMPONENT_RESOURCE, 32}, {"IE", COMPONENT_RESOURCE, 1},
    {"T", COMPONENT_RESOURCE, 32}, {"E", COMPONENT_MEMORY, 8},
};

bool pill_possible(const struct description *m, const char **why)
{
    static const char *const instructions[] = {"lpsw", "spsw", "stm", "out", "halt", "ecall", "lw"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const struct component *x = find_component(m, needed[i].name);
        if (x && x->kind == needed[i].kind && x->width == needed[i].width) continue;
        *why = needed[i].name;
        return false;
    }
    for (size_t i = 0; i < sizeof instructions / sizeof *instructions; i++) {
        if (find_instruction(m, instructions[i])) continue;
        *why = instructions[i];
        return false;
    }
    return m->sections[SECTION_DELIVER].present && m->sections[SECTION_FETCH].present;
}

// ---------------------------------------------------------------- one state, run

struct run {
    struct description *m;
    uint8_t *cells; // MEMORY of them
    uint32_t start; // where the machine's own memory begins: 0, or START
    struct concrete c;
};

static void set(struct run *r, const char *name, uint64_t value)
{
    concrete_set(&r->c, find_component(r->m, name), 0, value);
}

static uint32_t get(const struct run *r, const char *name)
{
    return (uint32_t)concrete_get(&r->c, find_component(r->m, name), 0);
}

// The state with the window at `start`; for a partition, in user mode whatever the virtual mode is.
static void begin(struct run *r, const struct pill_state *s, uint32_t word)
{
    const struct component *x = find_component(r->m, "x");
    uint32_t const window = r->start + PILL_WINDOW;
    memset(r->cells, 0, MEMORY);
    concrete_init(&r->c, r->m, r->cells, MEMORY);
    for (unsigned i = 0; i < PILL_REGISTERS; i++) concrete_set(&r->c, x, i, s->x[i]);
    for (uint32_t at = 0; at < PILL_SIZE; at += 4)
        concrete_store(&r->c, window + at, 4, at == PILL_P ? word : ECALL);
    set(r, "P", PILL_P);
    set(r, "M", s->user || r->start != 0 ? USER : 0);
    set(r, "IE", s->IE);
    set(r, "l", window);
    set(r, "b", PILL_SIZE);
    set(r, "T", PILL_TIMER);
}

static void view_registers(const struct run *r, struct pill_view *v)
{
    const struct component *x = find_component(r->m, "x");
    for (unsigned i = 0; i < PILL_REGISTERS; i++) v->x[i] = (uint32_t)concrete_get(&r->c, x, i);
    v->P = get(r, "P");
    v->T = get(r, "T");
}

static uint32_t status(uint64_t cause, bool user, bool IE)
{
    return (uint32_t)cause << 8 | (uint32_t)IE << 1 | user;
}

// To the trap: the instruction's own, or the one of what comes after it. False where there is none.
static bool to_trap(struct run *r, struct step *own, struct step *trap)
{
    *own = *trap = concrete_execute(&r->c);
    if (own->outcome == STEP_NEXT) *trap = concrete_interrupt(&r->c);
    if (trap->outcome == STEP_NEXT) *trap = concrete_execute(&r->c);
    return trap->outcome == STEP_TRAP;
}

// ---------------------------------------------------------------- both machines

static bool run_real(struct run *r, const struct pill_state *s, uint32_t word, struct pill_view *v)
{
    struct step own, trap;
    begin(r, s, word);
    bool const good = to_trap(r, &own, &trap);
    view_registers(r, v);
    v->l = get(r, "l");
    v->b = get(r, "b");
    v->information = (uint32_t)trap.value;
    v->status = good ? status(trap.cause->code, get(r, "M"), get(r, "IE")) : 0;
    concrete_free(&r->c);
    return good;
}

// Under a monitor: mode, R and IE are the record's, and the timer, where it is kept. False where
// the instruction comes to the monitor, which then does what it should.
static bool run_virtual(struct run *r, const struct pill_state *s, uint32_t word, bool kept,
                        struct pill_view *v)
{
    struct step own, trap;
    begin(r, s, word);
    bool const good = to_trap(r, &own, &trap);
    bool const emulated = own.outcome == STEP_TRAP && !own.cause->is_memory;
    view_registers(r, v);
    v->l = PILL_WINDOW;
    v->b = PILL_SIZE;
    v->information = (uint32_t)trap.value;
    v->status = good ? status(trap.cause->code, s->user, s->IE) : 0;
    if (kept) v->T = PILL_TIMER - (own.outcome == STEP_NEXT);
    concrete_free(&r->c);
    return good && !emulated;
}

// ---------------------------------------------------------------- the search

static void from_witness(const struct witness *w, struct pill_state *s)
{
    struct snapshot_value *v;
    LIST_EACH(v, w->states[0].values)
    {
        const char *name = v->component->name;
        if (strcmp(name, "x") == 0 && v->index < PILL_REGISTERS)
            s->x[v->index] = (uint32_t)v->value;
        else if (strcmp(name, "M") == 0)
            s->user = v->value == USER;
        else if (strcmp(name, "IE") == 0)
            s->IE = v->value != 0;
    }
}

// A fixed sequence, so that the same description has the same red pill.
static uint32_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static void vary(struct pill_state *s, uint64_t *seed)
{
    for (unsigned i = 1; i < PILL_REGISTERS; i++) {
        uint32_t const n = draw(seed);
        s->x[i] = n % 4 == 0 ? 0 : n % 4 == 1 ? 4 * (n >> 8 & 0x3ff) : n >> (n >> 4 & 31);
    }
    s->user = draw(seed) & 1;
    s->IE = draw(seed) & 1;
}

static bool shows(struct run *real, struct run *host, struct pill *p, bool kept)
{
    uint64_t const q = real->m->memory->size->value;
    real->m->memory->size->value = MEMORY - START;
    bool good = run_real(real, &p->before, p->word, &p->real);
    host->m->memory->size->value = MEMORY;
    good = good && run_virtual(host, &p->before, p->word, kept, &p->virtual);
    real->m->memory->size->value = q;
    return good && memcmp(&p->real, &p->virtual, sizeof p->real) != 0;
}

static bool search(struct run *real, struct run *host, const struct witness *w, struct pill *p,
                   bool kept)
{
    uint64_t seed = 1;
    p->kept_only = kept;
    p->before = (struct pill_state){0};
    from_witness(w, &p->before);
    for (int k = 0; k < TRIES; k++) {
        if (shows(real, host, p, kept)) return true;
        vary(&p->before, &seed);
    }
    return false;
}

static const struct witness *witness_of(const struct row *r)
{
    // In user mode first: a hybrid monitor shows it too.
    static const enum property order[] = {PROPERTY_EXACT_HYBRID, PROPERTY_REFLECTABLE_HYBRID,
                                          PROPERTY_EXACT, PROPERTY_REFLECTABLE};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (r->verdicts[order[i]].witness) return r->verdicts[order[i]].witness;
    return NULL;
}

bool pill_find(struct description *m, const struct row *r, struct pill *out)
{
    const struct witness *w = witness_of(r);
    struct run real = {.m = m, .cells = malloc(MEMORY)};
    struct run host = {.m = m, .cells = malloc(MEMORY), .start = START};
    bool found = false;
    if (!real.cells || !host.cells) {
        fputs("isa-analyzer: error: out of memory\n", stderr);
        exit(64);
    }
    if (w) {
        *out = (struct pill){.instruction = r->instruction, .word = (uint32_t)w->word};
        found = search(&real, &host, w, out, false) || search(&real, &host, w, out, true);
    }
    free(real.cells);
    free(host.cells);
    return found;
}
