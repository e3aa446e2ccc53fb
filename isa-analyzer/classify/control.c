// SPDX-License-Identifier: MIT
// Control-sensitive: some state that does not memory-trap has an outcome that changes the mode or a
// resource, or stops or waits; or it traps in supervisor mode, and in user mode goes on in silence.
#include "isa-analyzer/classify/definitions.h"

static void decide_change(struct session *s, struct verdict *v, const struct mode_value *mode)
{
    struct symbols *const y = &s->symbols;
    struct run *r = run_in_mode(s, mode);
    struct outcome *o;
    Z3_ast any = Z3_mk_false(s->z);
    LIST_EACH(o, r->outcomes)
    any = symbolic_or(y, any,
                      symbolic_or(y, outcome_changes(s, r, o), symbolic_or(y, o->stop, o->wait)));
    struct question q = {.session = s, .name = "control", .runs = {r}, .runs_n = 1};
    question_add(&q, s->word_valid);
    question_add(&q, symbolic_not(y, r->memory_traps));
    question_add(&q, any);
    decide_also(v, PROPERTY_CONTROL_SENSITIVE,
                mode && !mode->supervisor ? PROPERTY_USER_SENSITIVE : PROPERTIES, &q);
}

// Traps in supervisor mode, while the same state in user mode does not and does not memory-trap.
static void decide_silence(struct session *s, struct verdict *v,
                           const struct mode_value *supervisor, const struct mode_value *user)
{
    struct symbols *const y = &s->symbols;
    struct question q = {.session = s, .name = "silence", .runs_n = 2};
    q.runs[0] = run_in_mode(s, supervisor);
    q.runs[1] = run_in_mode(s, user);
    question_add(&q, s->word_valid);
    question_add(&q, symbolic_not(y, q.runs[0]->memory_traps));
    question_add(&q, q.runs[0]->traps);
    question_add(&q, q.runs[1]->silent);
    decide_also(v, PROPERTY_CONTROL_SENSITIVE, PROPERTY_USER_SENSITIVE, &q);
}

void decide_control(struct session *s, struct verdict *v)
{
    struct list const all = modes_all(s), supervisors = modes_of(s, true);
    struct list const users = modes_of(s, false);
    for (unsigned i = 0; i < all.n; i++) decide_change(s, v, all.items[i]);
    for (unsigned i = 0; i < supervisors.n && s->m->mode; i++)
        for (unsigned k = 0; k < users.n; k++)
            decide_silence(s, v, supervisors.items[i], users.items[k]);
}
