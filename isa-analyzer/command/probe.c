// SPDX-License-Identifier: MIT
// `isa-analyzer probe`: what this processor's system instructions do in an ordinary process, beside
// what x86-32.isa says of them. Observed and architectural stay apart: a kernel may emulate what
// traps.
#define _GNU_SOURCE
#include "isa-analyzer/probe/probe.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa-analyzer/command/command.h"

// x86-32.isa, where it lies beside this program: as built, in build or in a folder of it, or as
// installed. In the arena.
static const char *find_description(struct arena *a)
{
    static const char *const places[] = {"../isa-analyzer/isas", "../../isa-analyzer/isas",
                                         "../share/trapeze/isas"};
    char self[PATH_MAX];
    ssize_t const n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0) return NULL;
    self[n] = 0;
    char *slash = strrchr(self, '/');
    if (!slash) return NULL;
    *slash = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        size_t const size = strlen(self) + strlen(places[i]) + 32;
        char *path = arena_alloc(a, size);
        snprintf(path, size, "%s/%s/x86-32.isa", self, places[i]);
        if (access(path, R_OK) == 0) return path;
    }
    return NULL;
}

// ---------------------------------------------------------------- the description's word

static const struct row *find_row(struct arena *a, const struct classification *c,
                                  const struct probe *p)
{
    for (unsigned i = 0; i < c->rows_n; i++) {
        const char *selector = row_selector(a, &c->rows[i]);
        if (strcmp(c->rows[i].instruction->name, p->name) == 0 &&
            (!p->selector || (selector && strcmp(selector, p->selector) == 0)))
            return &c->rows[i];
    }
    return NULL;
}

static bool is(const struct row *r, enum property p)
{
    return r->verdicts[p].answer == ANSWER_YES;
}

static const char *architectural(const struct row *r)
{
    if (is(r, PROPERTY_ALWAYS_TRAPS)) return "always traps";
    if (is(r, PROPERTY_PRIVILEGED)) return "privileged";
    if (row_sensitive(r) == ANSWER_YES)
        return is(r, PROPERTY_CONDITIONALLY_PRIVILEGED) ? "sensitive, conditional" : "sensitive";
    if (is(r, PROPERTY_CONDITIONALLY_PRIVILEGED)) return "conditional";
    if (is(r, PROPERTY_INNOCUOUS)) return "innocuous";
    return "unknown";
}

// ---------------------------------------------------------------- what was seen

static const char *vector_name(int vector)
{
    switch (vector) {
    case 1: return "#DB";
    case 3: return "#BP";
    case 6: return "#UD";
    case 11: return "#NP";
    case 12: return "#SS";
    case 13: return "#GP";
    case 14: return "#PF";
    default: return "an exception";
    }
}

static void tell(const struct probe *p, const struct observation *o, char *out, size_t size)
{
    switch (o->seen) {
    case SEEN_SILENT: p->tell(&o->values, out, size); break;
    case SEEN_ENTERED: snprintf(out, size, "the kernel did what was asked"); break;
    case SEEN_TRAPPED: snprintf(out, size, "%s", vector_name(o->vector)); break;
    case SEEN_LOST: snprintf(out, size, "the process was lost"); break;
    }
}

static const char *const seen_names[] = {[SEEN_SILENT] = "silent",
                                         [SEEN_ENTERED] = "entered",
                                         [SEEN_TRAPPED] = "trapped",
                                         [SEEN_LOST] = "lost"};

// How the two go together, or null where there is nothing to be said.
static const char *remark(const struct row *r, const struct observation *o, bool umip)
{
    bool const went_on = o->seen == SEEN_SILENT || o->seen == SEEN_ENTERED;
    if (!went_on && o->seen != SEEN_TRAPPED) return "nothing can be concluded";
    if (is(r, PROPERTY_PRIVILEGED) && went_on)
        return umip ? "it trapped, and the kernel has emulated it"
                    : "a privileged instruction went on: somebody has emulated it";
    if (is(r, PROPERTY_INNOCUOUS) && !went_on)
        return "the description knows no such trap: the kernel or a monitor has set one";
    if (row_sensitive(r) == ANSWER_YES && !is(r, PROPERTY_PRIVILEGED) &&
        !is(r, PROPERTY_CONDITIONALLY_PRIVILEGED) && !went_on)
        return "here; there are states in which it goes on";
    return NULL;
}

