// SPDX-License-Identifier: MIT
// From searches to verdicts.
#include "tests/classify/oracle.h"

const char *const oracle_property_names[PROPERTIES] = {
    "always_traps",
    "privileged",
    "vacuous",
    "conditionally_privileged",
    "control_sensitive",
    "location_sensitive",
    "mode_sensitive",
    "resource_sensitive",
    "user_sensitive",
    "innocuous",
    "nondeterministic",
    "exact",
    "reflectable",
    "exact_hybrid",
    "reflectable_hybrid",
};

const char *const oracle_theorem_names[THEOREMS] = {"theorem1", "theorem2", "theorem3", "exact",
                                                    "exact-hybrid"};

static const struct {
    const char *text;
    bool (*is_witness)(struct oracle *o);
    enum search within; // a search that finds something if this one does; 0: none
} searches[SEARCHES] = {
    [SEARCH_SURVIVES] = {"a state that does not trap", literal_survives, 0},
    [SEARCH_TRAPS] = {"a state that traps", literal_traps, 0},
    [SEARCH_PAIR] = {"a pair of supervisor and user that does not memory-trap", literal_pair, 0},
    [SEARCH_UNPRIVILEGED] = {"a pair that is not privileged", literal_unprivileged, SEARCH_PAIR},
    [SEARCH_CONDITION] = {"a pair that is privileged", literal_condition, SEARCH_PAIR},
    [SEARCH_EFFECT] = {"a changed mode or resource, stop or wait", literal_effect, 0},
    [SEARCH_EFFECT_USER] = {"the same in user mode", literal_effect_user, SEARCH_EFFECT},
    [SEARCH_SVTRAP] = {"traps in supervisor mode, not in user mode", literal_svtrap, SEARCH_PAIR},
    [SEARCH_LOCATION] = {"differs by location", literal_location, 0},
    [SEARCH_LOCATION_USER] = {"differs by location in user mode", literal_location_user,
                              SEARCH_LOCATION},
    [SEARCH_MODE] = {"differs by mode", literal_mode, 0},
    [SEARCH_RESOURCE] = {"differs by a resource", literal_resource, 0},
    [SEARCH_CHOICE] = {"has two outcomes", literal_choice, 0},
    [SEARCH_INEXACT] = {"runs wrongly under the map", exact_violated, 0},
    [SEARCH_INEXACT_USER] = {"runs wrongly in virtual user mode", exact_violated_user,
                             SEARCH_INEXACT},
    [SEARCH_UNREFLECTABLE] = {"memory-traps on the real machine only", exact_unreflectable, 0},
    [SEARCH_UNREFLECTABLE_USER] = {"the same in virtual user mode", exact_unreflectable_user,
                                   SEARCH_UNREFLECTABLE},
};

static bool search(struct oracle *o, enum search which, bool *complete)
{
    unsigned left = SEARCH_LIMIT;
    o->world.answers = (struct enumeration){.n = 0};
    do {
        world_begin(&o->world);
        if (word_matches(&o->world, o->instruction) && searches[which].is_witness(o)) return true;
    } while (enumeration_next(&o->world.answers) && --left > 0);
    if (left == 0) *complete = false;
    return false;
}

static void begin(struct oracle *o, const struct subject *s, const struct instruction *i,
                  const struct selection *selection, enum reading reading)
{
    o->world.selection = selection;
    o->world.subject = s;
    o->world.reading = o->reading = reading;
    o->instruction = i;
}

