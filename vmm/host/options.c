// SPDX-License-Identifier: MIT
// Parsing by table, and the help made of it.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/options.h"

#include <string.h>

#include "vmm/host/numbers.h"

enum { HELP_COLUMN = 24, HELP_WIDTH = 80 };

struct table {
    const struct option *rows;
    size_t n;
};

static const char *option_name(const void *list, size_t i)
{
    const struct table *t = list;

    return i < t->n ? t->rows[i].name : NULL;
}

static bool set(const struct option *o, void *into, const char *text, struct failure *f)
{
    void *member = (char *)into + o->offset;
    char name[64];

    snprintf(name, sizeof name, "--%s", o->name);
    switch (o->kind) {
    case OPTION_FLAG: *(bool *)member = true; return true;
    case OPTION_TEXT:
        if (*text == '\0') return fail(f, "%s: expected a %s, not nothing", name, o->argument);
        *(const char **)member = text;
        return true;
    case OPTION_LIST: {
        struct option_list *list = member;
        if (*text == '\0') return fail(f, "%s: expected a %s, not nothing", name, o->argument);
        if (list->n == OPTION_LIST_MOST)
            return fail(f, "%s: is there more than %d times", name, OPTION_LIST_MOST);
        list->texts[list->n++] = text;
        return true;
    }
    case OPTION_COUNT: return parse_count(text, name, member, f);
    case OPTION_MEMORY: return parse_memory(text, name, member, f);
    case OPTION_CHOICE:
        for (size_t i = 0; o->choices(NULL, i) != NULL; i++) {
            if (strcmp(o->choices(NULL, i), text) != 0) continue;
            *(size_t *)member = i;
            return true;
        }
        return fail(f, "%s: there is no %s '%s'; did you mean '%s'?", name, o->argument, text,
                    nearest(text, o->choices, NULL));
    }
    return false;
}

bool options_parse(const struct option *table, size_t n, void *into, int *argc, char **argv,
                   struct failure *f)
{
    const int count = *argc;
    bool only_operands = false;

    *argc = 0;
    for (int i = 0; i < count; i++) {
        char *word = argv[i];
        if (only_operands || word[0] != '-' || word[1] == '\0') {
            argv[(*argc)++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            only_operands = true;
            continue;
        }
        const char *name = word + strspn(word, "-");
        const size_t length = strcspn(name, "=");
        const struct option *o = NULL;
        for (size_t k = 0; k < n && o == NULL; k++)
            if (strncmp(table[k].name, name, length) == 0 && table[k].name[length] == '\0')
                o = &table[k];
        if (o == NULL || name - word != 2) {
            char plain[64];
            snprintf(plain, sizeof plain, "%.*s", (int)length, name);
            const struct table list = {table, n};
            return fail(f, "there is no option '%.*s'; did you mean '--%s'?",
                        (int)(name - word + (ptrdiff_t)length), word,
                        nearest(plain, option_name, &list));
        }
        const char *text = name[length] == '=' ? name + length + 1 : NULL;
        if (o->kind == OPTION_FLAG && text != NULL)
            return fail(f, "--%s takes no argument; write just --%s", o->name, o->name);
        if (o->kind != OPTION_FLAG && text == NULL) {
            if (i + 1 == count)
                return fail(f, "--%s needs an argument: --%s %s", o->name, o->name, o->argument);
            text = argv[++i];
        }
        if (!set(o, into, text, f)) return false;
    }
    return true;
}

// `text` at HELP_COLUMN, folded between words to HELP_WIDTH, and a newline.
static void fold(FILE *out, const char *text)
{
    int at = HELP_COLUMN;

    for (const char *word = text; *word != '\0';) {
        const int length = (int)strcspn(word, " ");
        if (word != text && at + 1 + length > HELP_WIDTH) {
            fprintf(out, "\n%*s", HELP_COLUMN, "");
            at = HELP_COLUMN;
        } else if (word != text) {
            at += fprintf(out, " ");
        }
        at += fprintf(out, "%.*s", length, word);
        word += length;
        if (*word == ' ') word++;
    }
    fputc('\n', out);
}

void options_help(FILE *out, const struct option *table, size_t n)
{
    fputs("Options:\n", out);
    for (size_t i = 0; i < n; i++) {
        const struct option *o = &table[i];
        char text[512];
        size_t length = (size_t)snprintf(text, sizeof text, "%s", o->help);
        for (size_t k = 0; o->choices != NULL && o->choices(NULL, k) != NULL; k++)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                       k == 0 ? ": " : ", ", o->choices(NULL, k));
        int at = fprintf(out, "  --%s%s%s", o->name, o->argument != NULL ? " " : "",
                         o->argument != NULL ? o->argument : "");
        if (at >= HELP_COLUMN - 1) {
            fputc('\n', out);
            at = 0;
        }
        fprintf(out, "%*s", HELP_COLUMN - at, "");
        fold(out, text);
    }
}
