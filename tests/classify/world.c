// SPDX-License-Identifier: MIT
// Two related states, asked for on demand.
#include "tests/classify/world.h"

#include <string.h>

// ---------------------------------------------------------------- descriptions

static bool number_elements(struct subject *s, const struct component *x)
{
    struct fixed_element *f;
    s->first[x->ordinal] = s->elements_n;
    if (x->count > ELEMENTS_MAX - s->elements_n || x->width > 8) return false;
    for (unsigned k = 0; k < x->count; k++) {
        struct element *e = &s->elements[s->elements_n++];
        *e = (struct element){.x = x, .index = k, .real_value = (uint64_t)x->map_value};
        if (x->kind == COMPONENT_RESOURCE && x->map != MAP_ARBITRARY)
            e->ownership = x->map == MAP_MIRROR ? LENT : KEPT_FIXED;
        LIST_EACH(f, x->fixed)
        {
            if (f->index != k) continue;
            e->fixed = true;
            e->value = (uint64_t)f->value;
        }
    }
    return true;
}

bool subject_init(struct subject *s, const struct description *m)
{
    struct component *x;
    struct mode_value *v;
    bool base = false, bound = false;
    *s = (struct subject){.m = m};
    if (!m->mode || !m->memory || m->components.n > COMPONENTS_MAX) return false;
    if (m->mode->modes.n > MODES_MAX) return false;
    LIST_EACH(x, m->components)
    {
        if (x->kind == COMPONENT_MEMORY) continue;
        if (!number_elements(s, x)) return false;
        if (x->role == ROLE_BASE) base = true, s->base = s->first[x_i];
        if (x->role == ROLE_BOUND) bound = true, s->bound = s->first[x_i];
    }
    s->mode = s->first[m->mode->ordinal];
    LIST_EACH(v, m->mode->modes)
    {
        s->modes[v_i] = (uint64_t)v->value;
        s->supervisor[v_i] = v->supervisor;
        s->modes_n++;
    }
    s->size = (uint64_t)m->memory->size->value;
    return base && bound && m->memory->size->width <= 4 && s->size > 0;
}

// ---------------------------------------------------------------- asking

void world_begin(struct world *w)
{
    memset(w->elements, 0xff, sizeof w->elements);
    memset(w->cells, 0xff, sizeof w->cells);
    memset(w->fields, 0xff, sizeof w->fields);
    w->k = w->w = w->q = -1;
    w->answers.at = 0;
}

static uint64_t ask(struct world *w, int16_t *place, uint64_t alternatives)
{
    if (*place < 0) *place = (int16_t)enumeration_ask(&w->answers, (unsigned)alternatives);
    return (uint64_t)*place;
}

static bool has_class(const struct world *w, unsigned mode, bool supervisor)
{
    const struct subject *s = w->subject;
    if (s->supervisor[mode] != supervisor) return false;
    for (unsigned k = 0; k < mode && w->reading == FIRST_MODES; k++)
        if (s->supervisor[k] == supervisor) return false;
    return true;
}

void world_set_class(struct world *w, unsigned side, bool supervisor)
{
    const struct subject *s = w->subject;
    unsigned n = 0;
    for (unsigned k = 0; k < s->modes_n; k++) n += has_class(w, k, supervisor);
    unsigned nth = enumeration_ask(&w->answers, n);
    for (unsigned k = 0; k < s->modes_n; k++)
        if (has_class(w, k, supervisor) && nth-- == 0)
            w->elements[side][s->mode] = (int16_t)s->modes[k];
}

// The partition: k >= 1, w >= 1, q >= k + w, such that every real base fits its register.
static void ask_geometry(struct world *w)
{
    const struct subject *s = w->subject;
    int const most = (1 << s->m->memory->size->width) - 1;
    int const bases = 1 << s->elements[s->base].x->width;
    if (w->k >= 0) return;
    int const k_most = most - 1 < bases - 1 ? most - 1 : bases - 1;
    if (w->reading == PARTITION_UNMOVED)
        w->k = 0;
    else
        w->k = (int16_t)(1 + (int)enumeration_ask(&w->answers, (unsigned)k_most));
    int const w_most = most - w->k < bases - w->k ? most - w->k : bases - w->k;
    w->w = (int16_t)(1 + (int)enumeration_ask(&w->answers, (unsigned)w_most));
    int const least = w->k + w->w;
    w->q = (int16_t)(least + (int)enumeration_ask(&w->answers, (unsigned)(most - least + 1)));
}

// ---------------------------------------------------------------- registers

static uint64_t own_element(struct world *w, unsigned side, unsigned e)
{
    const struct element *x = &w->subject->elements[e];
    int16_t *place = &w->elements[side][e];
    if (x->fixed) return x->value;
    if (e == w->subject->mode && *place < 0)
        *place = (int16_t)w->subject->modes[enumeration_ask(&w->answers, w->subject->modes_n)];
    return ask(w, place, (uint64_t)1 << x->x->width);
}

// The real mode for a virtual one: what the map says, or itself where it is a user mode, else the
// first user mode.
static uint64_t real_mode(const struct subject *s, uint64_t mode)
{
    if (s->m->real_mode) return (uint64_t)s->m->real_mode->value;
    for (unsigned k = 0; k < s->modes_n; k++)
        if (s->modes[k] == mode && !s->supervisor[k]) return mode;
    for (unsigned k = 0; k < s->modes_n; k++)
        if (!s->supervisor[k]) return s->modes[k];
    return mode;
}

