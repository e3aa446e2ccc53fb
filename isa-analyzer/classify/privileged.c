// SPDX-License-Identifier: MIT
// Privileged: of every two states that differ in the mode only, of which neither memory-traps, the
// one in user mode traps and the one in supervisor mode does not (Popek and Goldberg, section 3).
#include "isa-analyzer/classify/definitions.h"
#include "isa-analyzer/language/printer.h"

#include <stdlib.h>

static Z3_ast neither_memory_traps(struct session *s, const struct question *q)
{
    return symbolic_not(
        &s->symbols, symbolic_or(&s->symbols, q->runs[0]->memory_traps, q->runs[1]->memory_traps));
}

// Every state that does not memory-trap traps, and there is one.
static void decide_always(struct session *s, struct verdict *v)
{
    struct symbols *const y = &s->symbols;
    struct list const modes = modes_all(s);
    struct verdict otherwise = {0}, any = {0};
    for (unsigned i = 0; i < modes.n; i++) {
        struct run *r = run_in_mode(s, modes.items[i]);
        struct question q = {.session = s, .name = "always_traps", .runs = {r}, .runs_n = 1};
        question_add(&q, s->word_valid);
        question_add(&q, symbolic_not(y, r->memory_traps));
        struct question trapping = q;
        question_add(&q, symbolic_not(y, r->traps));
        if (otherwise.answer != ANSWER_YES) decide(&otherwise, PROPERTIES, &q);
        question_add(&trapping, r->traps);
        if (any.answer != ANSWER_YES) decide(&any, PROPERTIES, &trapping);
    }
    v[PROPERTY_ALWAYS_TRAPS].answer =
        otherwise.answer == ANSWER_YES || any.answer == ANSWER_NO   ? ANSWER_NO
        : otherwise.answer == ANSWER_NO && any.answer == ANSWER_YES ? ANSWER_YES
                                                                    : ANSWER_UNKNOWN;
    v[PROPERTY_ALWAYS_TRAPS].reason = otherwise.reason ? otherwise.reason : any.reason;
}

void decide_privileged(struct session *s, struct verdict *v)
{
    struct symbols *const y = &s->symbols;
    struct list const supervisors = modes_of(s, true), users = modes_of(s, false);
    struct verdict broken = {0}, pair = {0};
    decide_always(s, v);
    for (unsigned i = 0; i < supervisors.n; i++) {
        for (unsigned k = 0; k < users.n && s->m->mode; k++) {
            struct question q = {.session = s, .name = "privileged"};
            struct run *a = run_in_mode(s, supervisors.items[i]);
            struct run *b = run_in_mode(s, users.items[k]);
            q.runs[0] = a, q.runs[1] = b, q.runs_n = 2;
            question_add(&q, s->word_valid);
            question_add(&q, neither_memory_traps(s, &q));
            Z3_ast const as_defined = symbolic_and(y, b->traps, symbolic_not(y, a->may_trap));
            struct question fails = q, some = q;
            if (pair.answer != ANSWER_YES) decide(&pair, PROPERTIES, &q);
            question_add(&fails, symbolic_not(y, as_defined));
            if (broken.answer != ANSWER_YES) decide(&broken, PROPERTIES, &fails);
            question_add(&some, as_defined);
            struct verdict *const conditional = &v[PROPERTY_CONDITIONALLY_PRIVILEGED];
            if (conditional->answer != ANSWER_YES)
                decide(conditional, PROPERTY_CONDITIONALLY_PRIVILEGED, &some);
        }
    }
    if (!s->m->mode) broken.answer = ANSWER_YES;
    static const enum answer opposite[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};
    v[PROPERTY_PRIVILEGED].answer = opposite[broken.answer];
    v[PROPERTY_PRIVILEGED].reason = broken.reason;
    v[PROPERTY_VACUOUS].answer = opposite[pair.answer];
    v[PROPERTY_VACUOUS].reason = pair.reason;
    // What meets the definition for some pairs meets it for all if it is privileged; the pair shows
    // then that it does not do so vacuously.
    if (broken.answer == ANSWER_NO) {
        v[PROPERTY_PRIVILEGED].witness = v[PROPERTY_CONDITIONALLY_PRIVILEGED].witness;
        if (v[PROPERTY_PRIVILEGED].witness)
            v[PROPERTY_PRIVILEGED].witness->property = PROPERTY_PRIVILEGED;
        v[PROPERTY_CONDITIONALLY_PRIVILEGED] = (struct verdict){.answer = ANSWER_NO};
    }
}

// ---------------------------------------------------------------- when it traps

static void put_conditions(const struct list *body, const char *before, const char **separator,
                           struct arena *a, FILE *out)
{
    struct statement *st;
    struct case_arm *arm;
    LIST_EACH(st, *body)
    {
        char *text = NULL;
        size_t length = 0;
        FILE *line = open_memstream(&text, &length);
        if (!line) exit(64);
        if (st->kind == STATEMENT_REQUIRE || st->kind == STATEMENT_IF || st->kind == STATEMENT_CASE)
            print_expression(st->value, line);
        fclose(line);
        const char *condition = arena_text(a, text, length);
        free(text);
        const char *and = *before ? " and " : "";
        switch (st->kind) {
        case STATEMENT_TRAP:
            if (!st->cause || st->cause->is_memory) break;
            fprintf(out, "%s%s", *separator, *before ? before : "always");
            *separator = ", or ";
            break;
        case STATEMENT_REQUIRE:
            put_conditions(&st->body, arena_format(a, "%s%snot (%s)", before, and, condition),
                           separator, a, out);
            break;
        case STATEMENT_IF:
            put_conditions(&st->body, arena_format(a, "%s%s%s", before, and, condition), separator,
                           a, out);
            put_conditions(&st->other, arena_format(a, "%s%snot (%s)", before, and, condition),
                           separator, a, out);
            break;
        case STATEMENT_CASE:
        case STATEMENT_CHOOSE:
            LIST_EACH(arm, st->arms)
            {
                const char *label = "some choice";
                if (st->kind == STATEMENT_CASE)
                    label = arm->otherwise ? arena_format(a, "%s is none of the cases", condition)
                                           : arena_format(a, "%s is %s", condition, "this case");
                put_conditions(&arm->body, arena_format(a, "%s%s%s", before, and, label), separator,
                               a, out);
            }
            break;
        case STATEMENT_CALL:
            put_conditions(&st->procedure->routine.body, before, separator, a, out);
            break;
        default: break;
        }
    }
}

const char *trap_condition(struct arena *a, const struct instruction *i)
{
    char *text = NULL;
    size_t length = 0;
    const char *separator = "";
    FILE *out = open_memstream(&text, &length);
    if (!out) exit(64);
    put_conditions(&i->routine.body, "", &separator, a, out);
    fclose(out);
    const char *found = length ? arena_text(a, text, length) : NULL;
    free(text);
    return found;
}