// ---------------------------------------------------------------- both

static json_t *probe_json(const struct probe *p, const struct observation *o, const struct row *r,
                          const char *text, bool umip)
{
    return json_pack(
        "{ss ss s{ss ss ss*} s{ss ss ss ss} ss*}", "name", p->name, "code", p->text, "observed",
        "outcome", seen_names[o->seen], "text", text, "exception",
        o->seen == SEEN_TRAPPED ? vector_name(o->vector) : NULL, "architectural", "class",
        architectural(r), "privileged", answer_names[r->verdicts[PROPERTY_PRIVILEGED].answer],
        "sensitive", answer_names[row_sensitive(r)], "innocuous",
        answer_names[r->verdicts[PROPERTY_INNOCUOUS].answer], "remark", remark(r, o, umip));
}

static void print_row(const struct options *o, const struct probe *p, const struct observation *x,
                      const struct row *r, const char *text, bool umip)
{
    const char *note = remark(r, x, umip);
    bool const bold = o->color_out && note;
    printf("%s%-24s %-8s %-31s %-22s%s%s%s\n", bold ? "\033[1m" : "", p->text, seen_names[x->seen],
           text, architectural(r), note ? "  " : "", note ? note : "", bold ? "\033[0m" : "");
}

static void print_head(const struct description *m, bool umip)
{
    printf("%s, held against this processor in an ordinary process%s\n\n", m->name,
           umip ? "; the kernel has turned UMIP on" : "");
    printf("%-24s %-8s %-31s %s\n", "instruction", "observed", "what came back", "architectural");
}

static int run(const struct options *o, struct arena *a, struct description *m, bool umip)
{
    struct classify_options how = options_classify(o);
    json_t *rows = json_array();
    how.no_witnesses = true;
    const struct classification *c = classify(a, m, &how);
    options_progress_end();
    if (!o->json) print_head(m, umip);
    for (size_t i = 0; i < probes_n; i++) {
        const struct row *r = find_row(a, c, &probes[i]);
        struct observation const x = probe_run(&probes[i]);
        char text[64];
        if (!r) {
            fprintf(stderr, "isa-analyzer: fault: %s has no instruction %s\n", m->name,
                    probes[i].name);
            json_decref(rows);
            return STATUS_FAULT;
        }
        tell(&probes[i], &x, text, sizeof text);
        if (!o->json) print_row(o, &probes[i], &x, r, text, umip);
        json_array_append_new(rows, probe_json(&probes[i], &x, r, text, umip));
    }
    if (o->json) {
        json_t *root = json_pack("{ss ss sb sO}", "schema", "trapeze/probe/1", "machine", m->name,
                                 "umip", umip, "probes", rows);
        json_dumpf(root, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(root);
    }
    json_decref(rows);
    return STATUS_HOLDS;
}

int command_probe(const struct options *o)
{
    struct arena a = {0};
    struct diagnostics d = {.out = stderr, .color = o->color};
    const char *why = NULL;
    int status = STATUS_USAGE;
    if (!options_only(o, GIVEN_JSON | GIVEN_WORK | GIVEN_THREADS, 1, NULL)) return status;
    if (!probe_possible(&why)) {
        fprintf(stderr, "isa-analyzer: error: nothing can be probed: %s\n", why);
        return status;
    }
    const char *file = find_description(&a);
    struct description *m = file ? description_read(&a, &d, file) : NULL;
    bool const umip = probe_umip();
    if (!file)
        fprintf(stderr, "isa-analyzer: error: there is no x86-32.isa beside this program; run it "
                        "from where it was built, or install it with its descriptions\n");
    if (m && (!umip || description_configure(m, &d, "UMIP=1"))) status = run(o, &a, m, umip);
    arena_free(&a);
    return status;
}
