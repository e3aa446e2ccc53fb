// SPDX-License-Identifier: MIT
// Sessions: the word of a row with its free fields, and questions put to the solver.
#include "isa-analyzer/classify/question.h"

#include <stdio.h>
#include <stdlib.h>

static void give_up(Z3_context z, Z3_error_code code)
{
    fprintf(stderr, "isa-analyzer: error: the solver: %s\n", Z3_get_error_msg(z, code));
    exit(64);
}

// A free field's constant, or the number that the encoding or the row has there.
static Z3_ast field_term(struct session *s, const struct field *f)
{
    const struct instruction *const i = s->row->instruction;
    uint64_t const mask = (uint64_t)(bits_ones(f->width) << f->low);
    if ((i->mask & mask) == mask)
        return symbolic_number(&s->symbols, (i->match & mask) >> f->low, f->width);
    if (f == s->row->selector && s->row->selects)
        return symbolic_number(&s->symbols, s->row->selects->value, f->width);
    Z3_ast const term =
        symbolic_fresh(&s->symbols, arena_format(s->arena, "field_%s", f->name), f->width);
    list_add(s->arena, &s->fields, term);
    return term;
}

// What, beyond its mask, makes a word this instruction, and this row.
static Z3_ast validity(struct session *s)
{
    const struct instruction *const i = s->row->instruction;
    const struct field *const selector = s->row->selector;
    struct symbols *const y = &s->symbols;
    struct constraint *c;
    struct selector_value *v;
    Z3_ast valid = Z3_mk_true(s->z);
    LIST_EACH(c, i->constraints)
    {
        if (c->kind != CONSTRAINT_DIFFER) continue;
        Z3_ast const at =
            symbolic_simple(&s->symbols, Z3_mk_extract(s->z, c->field->low + c->field->width - 1,
                                                       c->field->low, s->word));
        Z3_ast const it = symbolic_number(y, c->value->number, c->field->width);
        valid = symbolic_and(y, valid, symbolic_not(y, symbolic_equal(y, at, it)));
    }
    if (selector && !s->row->selects) LIST_EACH(v, selector->selector->values)
        {
            Z3_ast const at = symbolic_simple(
                &s->symbols,
                Z3_mk_extract(s->z, selector->low + selector->width - 1, selector->low, s->word));
            Z3_ast const it = symbolic_number(y, v->value, selector->width);
            valid = symbolic_and(y, valid, symbolic_not(y, symbolic_equal(y, at, it)));
        }
    if (i->guard) {
        struct symbolic nothing;
        symbolic_init(&nothing, y, "word");
        struct site const site = {.instruction = i, .word = {.term = s->word}};
        struct routine const guard = {.result = i->guard, .result_width = 1};
        struct evaluation *e = evaluate(s->arena, s->m, &nothing.domain, &site, &guard, NULL);
        valid = symbolic_and(y, valid, symbolic_truth(y, e->result.term));
    }
    return valid;
}

bool session_open(struct session *s, struct arena *a, const struct description *m,
                  const struct row *row, struct translation_lemmas *translation,
                  const struct classify_options *options)
{
    struct field *f;
    Z3_config const config = Z3_mk_config();
    *s = (struct session){.z = Z3_mk_context(config),
                          .arena = a,
                          .m = m,
                          .row = row,
                          .translation = translation,
                          .options = options};
    Z3_del_config(config);
    Z3_set_error_handler(s->z, give_up);
    symbols_init(&s->symbols, s->z, a, m);
    s->symbols.plain = options->question != NULL;
    LIST_EACH(f, row->instruction->format->fields)
    {
        Z3_ast const part = field_term(s, f);
        s->word = s->word ? Z3_mk_concat(s->z, s->word, part) : part;
    }
    s->word = symbolic_simple(&s->symbols, s->word);
    s->word_valid = validity(s);
    struct question q = {.session = s, .name = "word"};
    question_add(&q, s->word_valid);
    return question_ask(&q).answer != ANSWER_NO;
}

