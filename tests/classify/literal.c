// SPDX-License-Identifier: MIT
// The literal classes: what makes a state, or a pair of states, a witness. From DESIGN 4.
#include "tests/classify/oracle.h"

#include <string.h>

// ---------------------------------------------------------------- outcomes

static bool any(const struct outcomes *o, enum outcome_kind kind)
{
    for (unsigned k = 0; k < o->n; k++)
        if (o->list[k].kind == kind) return true;
    return false;
}

static bool is_trap(const struct outcome *x)
{
    return x->kind == OUTCOME_TRAP || x->kind == OUTCOME_MEMORY_TRAP;
}

static bool traps(const struct outcomes *o)
{
    for (unsigned k = 0; k < o->n; k++)
        if (!is_trap(&o->list[k])) return false;
    return true;
}

static bool does_not_trap(const struct outcomes *o)
{
    for (unsigned k = 0; k < o->n; k++)
        if (is_trap(&o->list[k])) return false;
    return true;
}

// Executes the instruction in a state; false where that memory-traps, which exempts the state.
static bool execute(struct oracle *o, unsigned side)
{
    outcomes_of(&o->world, side, o->instruction, &o->outcomes[side]);
    return o->reading == MEMORY_TRAPS_COUNT || !any(&o->outcomes[side], OUTCOME_MEMORY_TRAP);
}

bool changes_resources(struct oracle *o, unsigned side, const struct outcome *x)
{
    struct world *const w = &o->world;
    if (x->device) return true;
    for (unsigned k = 0; k < x->elements_n; k++) {
        unsigned const e = (unsigned)x->elements[k].at;
        enum component_kind const kind = w->subject->elements[e].x->kind;
        if (kind == COMPONENT_GENERAL || kind == COMPONENT_COUNTER) continue;
        if (o->reading == VALUES_IGNORED) return true;
        if (x->elements[k].value != world_element(w, side, e)) return true;
    }
    return false;
}

// ---------------------------------------------------------------- one state

static void alone(struct oracle *o)
{
    o->world.relation = SAME;
    memset(o->world.differing, 0, sizeof o->world.differing);
}

bool literal_survives(struct oracle *o)
{
    alone(o);
    return execute(o, 0) && !traps(&o->outcomes[0]);
}

bool literal_traps(struct oracle *o)
{
    alone(o);
    return execute(o, 0) && traps(&o->outcomes[0]);
}

static bool has_effect(struct oracle *o)
{
    if (!execute(o, 0)) return false;
    for (unsigned k = 0; k < o->outcomes[0].n; k++) {
        const struct outcome *x = &o->outcomes[0].list[k];
        if (x->kind == OUTCOME_STOP || x->kind == OUTCOME_WAIT) return true;
        if (x->kind == OUTCOME_NEXT && changes_resources(o, 0, x)) return true;
    }
    return false;
}

bool literal_effect(struct oracle *o)
{
    alone(o);
    return has_effect(o);
}

bool literal_effect_user(struct oracle *o)
{
    alone(o);
    world_set_class(&o->world, 0, false);
    return has_effect(o);
}

// ---------------------------------------------------------------- supervisor and user

// Two states equal but for the mode: the first a supervisor's, the second a user's.
static bool execute_both_classes(struct oracle *o)
{
    alone(o);
    o->world.differing[o->world.subject->mode] = true;
    world_set_class(&o->world, 0, true);
    world_set_class(&o->world, 1, false);
    return execute(o, 0) && execute(o, 1);
}

bool literal_pair(struct oracle *o)
{
    return execute_both_classes(o);
}

bool literal_unprivileged(struct oracle *o)
{
    return execute_both_classes(o) && !(does_not_trap(&o->outcomes[0]) && traps(&o->outcomes[1]));
}

bool literal_condition(struct oracle *o)
{
    return execute_both_classes(o) && does_not_trap(&o->outcomes[0]) && traps(&o->outcomes[1]);
}

bool literal_svtrap(struct oracle *o)
{
    return execute_both_classes(o) && traps(&o->outcomes[0]) && does_not_trap(&o->outcomes[1]);
}

// ---------------------------------------------------------------- behaviour

static bool same_windows(struct oracle *o, const struct outcome *x, const struct outcome *y)
{
    struct world *const w = &o->world;
    const struct outcome *const both[] = {x, y};
    for (unsigned side = 0; side < 2; side++) {
        for (unsigned k = 0; k < both[side]->cells_n; k++) {
            int const j = world_window(w, side, both[side]->cells[k].at);
            if (j < 0) continue;
            uint64_t const first = cell_after(w, 0, x, world_physical(w, 0, (uint64_t)j));
            if (first != cell_after(w, 1, y, world_physical(w, 1, (uint64_t)j))) return false;
        }
    }
    return true;
}

