// SPDX-License-Identifier: MIT
// Witnesses as JSON, of the schema "trapeze/witness/1". Numbers that may have 64 bits are texts, "0x..".
#include "isa-analyzer/classify/witness.h"
#include "isa-analyzer/semantics/disassemble.h"

static json_t *hex(uint64_t n)
{
    return json_sprintf("0x%llx", (unsigned long long)n);
}

static json_t *snapshot_json(const struct snapshot *s)
{
    json_t *j = json_object(), *memory = json_object(), *values = json_object();
    struct snapshot_value *v;
    LIST_EACH(v, s->values)
    {
        char name[300];
        if (v->component->kind == COMPONENT_MEMORY) {
            snprintf(name, sizeof name, "0x%llx", (unsigned long long)v->index);
            json_object_set_new(memory, name, hex(v->value));
            continue;
        }
        if (v->component->array)
            snprintf(name, sizeof name, "%s[%llu]", v->component->name,
                     (unsigned long long)v->index);
        else
            snprintf(name, sizeof name, "%s", v->component->name);
        json_object_set_new(values, name, hex(v->value));
    }
    json_object_set_new(j, "cells", hex(s->cells_n));
    json_object_set_new(j, "values", values);
    json_object_set_new(j, "memory", memory);
    return j;
}

json_t *witness_json(const struct description *m, const struct witness *w)
{
    struct config *c;
    uint64_t *value;
    char assembly[128];
    json_t *j = json_object(), *config = json_object(), *states = json_array();
    json_t *outcomes = json_array(), *open = json_array();
    disassemble(m, w->word, w->instruction->format->width, 0, assembly, sizeof assembly);
    LIST_EACH(c, m->configs)
    json_object_set_new(config, c->name, json_integer((json_int_t)c->value));
    for (int k = 0; k < 2; k++) {
        json_array_append_new(states, snapshot_json(&w->states[k]));
        json_array_append_new(outcomes, json_string(w->outcomes[k] ? w->outcomes[k] : ""));
    }
    LIST_EACH(value, w->open) json_array_append_new(open, hex(*value));
    json_object_set_new(j, "schema", json_string("trapeze/witness/1"));
    json_object_set_new(j, "machine", json_string(m->name));
    json_object_set_new(j, "file", json_string(m->source->file));
    json_object_set_new(j, "config", config);
    json_object_set_new(j, "property", json_string(property_names[w->property]));
    json_object_set_new(j, "instruction", json_string(w->instruction->name));
    json_object_set_new(j, "word", hex(w->word));
    json_object_set_new(j, "assembly", json_string(assembly));
    json_object_set_new(j, "fetchable", json_boolean(w->fetchable));
    json_object_set_new(j, "partition", hex(w->partition));
    json_object_set_new(j, "open", open);
    json_object_set_new(j, "states", states);
    json_object_set_new(j, "outcomes", outcomes);
    json_object_set_new(j, "difference", json_string(w->difference ? w->difference : ""));
    return j;
}
