// SPDX-License-Identifier: MIT
// The classes of a machine's instructions as a table for the book, and JSON.
#include "isa-analyzer/emit/classes.h"

const char *const class_names[CLASSES] = {
    [CLASS_ALWAYS_TRAPS] = "always traps",
    [CLASS_PRIVILEGED_SENSITIVE] = "privileged and sensitive",
    [CLASS_PRIVILEGED] = "privileged",
    [CLASS_SENSITIVE] = "sensitive, not privileged",
    [CLASS_INNOCUOUS] = "innocuous",
    [CLASS_UNDECIDED] = "undecided",
};

enum class row_class(const struct row *r) {
    enum answer const privileged = r->verdicts[PROPERTY_PRIVILEGED].answer;
    enum answer const sensitive = row_sensitive(r);
    if (r->verdicts[PROPERTY_ALWAYS_TRAPS].answer == ANSWER_YES) return CLASS_ALWAYS_TRAPS;
    if (privileged == ANSWER_YES) return sensitive == ANSWER_YES ? CLASS_PRIVILEGED_SENSITIVE
                                                                 : CLASS_PRIVILEGED;
    if (sensitive == ANSWER_YES) return CLASS_SENSITIVE;
    return sensitive == ANSWER_NO ? CLASS_INNOCUOUS : CLASS_UNDECIDED;
}

static const char *mark(const struct row *r, enum property p)
{
    static const char *const marks[] = {
        [ANSWER_NO] = "", [ANSWER_YES] = "yes", [ANSWER_UNKNOWN] = "?"};
    return marks[r->verdicts[p].answer];
}

// Both of the exact criterion's conditions.
static const char *direct(const struct row *r, enum property runs, enum property reflects)
{
    enum answer const a = r->verdicts[runs].answer, b = r->verdicts[reflects].answer;
    if (a == ANSWER_NO || b == ANSWER_NO) return "no";
    return a == ANSWER_YES && b == ANSWER_YES ? "yes" : "?";
}

void emit_class_table(const struct classification *c, FILE *out)
{
    static const char *const holds[] = {"fails", "holds", "undecided"};
    struct arena a = {0};
    fputs(
        "\n### Classes\n\n| instruction | class | control | location | mode | resource | in user "
        "mode | may run directly | in virtual user mode |\n|---|---|---|---|---|---|---|---|---|\n",
        out);
    for (unsigned i = 0; i < c->rows_n; i++) {
        const struct row *r = &c->rows[i];
        fprintf(out, "| `%s` | %s | %s | %s | %s | %s | %s | %s | %s |\n", row_name(&a, r),
                class_names[row_class(r)], mark(r, PROPERTY_CONTROL_SENSITIVE),
                mark(r, PROPERTY_LOCATION_SENSITIVE), mark(r, PROPERTY_MODE_SENSITIVE),
                mark(r, PROPERTY_RESOURCE_SENSITIVE), mark(r, PROPERTY_USER_SENSITIVE),
                direct(r, PROPERTY_EXACT, PROPERTY_REFLECTABLE),
                direct(r, PROPERTY_EXACT_HYBRID, PROPERTY_REFLECTABLE_HYBRID));
    }
    fputs("\n| condition | verdict |\n|---|---|\n", out);
    for (int t = 0; t < THEOREMS; t++)
        fprintf(out, "| %s | %s |\n", theorem_names[t], holds[c->theorems[t].holds]);
    arena_free(&a);
}

void emit_json(const struct classification *c, FILE *out)
{
    json_t *root = classification_json(c);
    json_dumpf(root, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(root);
}
