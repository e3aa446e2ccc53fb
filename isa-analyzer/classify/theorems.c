// SPDX-License-Identifier: MIT
// The theorems' conditions: theorem 1 (every sensitive instruction is privileged), theorem 2 (the
// same; its condition on timing is the monitor's to meet), theorem 3 (every user-sensitive one is),
// and the exact criterion for all instructions of a machine.
#include "isa-analyzer/classify/definitions.h"

const char *const theorem_names[THEOREMS] = {"theorem1", "theorem2", "theorem3", "exact",
                                             "exact-hybrid"};

static enum answer both(enum answer a, enum answer b)
{
    if (a == ANSWER_NO || b == ANSWER_NO) return ANSWER_NO;
    return a == ANSWER_YES && b == ANSWER_YES ? ANSWER_YES : ANSWER_UNKNOWN;
}

static enum answer either(enum answer a, enum answer b)
{
    if (a == ANSWER_YES || b == ANSWER_YES) return ANSWER_YES;
    return a == ANSWER_NO && b == ANSWER_NO ? ANSWER_NO : ANSWER_UNKNOWN;
}

enum answer row_sensitive(const struct row *r)
{
    const struct verdict *const v = r->verdicts;
    enum answer any = v[PROPERTY_CONTROL_SENSITIVE].answer;
    any = either(any, v[PROPERTY_LOCATION_SENSITIVE].answer);
    any = either(any, v[PROPERTY_MODE_SENSITIVE].answer);
    return either(any, v[PROPERTY_RESOURCE_SENSITIVE].answer);
}

static enum answer implies(enum answer sensitive, const struct row *r)
{
    if (r->verdicts[PROPERTY_ALWAYS_TRAPS].answer == ANSWER_YES) return ANSWER_YES;
    static const enum answer opposite[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};
    return either(opposite[sensitive], r->verdicts[PROPERTY_PRIVILEGED].answer);
}

static enum answer meets(const struct row *r, enum theorem t)
{
    const struct verdict *const v = r->verdicts;
    switch (t) {
    case THEOREM_1:
    case THEOREM_2: return implies(row_sensitive(r), r);
    case THEOREM_3: return implies(v[PROPERTY_USER_SENSITIVE].answer, r);
    case THEOREM_EXACT: return both(v[PROPERTY_EXACT].answer, v[PROPERTY_REFLECTABLE].answer);
    default: return both(v[PROPERTY_EXACT_HYBRID].answer, v[PROPERTY_REFLECTABLE_HYBRID].answer);
    }
}

void decide_theorems(struct arena *a, struct classification *c)
{
    for (int t = 0; t < THEOREMS; t++) {
        struct theorem_verdict *const v = &c->theorems[t];
        v->holds = ANSWER_YES;
        for (unsigned i = 0; i < c->rows_n; i++)
            v->holds = both(v->holds, meets(&c->rows[i], (enum theorem)t));
        for (unsigned i = 0; i < c->rows_n && v->holds != ANSWER_YES; i++)
            if (meets(&c->rows[i], (enum theorem)t) == v->holds)
                list_add(a, &v->because, &c->rows[i]);
    }
}
