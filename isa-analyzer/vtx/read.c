// SPDX-License-Identifier: MIT
// The two files in JSON, controls and rows; what is not as its schema has it is reported.
#include "isa-analyzer/vtx/vtx.h"

#include "isa-analyzer/classify/json_read.h"

#include <stdarg.h>
#include <string.h>

struct reader {
    struct arena *arena;
    const char *file;
    bool good;
};

static void wrong(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void wrong(struct reader *r, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    json_wrong(r->file, format, list);
    va_end(list);
    r->good = false;
}

// The array `name` of the object `j`, which is called `place` in messages; null after reporting, or
// where it is missing and need not be there.
static const json_t *array(struct reader *r, const json_t *j, const char *place, const char *name,
                           bool must)
{
    const json_t *a = json_object_get(j, name);
    if (!a && !must) return NULL;
    if (json_is_array(a)) return a;
    wrong(r, "%s: \"%s\" is missing or no array", place, name);
    return NULL;
}

static const char *text(struct reader *r, const json_t *j, const char *place, const char *name)
{
    const char *s = json_string_value(json_object_get(j, name));
    if (s) return arena_format(r->arena, "%s", s);
    wrong(r, "%s: \"%s\" is missing or no string", place, name);
    return "";
}

static bool boolean(struct reader *r, const json_t *j, const char *place, const char *name)
{
    const json_t *b = json_object_get(j, name);
    if (!json_is_boolean(b))
        wrong(r, "%s: \"%s\" is missing or neither true nor false", place, name);
    return json_is_true(b);
}

static struct list texts(struct reader *r, const json_t *j, const char *place, const char *name,
                         bool must)
{
    const json_t *a = array(r, j, place, name, must), *x;
    struct list l = {0};
    size_t n;
    json_array_foreach(a, n, x)
    {
        if (json_is_string(x))
            list_add(r->arena, &l, arena_format(r->arena, "%s", json_string_value(x)));
        else
            wrong(r, "%s: \"%s\" has an element that is no string", place, name);
    }
    if (must && a && l.n == 0) wrong(r, "%s: \"%s\" is empty", place, name);
    return l;
}

// Only these members, so that one spelled wrong is not taken for one left out.
static void only(struct reader *r, json_t *j, const char *place, const char *const *names)
{
    const char *key;
    json_t *value;
    if (!json_is_object(j)) {
        wrong(r, "%s is no object", place);
        return;
    }
    json_object_foreach(j, key, value)
    {
        const char *const *n = names;
        while (*n && strcmp(*n, key) != 0) n++;
        if (!*n) wrong(r, "%s: there is no member \"%s\" in its schema", place, key);
    }
}

// ---------------------------------------------------------------- controls

static struct vtx_controls *controls(struct reader *r, const json_t *j)
{
    static const char *const members[] = {"name", "on", "needed", NULL};
    struct vtx_controls *k = ARENA_NEW(r->arena, struct vtx_controls);
    struct vtx_control *other;
    const json_t *const all = array(r, j, "the file", "controls", true);
    json_t *x;
    size_t n;
    k->file = r->file;
    json_array_foreach(all, n, x)
    {
        const char *place = arena_format(r->arena, "controls[%zu]", n);
        struct vtx_control *c = ARENA_NEW(r->arena, struct vtx_control);
        only(r, x, place, members);
        if (!json_is_object(x)) continue;
        c->name = text(r, x, place, "name");
        c->on = boolean(r, x, place, "on");
        c->needed = boolean(r, x, place, "needed");
        LIST_EACH(other, k->all)
        if (strcmp(other->name, c->name) == 0)
            wrong(r, "%s: there is a second \"%s\"", place, c->name);
        list_add(r->arena, &k->all, c);
    }
    if (r->good && k->all.n == 0) wrong(r, "the file: \"controls\" is empty");
    return k;
}

struct vtx_controls *vtx_controls_read(struct arena *a, const char *file)
{
    struct reader r = {a, arena_format(a, "%s", file), true};
    json_t *j = json_read(file, "trapeze/vtx-controls/1");
    if (!j) return NULL;
    struct vtx_controls *k = controls(&r, j);
    json_decref(j);
    return r.good ? k : NULL;
}

// ---------------------------------------------------------------- rows

static struct vtx_condition condition(struct reader *r, const json_t *j, const char *place)
{
    return (struct vtx_condition){.on = texts(r, j, place, "on", false),
                                  .off = texts(r, j, place, "off", false),
                                  .section = text(r, j, place, "section")};
}

static void read_exit(struct reader *r, json_t *j, const char *place, struct vtx_rules *rules)
{
    static const char *const members[] = {"instructions", "on", "off", "section", NULL};
    struct vtx_exit *x = ARENA_NEW(r->arena, struct vtx_exit);
    only(r, j, place, members);
    x->instructions = texts(r, j, place, "instructions", true);
    x->when = condition(r, j, place);
    list_add(r->arena, &rules->exits, x);
}

static void read_twice(struct reader *r, json_t *j, const char *place, struct vtx_rules *rules)
{
    static const char *const members[] = {"state", "where", "on", "off", "section", NULL};
    struct vtx_twice *x = ARENA_NEW(r->arena, struct vtx_twice);
    only(r, j, place, members);
    x->state = texts(r, j, place, "state", true);
    x->where = text(r, j, place, "where");
    x->when = condition(r, j, place);
    list_add(r->arena, &rules->twice, x);
}

static void read_acts(struct reader *r, json_t *j, const char *place, struct vtx_rules *rules)
{
    static const char *const members[] = {"instructions", "state", "beyond", NULL};
    struct vtx_acts *x = ARENA_NEW(r->arena, struct vtx_acts);
    only(r, j, place, members);
    x->instructions = texts(r, j, place, "instructions", true);
    x->state = texts(r, j, place, "state", true);
    x->beyond = boolean(r, j, place, "beyond");
    list_add(r->arena, &rules->acts, x);
}

static void read_rows(struct reader *r, const json_t *j, struct vtx_rules *rules, const char *name,
                      void (*row)(struct reader *, json_t *, const char *, struct vtx_rules *))
{
    const json_t *const all = array(r, j, "the file", name, true);
    json_t *x;
    size_t n;
    json_array_foreach(all, n, x)
    {
        const char *place = arena_format(r->arena, "%s[%zu]", name, n);
        row(r, x, place, rules);
    }
}

static bool is_beyond(const struct vtx_rules *rules, const char *name)
{
    struct vtx_acts *x;
    const char *other;
    LIST_EACH(x, rules->acts)
    LIST_EACH(other, x->instructions) if (x->beyond && strcmp(other, name) == 0) return true;
    return false;
}

static bool is_state(const struct description *m, const struct vtx_rules *rules, const char *name)
{
    struct vtx_acts *x;
    const char *other;
    LIST_EACH(x, rules->acts)
    LIST_EACH(other, x->state) if (strcmp(other, name) == 0) return true;
    return find_component(m, name) != NULL;
}

// Names that stand for nothing would be rows without effect.
static void check_names(struct reader *r, const struct description *m, struct vtx_rules *rules)
{
    struct vtx_exit *x;
    struct vtx_twice *t;
    struct vtx_acts *y;
    const char *name;
    LIST_EACH(x, rules->exits)
    LIST_EACH(name, x->instructions)
    if (!find_instruction(m, name) && !is_beyond(rules, name))
        wrong(r,
              "exits[%u]: machine %s has no instruction '%s', and no row of \"acts\" is beyond it",
              x_i, m->name, name);
    LIST_EACH(y, rules->acts)
    LIST_EACH(name, y->instructions)
    if (y->beyond == (find_instruction(m, name) != NULL))
        wrong(r, "acts[%u]: machine %s has %s instruction '%s'", y_i, m->name,
              y->beyond ? "the" : "no", name);
    LIST_EACH(t, rules->twice)
    LIST_EACH(name, t->state)
    if (!is_state(m, rules, name))
        wrong(r, "twice[%u]: machine %s has no component '%s', and no instruction acts on it", t_i,
              m->name, name);
}

struct vtx_rules *vtx_rules_read(struct arena *a, const struct description *m)
{
    static const char *const members[] = {"schema", "title", "every_exit", "exits",
                                          "twice",  "acts",  NULL};
    size_t length = strlen(m->source->file);
    if (length > 4 && strcmp(m->source->file + length - 4, ".isa") == 0) length -= 4;
    struct reader r = {a, arena_format(a, "%.*s.vtx.json", (int)length, m->source->file), true};
    json_t *j = json_read(r.file, "trapeze/vtx-rules/1");
    if (!j) {
        fprintf(stderr,
                "isa-analyzer: note: the rows that say what VT-x does with the instructions "
                "of FILE.isa are in FILE.vtx.json beside it\n");
        return NULL;
    }
    struct vtx_rules *rules = ARENA_NEW(a, struct vtx_rules);
    rules->file = r.file;
    only(&r, j, "the file", members);
    rules->every_exit = condition(&r, json_object_get(j, "every_exit"), "every_exit");
    read_rows(&r, j, rules, "exits", read_exit);
    read_rows(&r, j, rules, "twice", read_twice);
    read_rows(&r, j, rules, "acts", read_acts);
    check_names(&r, m, rules);
    json_decref(j);
    return r.good ? rules : NULL;
}
