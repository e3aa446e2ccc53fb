// SPDX-License-Identifier: MIT
// `isa-analyzer emit`: what is made of a description.
#include "isa-analyzer/command/command.h"
#include "isa-analyzer/emit/classes.h"
#include "isa-analyzer/emit/emit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct emitter {
    const char *name;
    bool (*emit)(struct description *m, struct diagnostics *d, FILE *out); // null, or
    void (*emit_classes)(const struct classification *c, FILE *out);       // behind it, if not null
};

static const struct emitter emitters[] = {
    {"c", emit_c, NULL},         {"coq", emit_coq, NULL},
    {"gas", emit_gas, NULL},     {"table", emit_table, emit_class_table},
    {"dot", NULL, emit_dot},     {"json", NULL, emit_json},
    {"sarif", NULL, emit_sarif},
};

int output_write(const struct options *o, const char *text, size_t length)
{
    FILE *out = o->output ? fopen(o->output, "w") : stdout;
    if (out && fwrite(text, 1, length, out) == length &&
        (out == stdout ? fflush(out) : fclose(out)) == 0)
        return STATUS_HOLDS;
    fprintf(stderr, "isa-analyzer: error: cannot write '%s': %s\n",
            o->output ? o->output : "standard output", strerror(errno));
    return STATUS_USAGE;
}

static bool emit_to(const struct options *o, const struct emitter *e, struct arena *a,
                    struct description *m, FILE *out)
{
    struct diagnostics d = {.out = stderr, .color = o->color};
    if (e->emit && !e->emit(m, &d, out)) return false;
    if (!e->emit_classes) return true;
    struct classify_options const how = options_classify(o);
    const struct classification *c = classify(a, m, &how);
    options_progress_end();
    e->emit_classes(c, out);
    return true;
}

// Writes to memory first, so that a mistake or a full disk never leaves half a file behind.
static int emit(const struct options *o, const struct emitter *e, struct arena *a,
                struct description *m)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (!memory) return STATUS_FAULT;
    bool const done = emit_to(o, e, a, m, memory);
    if (fclose(memory) != 0) return STATUS_FAULT;
    int const status = done ? output_write(o, text, length) : STATUS_USAGE;
    free(text);
    return status;
}

int command_emit(const struct options *o)
{
    const struct emitter *e = NULL;
    struct arena arena = {0};
    if (o->words_n == 1)
        return usage("emit what? c, coq, gas, table, smt2, dot, json or sarif", NULL);
    bool const smt2 = strcmp(o->words[1], "smt2") == 0;
    if (!options_only(o, GIVEN_OUTPUT | GIVEN_CONFIG | GIVEN_WORK | GIVEN_THREADS, 3,
                      "no description; expected a .isa file"))
        return STATUS_USAGE;
    for (size_t i = 0; i < sizeof emitters / sizeof *emitters; i++) {
        if (strcmp(emitters[i].name, o->words[1]) == 0) e = &emitters[i];
    }
    if (!e && !smt2)
        return usage("emit knows c, coq, gas, table, smt2, dot, json and sarif, not", o->words[1]);
    struct description *m = options_description(o, &arena, o->words[2]);
    int const status = !m ? STATUS_USAGE : smt2 ? command_emit_smt2(o, m) : emit(o, e, &arena, m);
    arena_free(&arena);
    return status;
}
