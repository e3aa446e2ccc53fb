// SPDX-License-Identifier: MIT
// Behaviour-sensitive: two states that differ in their location, their mode or another resource
// only, of which neither memory-traps, have outcomes that differ in what a program can see.
#include "isa-analyzer/classify/definitions.h"

static struct question pair(struct session *s, const char *name, enum relation relation,
                            const struct mode_value *first, const struct mode_value *second,
                            const struct component *resource)
{
    struct symbols *const y = &s->symbols;
    struct question q = {.session = s, .name = name};
    q.runs[0] = run_in_mode(s, first);
    if (relation == RELATED_BY_MODE) {
        q.runs[1] = run_in_mode(s, second);
        q.runs_n = 2;
    } else {
        run_related(s, &q, q.runs[0], relation, second, resource);
    }
    question_add(&q, s->word_valid);
    question_add(&q, symbolic_not(y, q.runs[0]->memory_traps));
    question_add(&q, symbolic_not(y, q.runs[1]->memory_traps));
    question_add(&q, outcomes_differ(s, q.runs[0], q.runs[1], relation == RELATED_BY_MODE));
    q.inexact = q.runs[0]->arbitrary || q.runs[1]->arbitrary;
    return q;
}

static bool has_location(const struct session *s)
{
    struct component *x;
    LIST_EACH(x, s->m->components) if (x->role == ROLE_LOCATION) return true;
    return relocation_base(s->m) != NULL;
}

static void by_location(struct session *s, struct verdict *v, const struct mode_value *mode)
{
    struct question q = pair(s, "location", RELATED_BY_LOCATION, mode, mode, NULL);
    decide_also(v, PROPERTY_LOCATION_SENSITIVE,
                mode && !mode->supervisor ? PROPERTY_USER_SENSITIVE : PROPERTIES, &q);
}

static void by_mode(struct session *s, struct verdict *v, const struct mode_value *first,
                    const struct mode_value *second)
{
    struct question q = pair(s, "mode", RELATED_BY_MODE, first, second, NULL);
    decide(&v[PROPERTY_MODE_SENSITIVE], PROPERTY_MODE_SENSITIVE, &q);
}

static void by_resource(struct session *s, struct verdict *v, const struct mode_value *mode)
{
    struct component *x;
    struct verdict *const it = &v[PROPERTY_RESOURCE_SENSITIVE];
    // If no two states differ that differ in any of the resources, then none in one of them.
    struct question all = pair(s, "resource", RELATED_BY_RESOURCE, mode, mode, NULL);
    if (question_ask(&all).answer == ANSWER_NO) return;
    LIST_EACH(x, s->m->components)
    {
        bool const based = relocation_base(s->m) != NULL;
        bool const other =
            x->kind == COMPONENT_RESOURCE && x->role != ROLE_LOCATION && (!x->role || !based);
        if (!other && x->kind != COMPONENT_DEVICE && x->kind != COMPONENT_SIGNAL) continue;
        struct question q = pair(s, arena_format(s->arena, "resource_%s", x->name),
                                 RELATED_BY_RESOURCE, mode, mode, x);
        if (decide(it, PROPERTY_RESOURCE_SENSITIVE, &q)) return;
    }
}

void decide_behaviour(struct session *s, struct verdict *v)
{
    struct list const all = modes_all(s);
    for (unsigned i = 0; i < all.n; i++) {
        if (has_location(s)) by_location(s, v, all.items[i]);
        if (v[PROPERTY_RESOURCE_SENSITIVE].answer != ANSWER_YES) by_resource(s, v, all.items[i]);
        for (unsigned k = 0; k < i && v[PROPERTY_MODE_SENSITIVE].answer != ANSWER_YES; k++)
            by_mode(s, v, all.items[k], all.items[i]);
    }
}
