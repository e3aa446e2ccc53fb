// SPDX-License-Identifier: MIT
// All instructions of a description, each in a session of its own, by as many threads as there are
// processors. What comes out does not depend on which thread did what.
#include "isa-analyzer/classify/definitions.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const answer_names[] = {"no", "yes", "unknown"};

const char *const property_names[PROPERTIES] = {
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

bool decide(struct verdict *v, enum property p, struct question *q)
{
    struct verdict const it = question_ask(q);
    if (it.answer == ANSWER_NO) return false;
    *v = it;
    if (it.answer == ANSWER_YES && p != PROPERTIES && !q->session->options->no_witnesses)
        v->witness = witness_make(q, p, &q->session->fault);
    return it.answer == ANSWER_YES;
}

void decide_also(struct verdict *v, enum property p, enum property also, struct question *q)
{
    bool const open = v[p].answer != ANSWER_YES;
    bool const open_too = also != PROPERTIES && v[also].answer != ANSWER_YES;
    struct verdict it = {0};
    if (!open && !open_too) return;
    decide(&it, p, q);
    if (it.answer == ANSWER_NO) return;
    if (open) v[p] = it;
    if (open_too) v[also] = it;
}

// ---------------------------------------------------------------- rows

static const struct field *free_selector(const struct instruction *i)
{
    struct field *f;
    LIST_EACH(f, i->format->fields)
    {
        uint64_t const mask = (uint64_t)(bits_ones(f->width) << f->low);
        if (f->selector && (i->mask & mask) != mask) return f;
    }
    return NULL;
}

const char *row_selector(struct arena *a, const struct row *r)
{
    if (!r->selector) return NULL;
    return arena_format(a, "%s=%s", r->selector->selector->name,
                        r->selects ? r->selects->name : "other");
}

const char *row_name(struct arena *a, const struct row *r)
{
    const char *selector = row_selector(a, r);
    return selector ? arena_format(a, "%s %s", r->instruction->name, selector)
                    : r->instruction->name;
}

static struct row *make_rows(struct arena *a, const struct description *m, const char *only,
                             unsigned *n)
{
    struct instruction *i;
    struct selector_value *v;
    struct list rows = {0};
    struct row *r;
    LIST_EACH(i, m->instructions)
    {
        const struct field *const selector = free_selector(i);
        if (only && strcmp(i->name, only) != 0) continue;
        if (selector) LIST_EACH(v, selector->selector->values)
            {
                r = ARENA_NEW(a, struct row);
                *r = (struct row){.instruction = i, .selector = selector, .selects = v};
                list_add(a, &rows, r);
            }
        r = ARENA_NEW(a, struct row);
        *r = (struct row){.instruction = i, .selector = selector};
        list_add(a, &rows, r);
    }
    struct row *all = arena_alloc(a, (rows.n + 1) * sizeof *all);
    LIST_EACH(r, rows) all[r_i] = *r;
    *n = rows.n;
    return all;
}

// ---------------------------------------------------------------- one row

static enum answer none_of(const struct row *r)
{
    const struct verdict *const v = r->verdicts;
    enum answer const other[] = {v[PROPERTY_PRIVILEGED].answer, v[PROPERTY_ALWAYS_TRAPS].answer,
                                 row_sensitive(r)};
    enum answer all = ANSWER_YES;
    for (int i = 0; i < 3; i++) {
        if (other[i] == ANSWER_YES) return ANSWER_NO;
        if (other[i] == ANSWER_UNKNOWN) all = ANSWER_UNKNOWN;
    }
    return all;
}

// Returns whether any word belongs to the row.
static bool classify_row(struct arena *a, const struct description *m, struct row *r,
                         struct translation_lemmas *translation,
                         const struct classify_options *options, const char **fault)
{
    struct session s;
    bool const exists = session_open(&s, a, m, r, translation, options);
    struct verdict *const v = r->verdicts;
    if (exists) {
        decide_privileged(&s, v);
        decide_nondeterministic(&s, v);
        if (v[PROPERTY_ALWAYS_TRAPS].answer != ANSWER_YES) {
            decide_control(&s, v);
            decide_behaviour(&s, v);
        }
        decide_exact(&s, v);
        v[PROPERTY_INNOCUOUS].answer = none_of(r);
        if (v[PROPERTY_CONDITIONALLY_PRIVILEGED].answer == ANSWER_YES)
            r->condition = trap_condition(a, r->instruction);
        *fault = s.fault;
    }
    session_close(&s);
    return exists;
}

// ---------------------------------------------------------------- threads

struct work {
    const struct description *m;
    const struct classify_options *options;
    struct translation_lemmas translation;
    struct row *rows;
    bool *exist;
    const char **faults;
    unsigned rows_n;
    atomic_uint next, done;
    pthread_mutex_t progress;
};

struct worker {
    pthread_t thread;
    struct arena arena;
    struct work *work;
};

static void *worker_run(void *argument)
{
    struct worker *const w = argument;
    struct work *const work = w->work;
    for (;;) {
        unsigned const i = atomic_fetch_add(&work->next, 1);
        if (i >= work->rows_n) return NULL;
        work->exist[i] = classify_row(&w->arena, work->m, &work->rows[i], &work->translation,
                                      work->options, &work->faults[i]);
        if (!work->options->progress) continue;
        pthread_mutex_lock(&work->progress);
        unsigned const done = atomic_fetch_add(&work->done, 1) + 1;
        work->options->progress(work->options->context, done, work->rows_n);
        pthread_mutex_unlock(&work->progress);
    }
}

static unsigned threads_for(const struct classify_options *o, unsigned rows)
{
    long const processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned n = o->threads ? o->threads : processors > 0 ? (unsigned)processors : 1;
    return n > rows ? rows : n;
}

struct classification *classify(struct arena *a, const struct description *m,
                                const struct classify_options *o)
{
    struct work work = {.m = m, .options = o, .translation = {.options = o}};
    struct classification *c = ARENA_NEW(a, struct classification);
    c->m = m;
    work.rows = make_rows(a, m, o->only, &work.rows_n);
    work.exist = arena_alloc(a, work.rows_n + 1);
    work.faults = arena_alloc(a, (work.rows_n + 1) * sizeof *work.faults);
    pthread_mutex_init(&work.translation.lock, NULL);
    pthread_mutex_init(&work.progress, NULL);
    unsigned const n = threads_for(o, work.rows_n);
    struct worker *workers = arena_alloc(a, (n + 1) * sizeof *workers);
    unsigned started = 0;
    for (unsigned i = 0; i < n; i++) {
        workers[i].work = &work;
        if (i + 1 < n && pthread_create(&workers[i].thread, NULL, worker_run, &workers[i]) == 0)
            started++;
        else
            break;
    }
    workers[started].work = &work;
    worker_run(&workers[started]); // this thread is one of them
    for (unsigned i = 0; i < started; i++) pthread_join(workers[i].thread, NULL);
    for (unsigned i = 0; i <= started; i++) arena_join(a, &workers[i].arena);
    translation_lemmas_free(&work.translation);
    pthread_mutex_destroy(&work.progress);

    c->rows = work.rows;
    for (unsigned i = 0; i < work.rows_n; i++) {
        if (work.faults[i] && !c->fault) c->fault = work.faults[i];
        if (work.exist[i]) c->rows[c->rows_n++] = work.rows[i];
    }
    decide_theorems(a, c);
    return c;
}
