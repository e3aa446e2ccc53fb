// SPDX-License-Identifier: MIT
// `isa-analyzer redpill`: of PG32 and what extends it, a guest program that tells a virtual machine
// from the real one; of other machines, the two states in which it shows.
#include "isa-analyzer/redpill/redpill.h"

#include <stdlib.h>
#include <string.h>

#include "isa-analyzer/classify/witness.h"
#include "isa-analyzer/command/command.h"

// The instruction that stands in the way of exactness, or the one that was asked for.
static const struct row *choose(const struct classification *c, const char *name)
{
    struct row *r;
    LIST_EACH(r, c->theorems[THEOREM_EXACT].because)
    {
        bool const shows =
            r->verdicts[PROPERTY_EXACT].witness || r->verdicts[PROPERTY_REFLECTABLE].witness;
        if (shows && (!name || strcmp(name, r->instruction->name) == 0)) return r;
    }
    return NULL;
}

static void write_states(const struct description *m, const struct row *r, FILE *out)
{
    const struct witness *w = r->verdicts[PROPERTY_EXACT].witness;
    json_t *root = witness_json(m, w ? w : r->verdicts[PROPERTY_REFLECTABLE].witness);
    json_dumpf(root, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(root);
}

static int write_pill(struct description *m, const struct row *r, FILE *out)
{
    struct pill p;
    const char *why = NULL;
    if (!pill_possible(m, &why)) {
        write_states(m, r, out);
        return STATUS_HOLDS;
    }
    if (!pill_find(m, r, &p)) {
        fprintf(stderr,
                "isa-analyzer: error: no program was found that brings %s into such a state; "
                "isa-analyzer explain shows the state\n",
                r->instruction->name);
        return STATUS_UNDECIDED;
    }
    pill_write(m, &p, out);
    return STATUS_HOLDS;
}

// To memory first, so that nothing half-done is left behind.
static int write_out(const struct options *o, struct description *m, const struct row *r)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (!memory) return STATUS_FAULT;
    int status = write_pill(m, r, memory);
    fclose(memory);
    if (status == STATUS_HOLDS) status = output_write(o, text, length);
    free(text);
    return status;
}

int command_redpill(const struct options *o)
{
    struct arena a = {0};
    unsigned const allowed = GIVEN_OUTPUT | GIVEN_CONFIG | GIVEN_WORK | GIVEN_THREADS;
    const char *name = o->words_n == 3 ? o->words[2] : NULL;
    if (!options_only(o, allowed, name ? 3 : 2, "no description; expected a .isa file"))
        return STATUS_USAGE;
    struct description *m = options_description(o, &a, o->words[1]);
    int status = STATUS_USAGE;
    if (m && name && !find_instruction(m, name)) {
        fprintf(stderr, "isa-analyzer: error: machine %s has no instruction '%s'\n", m->name, name);
    } else if (m) {
        struct classify_options how = options_classify(o);
        const struct classification *c = classify(&a, m, &how);
        options_progress_end();
        const struct row *r = choose(c, name);
        if (r) {
            status = write_out(o, m, r);
        } else {
            bool const open = c->theorems[THEOREM_EXACT].holds == ANSWER_UNKNOWN;
            fprintf(stderr, "isa-analyzer: there is no red pill: %s of %s %s run directly\n",
                    name ? name : "every instruction", m->name, open ? "perhaps may" : "may");
            status = open ? STATUS_UNDECIDED : STATUS_FAILS;
        }
    }
    arena_free(&a);
    return status;
}
