// SPDX-License-Identifier: MIT
// Which command line is for a machine of any description, and reading that description.

#define _POSIX_C_SOURCE 200809L
#include "vmm/described/command.h"

#include <string.h>

#include "isa-analyzer/language/tree.h"
#include "vmm/host/diagnostics.h"
#include "vmm/host/isa.h"
#include "vmm/host/numbers.h"

static struct arena arena; // descriptions live until the end

// The argument of option `name` in `word`, or in the word behind it; null: it is another option.
static const char *argument(const char *name, const char *word, const char *next)
{
    const size_t length = strlen(name);

    if (strncmp(word, name, length) != 0) return NULL;
    if (word[length] == '=') return word + length + 1;
    return word[length] == '\0' ? next : NULL;
}

bool described_is_meant(int argc, char **argv)
{
    const char *file = NULL;
    bool configured = false;
    struct failure f;

    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        const char *found = argument("--isa", argv[i], next);
        if (found != NULL) file = found;
        configured |= argument("--config", argv[i], next) != NULL;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "--version") == 0) return false;
    }
    if (file == NULL) return false;
    // Its mistakes are reported by whoever then uses it.
    struct diagnostics d = {.out = fopen("/dev/null", "we")};
    if (d.out == NULL) return false;
    const struct description *m = description_read(&arena, &d, file);
    fclose(d.out);
    return m != NULL && (configured || !isa_extends_pg32(m, file, &f));
}

bool described_parse(const struct option *table, size_t n, void *into, int *argc, char **argv,
                     const struct option *pg32, size_t pg32_n, struct failure *f)
{
    for (int i = 0; i < *argc && strcmp(argv[i], "--") != 0; i++) {
        const char *name = argv[i] + 2;
        bool has = strncmp(argv[i], "--", 2) != 0;
        for (size_t k = 0; k < n && !has; k++) has = argument(table[k].name, name, "") != NULL;
        for (size_t k = 0; k < pg32_n && !has; k++)
            if (argument(pg32[k].name, name, "") != NULL)
                return fail(f,
                            "--%s is for PG32; a machine that --isa describes otherwise does not "
                            "have it: leave it away",
                            pg32[k].name);
    }
    return options_parse(table, n, into, argc, argv, f);
}

static bool configure(const struct description *m, const char *setting, struct failure *f)
{
    const char *equals = strchr(setting, '=');
    struct config *c, *found = NULL;
    struct failure why;
    char names[200] = "";
    uint64_t value = 0;

    LIST_EACH(c, m->configs)
    {
        const size_t length = strlen(names);
        if (equals != NULL && argument(c->name, setting, NULL) != NULL) found = c;
        snprintf(names + length, sizeof names - length, "%s%s", length > 0 ? ", " : "", c->name);
    }
    if (found == NULL)
        return fail(
            f, "--config %s: machine %s has no such parameter; expected NAME=VALUE with one of: %s",
            setting, m->name, names[0] != '\0' ? names : "(it has none)");
    if (!parse_count(equals + 1, "--config", &value, &why))
        return fail(f, "--config %s: %s", setting, why.text);
    if (bits_width(value) > found->width)
        return fail(f, "--config %s: expected a number of at most %u bits", setting, found->width);
    found->value = value;
    return true;
}

const struct description *described_read(const char *file, const struct option_list *configs,
                                         uint64_t memory, struct failure *f)
{
    struct diagnostics d = {.out = stderr};
    struct description *m = description_read(&arena, &d, file);

    if (m == NULL) {
        fail(f, "--isa: %s is not a description that can be used", file);
        return NULL;
    }
    for (size_t k = 0; k < configs->n; k++)
        if (!configure(m, configs->texts[k], f)) return NULL;
    if (memory != DESCRIBED_MEMORY && m->memory != NULL) m->memory->size->value = memory;
    return m;
}

const char *described_color_name(const void *list, size_t i)
{
    static const char *const names[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never", NULL};

    (void)list;
    return names[i];
}