// The virtual machine map.
static uint64_t real_element(struct world *w, unsigned e)
{
    const struct subject *s = w->subject;
    const struct element *x = &s->elements[e];
    if (e == s->mode) return real_mode(s, own_element(w, VIRTUAL, e));
    if (e == s->base || e == s->bound) {
        ask_geometry(w);
        uint64_t const l = own_element(w, VIRTUAL, s->base), size = (uint64_t)w->w;
        if (e == s->base) return (uint64_t)w->k + (l < size ? l : 0);
        uint64_t const b = own_element(w, VIRTUAL, s->bound);
        if (w->reading == BOUND_NOT_CLIPPED) return b;
        return l >= size ? 0 : b < size - l ? b : size - l;
    }
    bool const resource = x->x->kind != COMPONENT_GENERAL && x->x->kind != COMPONENT_COUNTER;
    if (!resource || x->ownership == LENT || w->reading == ALL_LENT)
        return own_element(w, VIRTUAL, e);
    if (x->ownership == KEPT_FIXED) return x->real_value;
    return own_element(w, REAL, e);
}

uint64_t world_element(struct world *w, unsigned side, unsigned e)
{
    if (w->relation == REPRESENTATION && side == REAL) return real_element(w, e);
    return own_element(w, side && w->differing[e] ? 1 : 0, e);
}

// ---------------------------------------------------------------- memory

uint64_t world_size(struct world *w, unsigned side)
{
    if (w->relation != REPRESENTATION) return w->subject->size;
    ask_geometry(w);
    return (uint64_t)(side == VIRTUAL ? w->w : w->q);
}

static uint64_t bound_of(struct world *w)
{
    uint64_t const b = world_element(w, 0, w->subject->bound);
    if (w->reading != BOUND_DIFFERS) return b;
    uint64_t const other = world_element(w, 1, w->subject->bound);
    return b < other ? b : other;
}

uint64_t world_physical(struct world *w, unsigned side, uint64_t index)
{
    return world_element(w, side, w->subject->base) + index;
}

int world_window(struct world *w, unsigned side, uint64_t at)
{
    uint64_t const base = world_physical(w, side, 0);
    if (at < base || at - base >= bound_of(w)) return -1;
    uint64_t const size = w->subject->size;
    if (at >= size || world_physical(w, !side, at - base) >= size) return -1;
    return (int)(at - base);
}

uint64_t world_cell(struct world *w, unsigned side, uint64_t at)
{
    if (at >= world_size(w, side)) return 0;
    unsigned bank = 0;
    if (w->relation == LOCATION) {
        int const index = world_window(w, side, at);
        if (index >= 0)
            at = (uint64_t)index;
        else if (w->reading == OUTSIDE_SHARED)
            bank = 1;
        else
            bank = 1 + side;
    } else if (w->relation == REPRESENTATION && side == REAL) {
        uint64_t const k = (uint64_t)w->k, size = (uint64_t)w->w;
        if (at >= k && at - k < size)
            at -= k;
        else
            bank = 1;
    }
    return ask(w, &w->cells[bank][at], (uint64_t)1 << w->subject->m->memory->width);
}

// ---------------------------------------------------------------- the instruction

uint64_t world_field(struct world *w, const struct instruction *i, const struct field *f)
{
    uint64_t const mask = ((uint64_t)1 << f->width) - 1;
    if ((i->mask >> f->low & mask) == mask) return i->match >> f->low & mask;
    unsigned k = 0;
    while (i->format->fields.items[k] != f) k++;
    if (w->selection && f == w->selection->field) {
        uint64_t const nth = ask(w, &w->fields[k], w->selection->n);
        return w->selection->values[nth];
    }
    return ask(w, &w->fields[k], mask + 1);
}

// ---------------------------------------------------------------- showing it

void world_print(const struct world *w, const struct instruction *i, FILE *out)
{
    static const char *const banks[2][3] = {{"both", "first", "second"},
                                            {"virtual", "outside the partition", "-"}};
    bool const map = w->relation == REPRESENTATION;
    struct field *f;
    LIST_EACH(f, i->format->fields)
    {
        bool const nth = w->selection && f == w->selection->field;
        int const value = w->fields[f_i];
        if (value >= 0)
            fprintf(out, "    field %s = %d\n", f->name,
                    nth ? (int)w->selection->values[value] : value);
    }
    if (w->k >= 0) fprintf(out, "    k = %d, w = %d, q = %d\n", w->k, w->w, w->q);
    for (unsigned side = 0; side < 2; side++) {
        for (unsigned e = 0; e < w->subject->elements_n; e++) {
            const struct element *x = &w->subject->elements[e];
            if (w->elements[side][e] < 0) continue;
            fprintf(out, "    %s: %s",
                    side  ? map ? "real" : "second"
                    : map ? "virtual"
                          : "first",
                    x->x->name);
            if (x->x->array) fprintf(out, "[%u]", x->index);
            fprintf(out, " = %d\n", w->elements[side][e]);
        }
    }
    for (unsigned bank = 0; bank < 3; bank++)
        for (unsigned at = 0; at < CELLS_MAX; at++)
            if (w->cells[bank][at] >= 0)
                fprintf(out, "    %s: cell %u = %d\n", banks[map][bank], at, w->cells[bank][at]);
}
