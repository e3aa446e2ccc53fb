// SPDX-License-Identifier: MIT
// A judgement as JSON, the member "vtx" of the schema "trapeze/check/1".
#include "isa-analyzer/vtx/vtx.h"

#include <stdlib.h>

static void set(json_t *object, const char *name, json_t *value)
{
    if (!value || json_object_set_new(object, name, value) != 0) {
        fputs("isa-analyzer: error: out of memory\n", stderr);
        exit(64);
    }
}

static json_t *texts(const struct list *l)
{
    json_t *j = json_array();
    const char *x;
    LIST_EACH(x, *l) json_array_append_new(j, json_string(x));
    return j;
}

static json_t *answer_json(const struct vtx_answer *a)
{
    json_t *j = json_object();
    set(j, "name", json_string(a->name));
    set(j, "described", json_boolean(a->row != NULL));
    set(j, "verdict", json_string(vtx_verdict_names[a->verdict]));
    set(j, "controls", texts(&a->controls));
    set(j, "state", texts(&a->state));
    set(j, "sections", texts(&a->sections));
    set(j, "why", a->why ? json_string(a->why) : json_null());
    return j;
}

json_t *vtx_json(const struct vtx_judgement *judgement, const struct vtx_rules *r,
                 const struct vtx_controls *k)
{
    json_t *j = json_object(), *instructions = json_array(), *needed = json_array();
    struct vtx_answer *a;
    struct vtx_need *n;
    set(j, "rules", json_string(r->file));
    set(j, "controls", json_string(k->file));
    LIST_EACH(a, judgement->answers) json_array_append_new(instructions, answer_json(a));
    set(j, "instructions", instructions);
    LIST_EACH(n, judgement->needs)
    {
        json_t *need = json_object();
        set(need, "name", json_string(n->control->name));
        set(need, "escape_without", texts(&n->escapes));
        json_array_append_new(needed, need);
    }
    set(j, "needed", needed);
    return j;
}
