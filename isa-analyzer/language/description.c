// SPDX-License-Identifier: MIT
// A description as a whole: read, extended, checked, configured.
#include "isa-analyzer/language/check.h"
#include "isa-analyzer/language/parser.h"

#include <stdlib.h>
#include <string.h>

enum { EXTENSIONS_MAX = 16 };

void list_add(struct arena *a, struct list *l, void *item)
{
    if (l->n == l->room) {
        unsigned const room = l->room ? l->room * 2 : 8;
        void **items = arena_alloc(a, room * sizeof *items);
        if (l->n) memcpy(items, l->items, l->n * sizeof *items);
        l->items = items;
        l->room = room;
    }
    l->items[l->n++] = item;
}

// The base's elements, then the extension's own.
static void put_before(struct arena *a, const struct list *base, struct list *own)
{
    struct list joined = {0};
    for (unsigned i = 0; i < base->n; i++) list_add(a, &joined, base->items[i]);
    for (unsigned i = 0; i < own->n; i++) list_add(a, &joined, own->items[i]);
    *own = joined;
}

static void extend(struct description *m, const struct description *base)
{
    struct arena *const a = m->arena;
    put_before(a, &base->components, &m->components);
    put_before(a, &base->configs, &m->configs);
    put_before(a, &base->selectors, &m->selectors);
    put_before(a, &base->traps, &m->traps);
    put_before(a, &base->formats, &m->formats);
    put_before(a, &base->functions, &m->functions);
    put_before(a, &base->procedures, &m->procedures);
    put_before(a, &base->translations, &m->translations);
    put_before(a, &base->interrupts, &m->interrupts);
    put_before(a, &base->instructions, &m->instructions);
    put_before(a, &base->native, &m->native);
    put_before(a, &base->map, &m->map);
    for (int i = 0; i < SECTIONS; i++) {
        if (!m->sections[i].present) m->sections[i] = base->sections[i];
    }
}

// Replaces and removes instructions of the base.
static void replace(struct description *m, struct diagnostics *d, const struct description *base)
{
    struct instruction *r, *i;
    LIST_EACH(r, m->replaced)
    {
        struct list kept = {0};
        bool found = false;
        LIST_EACH(i, m->instructions)
        {
            if (strcmp(i->name, r->name) != 0) {
                list_add(m->arena, &kept, i);
                continue;
            }
            found = true;
            if (r->format_name) list_add(m->arena, &kept, r);
        }
        m->instructions = kept;
        if (!found)
            report_error(d, r->where, "there is no instruction '%s' to %s%s%s", r->name,
                         r->format_name ? "replace" : "remove", base ? " in " : "",
                         base ? base->name : "");
    }
}

static struct description *assemble(struct arena *a, struct diagnostics *d, struct source *s,
                                    unsigned extensions)
{
    struct description *m = parse_description(a, d, s);
    struct description *base = NULL;
    if (m->base) {
        const char *slash = strrchr(s->file, '/');
        int const folder = slash ? (int)(slash - s->file) + 1 : 0;
        const char *file = arena_format(a, "%.*s%s.isa", folder, s->file, m->base);
        if (extensions == EXTENSIONS_MAX) {
            report_error(d, m->base_where,
                         "more than %d machines extend one another; expected an end",
                         EXTENSIONS_MAX);
            return m;
        }
        struct source *text = source_read(a, d, file, m->base_where);
        if (!text) return m;
        base = assemble(a, d, text, extensions + 1);
        if (strcmp(base->name, m->base) != 0)
            report_error(d, m->base_where, "'%s' describes machine %s; expected %s", file,
                         base->name, m->base);
        extend(m, base);
    }
    replace(m, d, base);
    return m;
}

static struct description *finish(struct arena *a, struct diagnostics *d, struct source *s)
{
    struct description *m = assemble(a, d, s, 0);
    // After errors of syntax, those of meaning would mostly follow from them.
    if (d->errors == 0) check_description(m, d);
    return d->errors == 0 ? m : NULL;
}

struct description *description_of_text(struct arena *a, struct diagnostics *d, const char *file,
                                        const char *text, size_t length)
{
    if (length > SOURCE_MAX) {
        report_error(d, (struct span){0}, "'%s' is larger than 4 MiB, so not a description", file);
        return NULL;
    }
    return finish(a, d, source_of_text(a, file, text, length));
}

struct description *description_read(struct arena *a, struct diagnostics *d, const char *file)
{
    struct source *s = source_read(a, d, file, (struct span){0});
    return s ? finish(a, d, s) : NULL;
}

bool description_configure(struct description *m, struct diagnostics *d, const char *setting)
{
    struct span const nowhere = {0};
    const char *equals = strchr(setting, '=');
    size_t const length = equals ? (size_t)(equals - setting) : strlen(setting);
    struct config *c, *found = NULL;
    LIST_EACH(c, m->configs)
    if (strlen(c->name) == length && memcmp(c->name, setting, length) == 0) found = c;
    if (!found) {
        struct list const *all = &m->configs;
        const char *names = "";
        LIST_EACH(c, *all)
        names = arena_format(m->arena, "%s%s%s", names, c_i ? ", " : "", c->name);
        report_error(d, nowhere,
                     "machine %s has no parameter '%.*s'; expected NAME=VALUE with one of: %s",
                     m->name, (int)length, setting, names);
        return false;
    }
    char *end = NULL;
    unsigned long long const value = equals ? strtoull(equals + 1, &end, 0) : 0;
    if (!equals || end == equals + 1 || *end || equals[1] == '-' ||
        bits_width(value) > found->width) {
        report_error(d, nowhere, "'%s': expected %s=VALUE with a number of at most %u bits",
                     setting, found->name, found->width);
        return false;
    }
    found->value = value;
    return true;
}
