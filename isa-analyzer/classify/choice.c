// SPDX-License-Identifier: MIT
// Nondeterministic: in some state the description leaves more than one outcome open.
#include "isa-analyzer/classify/definitions.h"

// Some state has two outcomes.
static void decide_in_mode(struct session *s, struct verdict *v, const struct mode_value *mode)
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

void decide_nondeterministic(struct session *s, struct verdict *v)
{
    struct list const all = modes_all(s);
    for (unsigned i = 0; i < all.n; i++) decide_in_mode(s, v, all.items[i]);
}
