// SPDX-License-Identifier: MIT
// `emit sarif`: what stands in the way of the theorems, in the format that editors and code hosts
// show at the line it is about (SARIF 2.1.0, OASIS).
#include "isa-analyzer/emit/classes.h"

#include <stdlib.h>

static const struct {
    enum theorem theorem;
    const char *name, *text;
} rules[] = {
    {THEOREM_1, "SensitiveNotPrivileged",
     "A sensitive instruction does not trap in user mode, so the condition of theorem 1 of Popek "
     "and "
     "Goldberg fails: no trap-and-emulate monitor."},
    {THEOREM_3, "UserSensitiveNotPrivileged",
     "An instruction that is sensitive in user mode does not trap there, so the condition of "
     "theorem 3 fails: no hybrid monitor."},
    {THEOREM_EXACT, "NotExact",
     "Run directly, the instruction does in silence what it would not do on the virtual machine."},
    {THEOREM_EXACT_HYBRID, "NotExactInUserMode",
     "Run directly in virtual user mode, the instruction does in silence what it would not do on "
     "the virtual machine."},
};

enum { RULES = sizeof rules / sizeof *rules };

static json_t *made(json_t *j)
{
    if (j) return j;
    fputs("isa-analyzer: error: out of memory\n", stderr);
    exit(64);
}

static json_t *rules_json(void)
{
    json_t *list = json_array();
    for (int i = 0; i < RULES; i++)
        json_array_append_new(
            list, made(json_pack("{ss ss s{ss} s{ss}}", "id", theorem_names[rules[i].theorem],
                                 "name", rules[i].name, "fullDescription", "text", rules[i].text,
                                 "defaultConfiguration", "level", "error")));
    return list;
}

// The witness that shows it best.
static const char *difference(const struct row *r, enum theorem t)
{
    static const enum property literal[] = {PROPERTY_LOCATION_SENSITIVE, PROPERTY_MODE_SENSITIVE,
                                            PROPERTY_CONTROL_SENSITIVE,
                                            PROPERTY_RESOURCE_SENSITIVE};
    static const enum property exact[] = {PROPERTY_EXACT, PROPERTY_REFLECTABLE,
                                          PROPERTY_EXACT_HYBRID, PROPERTY_REFLECTABLE_HYBRID};
    const enum property *list = t == THEOREM_EXACT || t == THEOREM_EXACT_HYBRID ? exact : literal;
    for (int i = 0; i < 4; i++)
        if (r->verdicts[list[i]].witness && r->verdicts[list[i]].witness->difference)
            return r->verdicts[list[i]].witness->difference;
    return NULL;
}

static json_t *result_json(struct arena *a, const struct classification *c, int rule,
                           const struct row *r)
{
    enum theorem const t = rules[rule].theorem;
    bool const open = c->theorems[t].holds == ANSWER_UNKNOWN;
    struct line_column const at = source_line(r->instruction->where);
    const char *how = difference(r, t);
    const char *text =
        arena_format(a, "%s: %s%s%s", row_name(a, r), open ? "undecided: " : "", rules[rule].text,
                     how ? arena_format(a, " For example: %s.", how) : "");
    return made(json_pack("{ss si ss ss s{ss} s[{s{s{ss} s{si si}}}]}", "ruleId", theorem_names[t],
                          "ruleIndex", rule, "kind", open ? "open" : "fail", "level",
                          open ? "none" : "error", "message", "text", text, "locations",
                          "physicalLocation", "artifactLocation", "uri",
                          r->instruction->where.source->file, "region", "startLine", (int)at.line,
                          "startColumn", (int)at.column));
}

void emit_sarif(const struct classification *c, FILE *out)
{
    struct arena a = {0};
    struct config *x;
    struct row *r;
    json_t *results = json_array(), *config = json_object();
    for (int i = 0; i < RULES; i++) LIST_EACH(r, c->theorems[rules[i].theorem].because)
    json_array_append_new(results, result_json(&a, c, i, r));
    LIST_EACH(x, c->m->configs)
    json_object_set_new(config, x->name, json_integer((json_int_t)x->value));
    json_t *root = made(json_pack(
        "{ss ss s[{s{s{ss ss so}} so s{ss so}}]}", "$schema",
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version", "2.1.0", "runs", "tool", "driver", "name", "isa-analyzer", "version",
        TRAPEZE_VERSION, "rules", rules_json(), "results", results, "properties", "machine",
        c->m->name, "config", config));
    json_dumpf(root, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(root);
    arena_free(&a);
}
