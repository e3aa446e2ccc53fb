// SPDX-License-Identifier: MIT
// `isa-analyzer certify`: a Coq file whose compilation proves the verdicts.
#include "isa-analyzer/certify/certify.h"
#include "isa-analyzer/command/command.h"

#include <stdlib.h>

// What the certificate does not decide, and why.
static void report_undecided(const struct description *m, const struct claims *c, enum sense s)
{
    static const char *const senses[SENSES] = {"", " in user mode"};
    struct instruction_claim *x;
    if (!c->number[s][CLAIM_UNDECIDED]) return;
    fprintf(stderr, "isa-analyzer: %s: %u of %u instructions undecided%s\n", m->name,
            c->number[s][CLAIM_UNDECIDED], m->instructions.n, senses[s]);
    LIST_EACH(x, c->of[s])
    if (x->claim == CLAIM_UNDECIDED) fprintf(stderr, "  %s: %s\n", x->instruction->name, x->reason);
}

static int certify(const struct options *o, struct arena *a, struct description *m)
{
    struct diagnostics d = {.out = stderr, .color = o->color};
    struct classify_options const how = options_classify(o);
    const struct classification *c = classify(a, m, &how);
    options_progress_end();
    if (c->fault) {
        fprintf(stderr, "isa-analyzer: error: %s\n", c->fault);
        return STATUS_FAULT;
    }
    const struct claims *const claims = claims_make(a, c);
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (!memory) return STATUS_FAULT;
    bool const done = certificate_write(m, claims, &d, memory);
    if (fclose(memory) != 0) return STATUS_FAULT;
    int const status = done ? output_write(o, text, length) : STATUS_USAGE;
    free(text);
    for (int s = 0; status == STATUS_HOLDS && s < SENSES; s++)
        report_undecided(m, claims, (enum sense)s);
    return status;
}

int command_certify(const struct options *o)
{
    struct arena a = {0};
    if (!options_only(o, GIVEN_OUTPUT | GIVEN_CONFIG | GIVEN_WORK | GIVEN_THREADS, 2,
                      "no description; expected a .isa file"))
        return STATUS_USAGE;
    struct description *m = options_description(o, &a, o->words[1]);
    int const status = m ? certify(o, &a, m) : STATUS_USAGE;
    arena_free(&a);
    return status;
}