static bool same_registers(struct oracle *o, const struct outcome *x, const struct outcome *y)
{
    const struct outcome *const both[] = {x, y};
    for (unsigned side = 0; side < 2; side++) {
        for (unsigned k = 0; k < both[side]->elements_n; k++) {
            unsigned const e = (unsigned)both[side]->elements[k].at;
            enum component_kind const kind = o->world.subject->elements[e].x->kind;
            if (kind != COMPONENT_GENERAL && kind != COMPONENT_COUNTER) continue;
            uint64_t const first = element_after(&o->world, 0, o->instruction, x, e);
            if (first != element_after(&o->world, 1, o->instruction, y, e)) return false;
        }
    }
    return true;
}

static bool looks_same(struct oracle *o, const struct outcome *x, const struct outcome *y)
{
    if (x->kind != y->kind) return false;
    if (is_trap(x))
        return x->cause == y->cause && (x->value == y->value || o->reading == INFORMATION_IGNORED);
    if (x->kind == OUTCOME_STOP && x->value != y->value) return false;
    return same_registers(o, x, y) && same_windows(o, x, y);
}

// Whether the sets of outcomes differ; of Next outcomes only, where so asked.
static bool sets_differ(struct oracle *o, bool only_next)
{
    const struct outcomes *const a = &o->outcomes[0], *const b = &o->outcomes[1];
    for (unsigned side = 0; side < 2; side++) {
        const struct outcomes *const mine = side ? b : a, *const others = side ? a : b;
        for (unsigned k = 0; k < mine->n; k++) {
            bool met = only_next && mine->list[k].kind != OUTCOME_NEXT;
            for (unsigned j = 0; j < others->n && !met; j++)
                met = side ? looks_same(o, &others->list[j], &mine->list[k])
                           : looks_same(o, &mine->list[k], &others->list[j]);
            if (!met) return true;
        }
    }
    return false;
}

static bool by_location(struct oracle *o)
{
    struct world *const w = &o->world;
    const struct subject *s = w->subject;
    w->relation = LOCATION;
    for (unsigned e = 0; e < s->elements_n; e++) {
        enum component_role const role = s->elements[e].x->role;
        w->differing[e] = role == ROLE_BASE || role == ROLE_LOCATION ||
                          (role == ROLE_BOUND && o->reading == BOUND_DIFFERS);
    }
    return execute(o, 0) && execute(o, 1) && sets_differ(o, false);
}

bool literal_location(struct oracle *o)
{
    alone(o);
    return by_location(o);
}

bool literal_location_user(struct oracle *o)
{
    alone(o);
    world_set_class(&o->world, 0, false);
    return by_location(o);
}

bool literal_mode(struct oracle *o)
{
    alone(o);
    o->world.differing[o->world.subject->mode] = true;
    if (!execute(o, 0) || !execute(o, 1)) return false;
    if (o->reading == MODE_COMPARES_TRAPS) return sets_differ(o, false);
    return any(&o->outcomes[0], OUTCOME_NEXT) && any(&o->outcomes[1], OUTCOME_NEXT) &&
           sets_differ(o, true);
}

bool literal_resource(struct oracle *o)
{
    const struct subject *s = o->world.subject;
    const struct component *others[COMPONENTS_MAX];
    unsigned n = 0;
    alone(o);
    for (unsigned e = 0; e < s->elements_n; e++) {
        const struct component *x = s->elements[e].x;
        if (x->kind != COMPONENT_RESOURCE && x->kind != COMPONENT_DEVICE) continue;
        if (x->role == ROLE_NONE && s->elements[e].index == 0) others[n++] = x;
    }
    if (n == 0) return false;
    const struct component *const it = others[enumeration_ask(&o->world.answers, n)];
    for (unsigned e = 0; e < s->elements_n; e++) o->world.differing[e] = s->elements[e].x == it;
    return execute(o, 0) && execute(o, 1) && sets_differ(o, false);
}

bool literal_choice(struct oracle *o)
{
    struct outcomes *const set = &o->outcomes[0];
    alone(o);
    outcomes_of(&o->world, 0, o->instruction, set);
    for (unsigned k = 1; k < set->n; k++) {
        const struct outcome *const x = &set->list[0], *const y = &set->list[k];
        if (!looks_same(o, x, y) || x->device != y->device) return true;
        for (unsigned side = 0; side < 2 && !is_trap(x); side++) {
            const struct outcome *const z = side ? y : x;
            for (unsigned j = 0; j < z->elements_n; j++) {
                unsigned const e = (unsigned)z->elements[j].at;
                if (element_after(&o->world, 0, o->instruction, x, e) !=
                    element_after(&o->world, 0, o->instruction, y, e))
                    return true;
            }
            for (unsigned j = 0; j < z->cells_n; j++)
                if (cell_after(&o->world, 0, x, z->cells[j].at) !=
                    cell_after(&o->world, 0, y, z->cells[j].at))
                    return true;
        }
    }
    return false;
}
