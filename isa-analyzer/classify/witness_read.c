// SPDX-License-Identifier: MIT
// Witnesses read back from JSON; what is not as the schema has it is reported.
#include "isa-analyzer/classify/witness.h"
#include "isa-analyzer/classify/json_read.h"
#include "isa-analyzer/classify/replay.h"
#include "isa-analyzer/semantics/concrete.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct arena *arena;
    const char *file;
    const struct description *m;
};

static bool wrong(const struct reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool wrong(const struct reader *r, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    json_wrong(r->file, format, list);
    va_end(list);
    return false;
}

// A number written as "0x..." or as JSON has it.
static bool number(const json_t *j, uint64_t *n)
{
    char *end;
    const char *text = json_string_value(j);
    if (json_is_integer(j) && json_integer_value(j) >= 0) {
        *n = (uint64_t)json_integer_value(j);
        return true;
    }
    if (!text || strncmp(text, "0x", 2) != 0 || strlen(text) > 18) return false;
    *n = strtoull(text, &end, 16);
    return *end == 0 && end > text + 2;
}

static bool member(const struct reader *r, const json_t *j, const char *name, uint64_t *n)
{
    return number(json_object_get(j, name), n) ||
           wrong(r, "'%s' is missing or no number; expected one like \"0x1f\"", name);
}

static bool fits(const struct component *x, uint64_t value)
{
    return bits_width(value) <= x->width;
}

// "x[3]", "P"
static bool read_value(const struct reader *r, struct snapshot *s, const char *name, uint64_t value)
{
    const char *bracket = strchr(name, '[');
    size_t const length = bracket ? (size_t)(bracket - name) : strlen(name);
    uint64_t index = 0;
    char *end = NULL;
    const struct component *x = find_component(r->m, arena_text(r->arena, name, length));
    if (bracket) {
        index = strtoull(bracket + 1, &end, 10);
        if (end == bracket + 1 || strcmp(end, "]") != 0) x = NULL;
    }
    if (!x || x->kind == COMPONENT_MEMORY || index >= x->count || (bracket && !x->array))
        return wrong(r, "machine %s has no element '%s'", r->m->name, name);
    if (!fits(x, value)) return wrong(r, "the value of '%s' has more than %u bits", name, x->width);
    struct snapshot_value *v = ARENA_NEW(r->arena, struct snapshot_value);
    *v = (struct snapshot_value){x, index, value};
    list_add(r->arena, &s->values, v);
    return true;
}

static bool read_cell(const struct reader *r, struct snapshot *s, const char *name, uint64_t value)
{
    char *end;
    uint64_t const at = strtoull(name, &end, 0);
    if (!r->m->memory || end == name || *end || at >= s->cells_n)
        return wrong(r, "'%s' is no address in a memory of 0x%llx cells", name,
                     (unsigned long long)s->cells_n);
    if (!fits(r->m->memory, value))
        return wrong(r, "the cell at '%s' has more than %u bits", name, r->m->memory->width);
    struct snapshot_value *v = ARENA_NEW(r->arena, struct snapshot_value);
    *v = (struct snapshot_value){r->m->memory, at, value};
    list_add(r->arena, &s->values, v);
    return true;
}

static bool read_snapshot(const struct reader *r, const json_t *j, struct snapshot *s)
{
    static const char *const parts[] = {"values", "memory"};
    if (!member(r, j, "cells", &s->cells_n)) return false;
    if (r->m->memory && s->cells_n > REPLAY_CELLS_MAX)
        return wrong(r, "a memory of 0x%llx cells is too large to run; at most 0x%x",
                     (unsigned long long)s->cells_n, REPLAY_CELLS_MAX);
    for (int k = 0; k < 2; k++) {
        json_t *values = json_object_get(j, parts[k]), *value;
        const char *name;
        uint64_t n;
        if (!json_is_object(values)) return wrong(r, "a state has no object '%s'", parts[k]);
        json_object_foreach(values, name, value)
        {
            if (!number(value, &n)) return wrong(r, "the value of '%s' is no number", name);
            if (!(k ? read_cell(r, s, name, n) : read_value(r, s, name, n))) return false;
        }
    }
    return true;
}

static bool read_parts(const struct reader *r, const json_t *j, struct witness *w)
{
    const char *property = json_string_value(json_object_get(j, "property"));
    const char *instruction = json_string_value(json_object_get(j, "instruction"));
    json_t *states = json_object_get(j, "states"), *open = json_object_get(j, "open"), *value;
    size_t k;
    w->property = PROPERTIES;
    for (int p = 0; property && p < PROPERTIES; p++)
        if (strcmp(property, property_names[p]) == 0) w->property = (enum property)p;
    if (w->property == PROPERTIES) return wrong(r, "'property' is none that a witness can show");
    w->instruction = instruction ? find_instruction(r->m, instruction) : NULL;
    if (!w->instruction)
        return wrong(r, "machine %s has no instruction '%s'", r->m->name,
                     instruction ? instruction : "");
    if (!member(r, j, "word", &w->word) || !member(r, j, "partition", &w->partition)) return false;
    if (decode_word(r->m, w->word, w->instruction->format->width) != w->instruction)
        return wrong(r, "the word 0x%llx is not the instruction '%s'", (unsigned long long)w->word,
                     w->instruction->name);
    if (json_array_size(states) != 2) return wrong(r, "'states' must be an array of two states");
    json_array_foreach(open, k, value)
    {
        uint64_t *n = ARENA_NEW(r->arena, uint64_t);
        if (k >= 16 || !number(value, n)) return wrong(r, "'open' must hold at most 16 numbers");
        list_add(r->arena, &w->open, n);
    }
    for (int s = 0; s < 2; s++)
        if (!read_snapshot(r, json_array_get(states, (size_t)s), &w->states[s])) return false;
    return true;
}

// The description that a witness is of, in its configuration.
static struct description *read_description(const struct reader *r, const json_t *j,
                                            struct diagnostics *d)
{
    const char *file = json_string_value(json_object_get(j, "file")), *name;
    json_t *config = json_object_get(j, "config"), *value;
    if (!file) {
        wrong(r, "'file' does not say which description this is a witness of");
        return NULL;
    }
    struct description *m = description_read(r->arena, d, file);
    if (!m) return NULL;
    json_object_foreach(config, name, value)
    {
        uint64_t n;
        if (!number(value, &n)) {
            wrong(r, "the parameter '%s' is no number", name);
            return NULL;
        }
        const char *setting = arena_format(r->arena, "%s=%llu", name, (unsigned long long)n);
        if (!description_configure(m, d, setting)) return NULL;
    }
    return m;
}

struct witness *witness_read(struct arena *a, const char *file, struct diagnostics *d,
                             struct description **m)
{
    struct reader r = {.arena = a, .file = file};
    json_t *j = json_read(file, "trapeze/witness/1");
    if (!j) return NULL;
    struct witness *w = ARENA_NEW(a, struct witness);
    r.m = *m = read_description(&r, j, d);
    bool const good = *m && read_parts(&r, j, w);
    json_decref(j);
    return good ? w : NULL;
}
