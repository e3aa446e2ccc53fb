// SPDX-License-Identifier: MIT
// The exact criterion of DESIGN 4: what makes a virtual state and a real one that represents it a
// witness against running an instruction directly, or against reflecting its memory traps.
#include "tests/classify/oracle.h"

#include <string.h>

static void execute(struct oracle *o, unsigned side)
{
    outcomes_of(&o->world, side, o->instruction, &o->outcomes[side]);
}

static bool in_partition(struct oracle *o, uint64_t at)
{
    world_size(&o->world, REAL); // so that k and w are known
    uint64_t const k = (uint64_t)o->world.k, w = (uint64_t)o->world.w;
    return at >= k && at - k < w;
}

// Whether H' differs from H in registers, counter and partition only.
static bool stays_inside(struct oracle *o, const struct outcome *h)
{
    if (changes_resources(o, REAL, h)) return false;
    for (unsigned n = 0; n < h->cells_n; n++) {
        uint64_t const at = h->cells[n].at;
        if (!in_partition(o, at) && h->cells[n].value != world_cell(&o->world, REAL, at))
            return false;
    }
    return true;
}

// Whether H' represents S', given that neither changed mode or resources.
static bool represents(struct oracle *o, const struct outcome *h, const struct outcome *s)
{
    struct world *const w = &o->world;
    const struct instruction *i = o->instruction;
    const struct outcome *const both[] = {s, h};
    for (unsigned side = VIRTUAL; side <= REAL; side++) {
        for (unsigned n = 0; n < both[side]->elements_n; n++) {
            unsigned const e = (unsigned)both[side]->elements[n].at;
            enum component_kind const kind = w->subject->elements[e].x->kind;
            if (kind != COMPONENT_GENERAL && kind != COMPONENT_COUNTER) continue;
            if (element_after(w, VIRTUAL, i, s, e) != element_after(w, REAL, i, h, e)) return false;
        }
        for (unsigned n = 0; n < both[side]->cells_n; n++) {
            uint64_t const at = both[side]->cells[n].at;
            if (side == REAL && !in_partition(o, at)) continue;
            world_size(w, REAL);
            uint64_t const k = (uint64_t)w->k;
            uint64_t const guest = side == VIRTUAL ? at : at - k;
            if (cell_after(w, VIRTUAL, s, guest) != cell_after(w, REAL, h, guest + k)) return false;
        }
    }
    return true;
}

static bool has_match(struct oracle *o, const struct outcome *h)
{
    for (unsigned n = 0; n < o->outcomes[VIRTUAL].n; n++) {
        const struct outcome *s = &o->outcomes[VIRTUAL].list[n];
        if (s->kind != OUTCOME_NEXT) continue;
        if (o->reading != RESOURCES_MAY_CHANGE && changes_resources(o, VIRTUAL, s)) continue;
        if (represents(o, h, s)) return true;
    }
    return false;
}

static void relate(struct oracle *o, bool user)
{
    o->world.relation = REPRESENTATION;
    memset(o->world.differing, 0, sizeof o->world.differing);
    if (user) world_set_class(&o->world, VIRTUAL, false);
    execute(o, REAL);
}

static bool violated(struct oracle *o, bool user)
{
    bool executed = false;
    relate(o, user);
    for (unsigned n = 0; n < o->outcomes[REAL].n; n++) {
        const struct outcome *h = &o->outcomes[REAL].list[n];
        if (h->kind == OUTCOME_STOP || h->kind == OUTCOME_WAIT) {
            if (o->reading != STOP_ALLOWED) return true;
        } else if (h->kind == OUTCOME_NEXT) {
            if (!stays_inside(o, h)) return true;
            if (!executed) execute(o, VIRTUAL);
            executed = true;
            if (!has_match(o, h)) return true;
        }
    }
    return false;
}

static bool unreflectable(struct oracle *o, bool user)
{
    bool executed = false;
    relate(o, user);
    for (unsigned n = 0; n < o->outcomes[REAL].n; n++) {
        const struct outcome *h = &o->outcomes[REAL].list[n];
        bool met = false;
        if (h->kind != OUTCOME_MEMORY_TRAP) continue;
        if (!executed) execute(o, VIRTUAL);
        executed = true;
        for (unsigned m = 0; m < o->outcomes[VIRTUAL].n; m++) {
            const struct outcome *s = &o->outcomes[VIRTUAL].list[m];
            if (o->reading == ANY_TRAP_REFLECTS)
                met = met || s->kind == OUTCOME_MEMORY_TRAP || s->kind == OUTCOME_TRAP;
            else
                met = met || (s->kind == OUTCOME_MEMORY_TRAP && s->cause == h->cause &&
                              s->value == h->value);
        }
        if (!met) return true;
    }
    return false;
}

bool exact_violated(struct oracle *o)
{
    return violated(o, false);
}

bool exact_violated_user(struct oracle *o)
{
    return violated(o, true);
}

bool exact_unreflectable(struct oracle *o)
{
    return unreflectable(o, false);
}

bool exact_unreflectable_user(struct oracle *o)
{
    return unreflectable(o, true);
}