void session_close(struct session *s)
{
    Z3_del_context(s->z);
}

// ---------------------------------------------------------------- questions

void question_add(struct question *q, Z3_ast condition)
{
    if (q->conditions_n == ASSUMPTIONS_MAX) abort();
    q->conditions[q->conditions_n++] = condition;
}

Z3_solver question_solver(const struct question *q)
{
    Z3_context const z = q->session->z;
    Z3_solver const solver = Z3_mk_simple_solver(z);
    Z3_solver_inc_ref(z, solver);
    symbolic_limit(z, solver, q->session->options->work);
    for (unsigned i = 0; i < q->conditions_n; i++) Z3_solver_assert(z, solver, q->conditions[i]);
    return solver;
}

static bool is_known(const struct question *q, bool *answer)
{
    Z3_context const z = q->session->z;
    *answer = true;
    for (unsigned i = 0; i < q->conditions_n; i++) {
        Z3_ast const condition =
            q->session->symbols.plain ? Z3_simplify(z, q->conditions[i]) : q->conditions[i];
        Z3_lbool const value = Z3_get_bool_value(z, condition);
        if (value == Z3_L_FALSE) {
            *answer = false;
            return true;
        }
        if (value == Z3_L_UNDEF) *answer = false;
    }
    return *answer;
}

// Shows the question to whoever wants to see it.
static void show(struct question *q, enum answer answer)
{
    struct session *const s = q->session;
    static const char *const statuses[] = {"unsat", "sat", "unknown"};
    const char *name =
        arena_format(s->arena, "%s.%u.%s", row_name(s->arena, s->row), s->questions++, q->name);
    s->options->question(s->options->context, name,
                         Z3_benchmark_to_smtlib_string(s->z, name, "QF_ABV", statuses[answer], "",
                                                       q->conditions_n - 1, q->conditions,
                                                       q->conditions[q->conditions_n - 1]));
}

static bool mentions_open_value(const struct session *s, const struct run *r, Z3_ast a)
{
    Z3_ast any;
    LIST_EACH(any, r->state.anyones)
    {
        Z3_ast const other = Z3_mk_fresh_const(s->z, "other", Z3_get_sort(s->z, any));
        if (Z3_substitute(s->z, a, 1, &any, &other) != a) return true;
    }
    return false;
}

static bool hangs_on_open_value(const struct question *q)
{
    for (unsigned r = 0; r < q->runs_n; r++) {
        const struct run *const run = q->runs[r];
        if (!run->arbitrary) continue;
        if (mentions_open_value(q->session, run, run->memory_traps)) return true;
        for (unsigned i = 0; i < q->conditions_n && !q->one_is_enough; i++)
            if (mentions_open_value(q->session, run, q->conditions[i])) return true;
    }
    return false;
}

struct verdict question_ask(struct question *q)
{
    struct session *const s = q->session;
    struct verdict v = {.answer = ANSWER_UNKNOWN};
    bool known;
    for (unsigned i = 0; i < q->runs_n; i++) {
        if (!q->runs[i]->too_many) continue;
        v.reason = "more than 256 combinations of choices";
        return v;
    }
    if (is_known(q, &known)) {
        v.answer = known ? ANSWER_YES : ANSWER_NO;
    } else {
        Z3_solver const solver = question_solver(q);
        Z3_lbool const answer = Z3_solver_check(s->z, solver);
        if (answer != Z3_L_UNDEF)
            v.answer = answer == Z3_L_TRUE ? ANSWER_YES : ANSWER_NO;
        else
            v.reason = arena_format(s->arena, "the solver gave up: %s",
                                    Z3_solver_get_reason_unknown(s->z, solver));
        Z3_solver_dec_ref(s->z, solver);
    }
    if (s->options->question) show(q, v.answer);
    if (v.answer == ANSWER_YES && hangs_on_open_value(q)) {
        v.answer = ANSWER_UNKNOWN;
        v.reason = "it depends on a value that the description leaves open";
    }
    return v;
}
