// SPDX-License-Identifier: MIT
// Taking a line apart, and finding what it says to do.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/line_command.h"

#include <inttypes.h>
#include <string.h>

#include "vmm/host/nearest.h"
#include "vmm/host/numbers.h"

struct command_list {
    const struct line_command *table;
    size_t n;
};

static const char *name_of(const void *list, size_t k)
{
    const struct command_list *l = list;

    return k < l->n ? l->table[k].name : NULL;
}

static bool is_named(const struct line_command *c, const char *word)
{
    return strcmp(c->name, word) == 0 || (c->shorter != NULL && strcmp(c->shorter, word) == 0);
}

static bool run_one(const struct line_command *c, const char *prefix, void *context,
                    const struct words *w, FILE *out)
{
    if (w->n >= c->least && (c->most == 0 || w->n <= c->most)) return c->run(context, w, out);
    fprintf(out, "expected: %s%s %s\n", prefix, c->name, c->arguments);
    return false;
}

bool line_run(const struct line_command *table, size_t n, const char *prefix, void *context,
              const char *line, FILE *out)
{
    const struct command_list list = {table, n};
    char copy[LINE_MOST], *left = NULL;
    struct words w = {0};

    const size_t length = strlen(line);

    if (length >= sizeof copy) {
        fprintf(out, "a command has less than %d characters; see %shelp\n", LINE_MOST, prefix);
        return false;
    }
    memcpy(copy, line, length + 1);
    for (char *word = strtok_r(copy, " \t", &left); word != NULL;
         word = strtok_r(NULL, " \t", &left)) {
        if (w.n == LINE_WORDS) break;
        w.word[w.n++] = word;
    }
    if (w.n == 0) return true;
    w.rest = line + strspn(line, " \t") + strlen(w.word[0]);
    if (*w.rest != '\0') w.rest++;
    for (size_t k = 0; k < n; k++)
        if (is_named(&table[k], w.word[0])) return run_one(&table[k], prefix, context, &w, out);
    fprintf(out, "there is no command '%s%s'; did you mean '%s%s'? See %shelp\n", prefix, w.word[0],
            prefix, nearest(w.word[0], name_of, &list), prefix);
    return false;
}

void line_help(const struct line_command *table, size_t n, const char *prefix, FILE *out)
{
    char left[80];

    for (size_t k = 0; k < n; k++) {
        snprintf(left, sizeof left, "%s%s%s%s %s", prefix, table[k].name,
                 table[k].shorter != NULL ? ", " : "",
                 table[k].shorter != NULL ? table[k].shorter : "", table[k].arguments);
        fprintf(out, "%-34s %s\n", left, table[k].help);
    }
}

bool word_number(const struct words *w, int k, const char *name, uint64_t most, uint64_t *value,
                 FILE *out)
{
    struct failure f;

    if (k >= w->n) return true;
    if (!parse_count(w->word[k], name, value, &f)) {
        fprintf(out, "%s\n", f.text);
        return false;
    }
    if (*value <= most) return true;
    fprintf(out, "%s: %s is more than %" PRIu64 "\n", name, w->word[k], most);
    return false;
}
