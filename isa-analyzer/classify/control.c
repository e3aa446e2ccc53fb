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

// Some state has two outcomes.
static void decide_nondeterministic(struct session *s, struct verdict *v,
                                    const struct mode_value *mode)
{
    struct symbols *const y = &s->symbols;
    struct run *r = run_in_mode(s, mode);
    struct outcome *o, *p;
    struct verdict *const it = &v[PROPERTY_NONDETERMINISTIC];
    Z3_ast any = Z3_mk_false(s->z);
    LIST_EACH(o, r->outcomes)
    LIST_EACH(p, r->outcomes)
    if (p_i < o_i) any = symbolic_or(y, any, effects_differ(s, r, o, p));
    struct question q = {.session = s, .name = "nondeterministic", .runs = {r}, .runs_n = 1};
    question_add(&q, s->word_valid);
    question_add(&q, any);
    if (it->answer != ANSWER_YES) decide(it, PROPERTIES, &q);
    if (it->answer == ANSWER_YES || !r->arbitrary) return;
    // The same state again, with arbitrary values of its own.
    struct run *again = ARENA_NEW(s->arena, struct run);
    *again = (struct run){.state = r->state, .mode = r->mode};
    for (unsigned i = 0; i < SYMBOLIC_CHOICES; i++) again->state.choices[i] = 0;
    again->state.values = "other";
    run_evaluate(s, again);
    struct question arbitrary = {
        .session = s, .name = "arbitrary", .runs = {r, again}, .runs_n = 2};
    question_add(&arbitrary, s->word_valid);
    question_add(&arbitrary, outcomes_differ(s, r, again, false));
    decide(it, PROPERTIES, &arbitrary);
}

void decide_control(struct session *s, struct verdict *v)
{
    struct list const all = modes_all(s), supervisors = modes_of(s, true),
                      users = modes_of(s, false);
    for (unsigned i = 0; i < all.n; i++) {
        decide_change(s, v, all.items[i]);
        decide_nondeterministic(s, v, all.items[i]);
    }
    for (unsigned i = 0; i < supervisors.n && s->m->mode; i++)
        for (unsigned k = 0; k < users.n; k++)
            decide_silence(s, v, supervisors.items[i], users.items[k]);
}
