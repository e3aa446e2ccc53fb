// SPDX-License-Identifier: MIT
// What a certificate claims of each instruction: what the classifier in Coq accepts runs directly;
// of the rest, what the solver has a witness for goes wrong.
#include "isa-analyzer/certify/certify.h"
#include "isa-analyzer/classify/replay.h"

static uint64_t mode_in(const struct snapshot *s, const struct component *mode)
{
    struct snapshot_value *v;
    LIST_EACH(v, s->values) if (v->component == mode) return v->value;
    return 0;
}

// The same witness with the virtual machine in the real one's mode.
static struct witness *in_real_mode(struct arena *a, const struct description *m,
                                    const struct witness *w)
{
    struct witness *copy = ARENA_NEW(a, struct witness);
    struct snapshot_value *v, *mode = ARENA_NEW(a, struct snapshot_value);
    *copy = *w;
    copy->states[0].values = (struct list){0};
    LIST_EACH(v, w->states[0].values)
    if (v->component != m->mode) list_add(a, &copy->states[0].values, v);
    *mode = (struct snapshot_value){m->mode, 0, mode_in(&w->states[1], m->mode)};
    if (mode->value) list_add(a, &copy->states[0].values, mode);
    return copy;
}

// A witness that Coq can follow, or null. It answers what is left open with 0, knows memories below
// 2^32 cells, and for the hybrid monitor one user mode: the real one.
static const struct witness *followed(struct arena *a, const struct description *m, enum sense s,
                                      const struct witness *w)
{
    if (!w || (w->instruction->routine.effects & EFFECT_CHOICE)) return NULL;
    if (w->states[1].cells_n >> 32) return NULL;
    if (s == USER_STATES && m->mode &&
        mode_in(&w->states[0], m->mode) != mode_in(&w->states[1], m->mode)) {
        struct witness *const x = in_real_mode(a, m, w);
        return replay(a, m, x) ? x : NULL;
    }
    return w;
}

static const enum property properties[SENSES][2] = {
    {PROPERTY_EXACT, PROPERTY_REFLECTABLE},
    {PROPERTY_EXACT_HYBRID, PROPERTY_REFLECTABLE_HYBRID},
};

// The witness of one of the instruction's rows. What goes wrong in user mode goes wrong.
static const struct witness *find_witness(struct arena *a, const struct classification *c,
                                          enum sense s, const struct instruction *i)
{
    for (int t = USER_STATES; t >= (int)s; t--) {
        for (unsigned k = 0; k < c->rows_n; k++) {
            if (c->rows[k].instruction != i) continue;
            for (int p = 0; p < 2; p++) {
                const struct verdict *const v = &c->rows[k].verdicts[properties[t][p]];
                const struct witness *const w = followed(a, c->m, (enum sense)t, v->witness);
                if (w) return w;
            }
        }
    }
    return NULL;
}

static const char *why_undecided(struct arena *a, const struct classification *c,
                                 const struct acceptance *accepted, enum sense s,
                                 const struct instruction *i)
{
    const struct translation *v;
    if (!accepted->sound_frame) return "the tick changes more than resources";
    for (unsigned k = 0; k < c->rows_n; k++) {
        if (c->rows[k].instruction != i) continue;
        for (int p = 0; p < 2; p++) {
            const struct verdict *const x = &c->rows[k].verdicts[properties[s][p]];
            if (x->answer == ANSWER_NO)
                return "the solver has a witness that the proofs cannot follow: it depends on what "
                       "the description leaves open, or on another user mode";
            if (x->answer == ANSWER_UNKNOWN) return "the solver does not decide it either";
        }
    }
    LIST_EACH(v, accepted->strange)
    return arena_format(a, "the translation '%s' is not %s", v->name,
                        accepted->whole ? "independent of the state"
                                        : "relocation by R in the form that the proofs know");
    return "the solver accepts it; the classifier does not see why";
}

struct claims *claims_make(struct arena *a, const struct classification *c)
{
    struct claims *all = ARENA_NEW(a, struct claims);
    struct instruction *i;
    all->accepted = accept_description(a, c->m);
    for (int s = 0; s < SENSES; s++) LIST_EACH(i, c->m->instructions)
        {
            struct instruction_claim *x = ARENA_NEW(a, struct instruction_claim);
            x->instruction = i;
            if (!all->accepted->may_run[s][i_i]) {
                x->witness = find_witness(a, c, (enum sense)s, i);
                x->claim = x->witness ? CLAIM_WRONG : CLAIM_UNDECIDED;
            }
            if (x->claim == CLAIM_UNDECIDED)
                x->reason = why_undecided(a, c, all->accepted, (enum sense)s, i);
            list_add(a, &all->of[s], x);
            all->number[s][x->claim]++;
        }
    return all;
}
