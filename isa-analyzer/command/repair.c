// SPDX-License-Identifier: MIT
// `isa-analyzer repair`: the smallest changes under which a theorem's condition holds.
#include "isa-analyzer/classify/repair.h"

#include <string.h>

#include "isa-analyzer/command/command.h"

static void print_change(const struct repair_change *x)
{
    if (x->config)
        printf("  set %s to %llu\n", x->config->name, (unsigned long long)x->value);
    else if (x->condition)
        printf("  make %s trap in user mode where %s\n", x->instruction, x->condition);
    else
        printf("  make %s trap in user mode\n", x->instruction);
}

static void print_repairs(const char *name, enum theorem t, const struct repairs *r)
{
    struct repair *x;
    struct repair_change *c;
    const char *i;
    if (r->holds) {
        printf("%s: the condition of %s holds; there is nothing to repair\n", name,
               theorem_names[t]);
        return;
    }
    if (!r->repairs.n) {
        printf("%s: %s; in the way of %s, even when they trap in user mode:\n", name,
               r->possible == ANSWER_UNKNOWN ? "undecided"
                                             : "no instruction made to trap in user mode is enough",
               theorem_names[t]);
        LIST_EACH(i, r->stubborn) printf("  %s\n", i);
        return;
    }
    LIST_EACH(x, r->repairs)
    {
        if (x_i) puts("or");
        printf("%s: the condition of %s holds after %u change%s:\n", name, theorem_names[t],
               x->changes.n, x->changes.n == 1 ? "" : "s");
        LIST_EACH(c, x->changes) print_change(c);
    }
}

static json_t *repair_json(const struct repair *r)
{
    json_t *changes = json_array();
    struct repair_change *c;
    LIST_EACH(c, r->changes)
    json_array_append_new(
        changes,
        c->config ? json_pack("{ss sI}", "config", c->config->name, "value", (json_int_t)c->value)
                  : json_pack("{ss ss*}", "instruction", c->instruction, "where", c->condition));
    return json_pack("{so ss*}", "changes", changes, "description", r->text);
}

static void print_json(const char *name, enum theorem t, const struct repairs *r)
{
    json_t *repairs = json_array(), *stubborn = json_array();
    struct repair *x;
    const char *i;
    LIST_EACH(x, r->repairs) json_array_append_new(repairs, repair_json(x));
    LIST_EACH(i, r->stubborn) json_array_append_new(stubborn, json_string(i));
    json_t *root = json_pack("{ss ss ss sb ss so so}", "schema", "trapeze/repair/1", "machine",
                             name, "require", theorem_names[t], "holds", r->holds, "possible",
                             answer_names[r->holds ? ANSWER_YES : r->possible], "repairs", repairs,
                             "stubborn", stubborn);
    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
}

static int write_text(const struct options *o, const struct repairs *r)
{
    const struct repair *x = r->repairs.n ? r->repairs.items[0] : NULL;
    if (x && x->text) return output_write(o, x->text, strlen(x->text));
    fprintf(stderr, "isa-analyzer: error: there is no description to write to '%s': %s\n",
            o->output,
            r->holds ? "the condition holds as it is"
            : x      ? "setting parameters is enough"
                     : "there is no repair");
    return STATUS_USAGE;
}

int command_repair(const struct options *o)
{
    struct arena a = {0};
    unsigned const allowed =
        GIVEN_OUTPUT | GIVEN_CONFIG | GIVEN_REQUIRE | GIVEN_WORK | GIVEN_THREADS | GIVEN_JSON;
    if (!options_only(o, allowed, 2, "no description; expected a .isa file")) return STATUS_USAGE;
    const struct description *m = options_description(o, &a, o->words[1]);
    if (!m) {
        arena_free(&a);
        return STATUS_USAGE;
    }
    enum theorem const t = o->require >= 0 ? (enum theorem)o->require : THEOREM_1;
    struct classify_options how = options_classify(o);
    how.no_witnesses = true;
    const struct repairs *r = repair(&a, o->words[1], o->settings, o->settings_n, t, &how);
    options_progress_end();
    int status = r->holds || r->repairs.n        ? STATUS_HOLDS
                 : r->possible == ANSWER_UNKNOWN ? STATUS_UNDECIDED
                                                 : STATUS_FAILS;
    if (r->fault) {
        fprintf(stderr, "isa-analyzer: fault: %s\n", r->fault);
        status = STATUS_FAULT;
    } else if (o->json) {
        print_json(m->name, t, r);
    } else {
        print_repairs(m->name, t, r);
    }
    if (o->output && !r->fault) {
        int const written = write_text(o, r);
        if (written != STATUS_HOLDS) status = written;
    }
    arena_free(&a);
    return status;
}