void oracle_judge(struct oracle *o, const struct subject *s, const struct instruction *i,
                  const struct selection *selection, enum reading reading, struct verdicts *v)
{
    bool *const is = v->is, *const found = v->found;
    begin(o, s, i, selection, reading);
    *v = (struct verdicts){.complete = true};
    for (unsigned k = 0; k < SEARCHES && v->complete; k++) {
        // What is not found in any mode is not found in user mode.
        found[k] = (searches[k].within == 0 || found[searches[k].within]) &&
                   search(o, (enum search)k, &v->complete);
    }
    if (!v->complete) return;

    is[ALWAYS_TRAPS] = found[SEARCH_TRAPS] && !found[SEARCH_SURVIVES];
    is[PRIVILEGED] = !found[SEARCH_UNPRIVILEGED];
    is[VACUOUS] = !found[SEARCH_PAIR];
    is[CONDITIONALLY_PRIVILEGED] = !is[PRIVILEGED] && !is[ALWAYS_TRAPS] && found[SEARCH_CONDITION];

    bool const counts = !is[ALWAYS_TRAPS] || reading == NOT_SET_ASIDE;
    bool const svtrap = found[SEARCH_SVTRAP] && reading != SVTRAP_FORGOTTEN;
    is[CONTROL_SENSITIVE] = counts && (found[SEARCH_EFFECT] || svtrap);
    is[LOCATION_SENSITIVE] = counts && found[SEARCH_LOCATION];
    is[MODE_SENSITIVE] = counts && found[SEARCH_MODE];
    is[RESOURCE_SENSITIVE] = counts && found[SEARCH_RESOURCE];
    is[USER_SENSITIVE] = counts && (found[SEARCH_EFFECT_USER] || found[SEARCH_LOCATION_USER]);
    is[INNOCUOUS] = !is[ALWAYS_TRAPS] && !is[PRIVILEGED] && !is[CONTROL_SENSITIVE] &&
                    !is[LOCATION_SENSITIVE] && !is[MODE_SENSITIVE] && !is[RESOURCE_SENSITIVE];
    is[NONDETERMINISTIC] = found[SEARCH_CHOICE];

    is[EXACT] = !found[SEARCH_INEXACT];
    is[REFLECTABLE] = !found[SEARCH_UNREFLECTABLE];
    is[EXACT_HYBRID] = !found[SEARCH_INEXACT_USER];
    is[REFLECTABLE_HYBRID] = !found[SEARCH_UNREFLECTABLE_USER];
}

void oracle_theorems(const struct verdicts *v, unsigned n, bool holds[THEOREMS])
{
    for (unsigned k = 0; k < THEOREMS; k++) holds[k] = true;
    for (unsigned k = 0; k < n; k++) {
        const bool *is = v[k].is;
        bool const sensitive = is[CONTROL_SENSITIVE] || is[LOCATION_SENSITIVE] ||
                               is[MODE_SENSITIVE] || is[RESOURCE_SENSITIVE];
        if (sensitive && !is[PRIVILEGED]) holds[THEOREM1] = holds[THEOREM2] = false;
        if (is[USER_SENSITIVE] && !is[PRIVILEGED]) holds[THEOREM3] = false;
        if (!is[EXACT] || !is[REFLECTABLE]) holds[EXACT_MACHINE] = false;
        if (!is[EXACT_HYBRID] || !is[REFLECTABLE_HYBRID]) holds[EXACT_HYBRID_MACHINE] = false;
    }
}

// ---------------------------------------------------------------- why

static const enum search bearing[PROPERTIES][4] = {
    [ALWAYS_TRAPS] = {SEARCH_SURVIVES, SEARCH_TRAPS, SEARCHES},
    [PRIVILEGED] = {SEARCH_UNPRIVILEGED, SEARCHES},
    [VACUOUS] = {SEARCH_PAIR, SEARCHES},
    [CONDITIONALLY_PRIVILEGED] = {SEARCH_UNPRIVILEGED, SEARCH_CONDITION, SEARCHES},
    [CONTROL_SENSITIVE] = {SEARCH_EFFECT, SEARCH_SVTRAP, SEARCHES},
    [LOCATION_SENSITIVE] = {SEARCH_LOCATION, SEARCHES},
    [MODE_SENSITIVE] = {SEARCH_MODE, SEARCHES},
    [RESOURCE_SENSITIVE] = {SEARCH_RESOURCE, SEARCHES},
    [USER_SENSITIVE] = {SEARCH_EFFECT_USER, SEARCH_LOCATION_USER, SEARCHES},
    [INNOCUOUS] = {SEARCHES}, // from the others
    [NONDETERMINISTIC] = {SEARCH_CHOICE, SEARCHES},
    [EXACT] = {SEARCH_INEXACT, SEARCHES},
    [REFLECTABLE] = {SEARCH_UNREFLECTABLE, SEARCHES},
    [EXACT_HYBRID] = {SEARCH_INEXACT_USER, SEARCHES},
    [REFLECTABLE_HYBRID] = {SEARCH_UNREFLECTABLE_USER, SEARCHES},
};

void oracle_explain(struct oracle *o, const struct subject *s, const struct instruction *i,
                    const struct selection *selection, enum property property, FILE *out)
{
    begin(o, s, i, selection, DEFINED);
    for (unsigned k = 0; k < 4 && bearing[property][k] != SEARCHES; k++) {
        enum search const which = bearing[property][k];
        bool complete = true;
        bool const found = search(o, which, &complete);
        fprintf(out, "  %s: %s\n", searches[which].text, found ? "found" : "there is none");
        if (found) world_print(&o->world, i, out);
    }
}
