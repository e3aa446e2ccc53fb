// SPDX-License-Identifier: MIT
// A classification as JSON, of the schema "trapeze/check/1" (isa-analyzer/check.schema.json).
#include "isa-analyzer/classify/witness.h"

#include <stdlib.h>

static void set(json_t *object, const char *name, json_t *value)
{
    if (!value || json_object_set_new(object, name, value) != 0) {
        fputs("isa-analyzer: error: out of memory\n", stderr);
        exit(64);
    }
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *row_json(struct arena *a, const struct classification *c, const struct row *r)
{
    json_t *j = json_object(), *witnesses = json_object(), *unknown = json_object();
    struct line_column const place = source_line(r->instruction->where);
    set(j, "name", json_string(r->instruction->name));
    set(j, "selector", text_or_null(row_selector(a, r)));
    set(j, "line", json_integer(place.line));
    set(j, "column", json_integer(place.column));
    for (int p = 0; p < PROPERTIES; p++) {
        const struct verdict *v = &r->verdicts[p];
        set(j, property_names[p], json_string(answer_names[v->answer]));
        if (p == PROPERTY_CONDITIONALLY_PRIVILEGED) set(j, "condition", text_or_null(r->condition));
        if (v->witness) set(witnesses, property_names[p], witness_json(c->m, v->witness));
        if (v->reason) set(unknown, property_names[p], json_string(v->reason));
    }
    set(j, "witnesses", witnesses);
    set(j, "unknown", unknown);
    return j;
}

json_t *classification_json(const struct classification *c)
{
    struct arena a = {0};
    struct config *parameter;
    struct row *r;
    json_t *j = json_object(), *config = json_object(), *rows = json_array();
    json_t *verdicts = json_object();
    set(j, "schema", json_string("trapeze/check/1"));
    set(j, "machine", json_string(c->m->name));
    set(j, "title", json_string(c->m->title));
    set(j, "file", json_string(c->m->source->file));
    LIST_EACH(parameter, c->m->configs)
    set(config, parameter->name, json_integer((json_int_t)parameter->value));
    set(j, "config", config);
    for (unsigned i = 0; i < c->rows_n; i++)
        json_array_append_new(rows, row_json(&a, c, &c->rows[i]));
    set(j, "instructions", rows);
    for (int t = 0; t < THEOREMS; t++) {
        json_t *verdict = json_object(), *because = json_array();
        set(verdict, "holds", json_string(answer_names[c->theorems[t].holds]));
        LIST_EACH(r, c->theorems[t].because)
        json_array_append_new(because, json_string(row_name(&a, r)));
        set(verdict, "because", because);
        set(verdicts, theorem_names[t], verdict);
    }
    set(j, "verdicts", verdicts);
    arena_free(&a);
    return j;
}
