// SPDX-License-Identifier: MIT
// `isa-analyzer emit`: what is made of a description.
#include "isa-analyzer/command/command.h"
#include "isa-analyzer/emit/emit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct emitter {
    const char *name;
    bool (*emit)(struct description *m, struct diagnostics *d, FILE *out);
};

static const struct emitter emitters[] = {{"c", emit_c}, {"gas", emit_gas}, {"table", emit_table}};

// Writes to memory first, so that a mistake or a full disk never leaves half a file behind.
static int emit(const struct options *o, const struct emitter *e, struct description *m)
{
    struct diagnostics d = {.out = stderr, .color = o->color};
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (!memory) return STATUS_FAULT;
    bool const done = e->emit(m, &d, memory);
    if (fclose(memory) != 0) return STATUS_FAULT;
    FILE *out = stdout;
    if (done && o->output) out = fopen(o->output, "w");
    if (done && (!out || fwrite(text, 1, length, out) != length ||
                 (out == stdout ? fflush(out) : fclose(out)) != 0)) {
        fprintf(stderr, "isa-analyzer: error: cannot write '%s': %s\n",
                o->output ? o->output : "standard output", strerror(errno));
        free(text);
        return STATUS_USAGE;
    }
    free(text);
    return done ? STATUS_HOLDS : STATUS_USAGE;
}

int command_emit(const struct options *o)
{
    const struct emitter *e = NULL;
    struct arena arena = {0};
    if (o->words_n == 1) return usage("emit what? c, gas, smt2 or table", NULL);
    bool const smt2 = strcmp(o->words[1], "smt2") == 0;
    if (!options_only(o, GIVEN_OUTPUT | GIVEN_CONFIG | (smt2 ? GIVEN_TIMEOUT : 0), 3,
                      "no description; expected a .isa file"))
        return STATUS_USAGE;
    for (size_t i = 0; i < sizeof emitters / sizeof *emitters; i++) {
        if (strcmp(emitters[i].name, o->words[1]) == 0) e = &emitters[i];
    }
    if (!e && !smt2) return usage("emit knows c, gas, smt2 and table, not", o->words[1]);
    struct description *m = options_description(o, &arena, o->words[2]);
    int const status = !m ? STATUS_USAGE : smt2 ? command_emit_smt2(o, m) : emit(o, e, m);
    arena_free(&arena);
    return status;
}
