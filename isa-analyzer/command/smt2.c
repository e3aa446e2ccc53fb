// SPDX-License-Identifier: MIT
// `isa-analyzer emit smt2`: every question that a classification asks, as SMT-LIB 2, with the answer
// that Z3 gave; for another solver to answer too. The lemmas on address translation come first.
#include "isa-analyzer/command/command.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct writer {
    const char *out; // a folder, or a file; null: standard output
    bool folder;
    FILE *file; // where all goes, if not to a folder
    const char *failed;
    char name[512];
    unsigned n;
};

static void write_question(void *context, const char *name, const char *text)
{
    struct writer *w = context;
    FILE *f = w->file;
    if (w->failed) return;
    if (w->folder) {
        snprintf(w->name, sizeof w->name, "%s/%s.smt2", w->out, name);
        for (char *s = w->name + strlen(w->out) + 1; *s; s++)
            if (*s == ' ' || *s == '/' || *s == '=') *s = '_';
        f = fopen(w->name, "w");
    }
    // Of the text's first lines one is a comment that names it.
    if (!f || fprintf(f, "%s%s", w->n && !w->folder ? "(reset)\n" : "", text) < 0)
        w->failed = w->folder ? w->name : w->out;
    if (w->folder && f && fclose(f) != 0) w->failed = w->name;
    w->n++;
}

static bool is_folder(const char *out)
{
    struct stat s;
    size_t const length = strlen(out);
    if (stat(out, &s) == 0) return S_ISDIR(s.st_mode);
    return length < 5 || strcmp(out + length - 5, ".smt2") != 0;
}

int command_emit_smt2(const struct options *o, const struct description *m)
{
    struct arena a = {0};
    struct writer w = {.out = o->output, .file = stdout};
    struct classify_options how = options_classify(o);
    if (w.out && is_folder(w.out)) {
        w.folder = true;
        if (mkdir(w.out, 0777) != 0 && errno != EEXIST) w.failed = w.out;
    } else if (w.out) {
        w.file = fopen(w.out, "w");
        if (!w.file) w.failed = w.out;
    }
    how.threads = 1;
    how.no_witnesses = true;
    how.progress = NULL;
    how.question = write_question;
    how.context = &w;
    if (!w.failed) classify(&a, m, &how);
    if (!w.failed && w.file && (w.file == stdout ? fflush(stdout) : fclose(w.file)) != 0)
        w.failed = w.out ? w.out : "standard output";
    arena_free(&a);
    if (!w.failed) return STATUS_HOLDS;
    fprintf(stderr, "isa-analyzer: error: cannot write '%s': %s\n", w.failed, strerror(errno));
    return STATUS_USAGE;
}
