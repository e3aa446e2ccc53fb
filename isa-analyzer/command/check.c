// SPDX-License-Identifier: MIT
// `isa-analyzer check`: the verdicts, what stands in the way, and the classes, as a table or JSON.
#include "isa-analyzer/command/command.h"
#include "isa-analyzer/classify/witness.h"
#include "isa-analyzer/command/check_vtx.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum color { PLAIN, GOOD, BAD, OPEN };

static const char *on(const struct options *o, enum color c)
{
    static const char *const codes[] = {"", "\033[32m", "\033[1;31m", "\033[33m"};
    return o->color_out ? codes[c] : "";
}

static const char *off(const struct options *o)
{
    return o->color_out ? "\033[0m" : "";
}

static const char *const meanings[THEOREMS][2] = {
    {"a trap-and-emulate monitor may be constructed",
     "a sensitive instruction does not trap in user mode"},
    {"so may one that runs itself, if it keeps time", "theorem 1 fails"},
    {"a hybrid monitor may be constructed",
     "an instruction sensitive in user mode does not trap there"},
    {"every instruction may run directly", "an instruction run directly would go wrong in silence"},
    {"every instruction of virtual user mode may run directly",
     "an instruction of virtual user mode would go wrong"},
};

static void print_head(const struct description *m)
{
    struct component *x;
    struct config *c;
    unsigned resources = 0;
    LIST_EACH(x, m->components) resources += x->kind == COMPONENT_RESOURCE;
    printf("%s: %s\n%u instructions, %u traps, %u resources\n", m->name, m->title,
           m->instructions.n, m->traps.n, resources);
    LIST_EACH(c, m->configs)
    printf("parameter %s = %llu%s%s\n", c->name, (unsigned long long)c->value, c->text ? ": " : "",
           c->text ? c->text : "");
}

static void print_verdicts(const struct options *o, const struct classification *c)
{
    putchar('\n');
    for (int t = 0; t < THEOREMS; t++) {
        enum answer const a = c->theorems[t].holds;
        static const char *const words[] = {"fails", "holds", "undecided"};
        static const enum color colors[] = {BAD, GOOD, OPEN};
        printf("%-12s  %s%-9s%s  %s\n", theorem_names[t], on(o, colors[a]), words[a], off(o),
               a == ANSWER_UNKNOWN ? "see below" : meanings[t][a == ANSWER_NO]);
    }
}

// ---------------------------------------------------------------- what stands in the way

static bool is_in(const struct row *r, const struct list *rows)
{
    struct row *x;
    LIST_EACH(x, *rows) if (x == r) return true;
    return false;
}

// "control-sensitive"
static void put_property(int p)
{
    for (const char *s = property_names[p]; *s; s++) putchar(*s == '_' ? '-' : *s);
}

static void print_obstacle(struct arena *a, const struct classification *c, const struct row *r)
{
    struct line_column const at = source_line(r->instruction->where);
    static const enum property kinds[] = {PROPERTY_CONTROL_SENSITIVE, PROPERTY_LOCATION_SENSITIVE,
                                          PROPERTY_MODE_SENSITIVE, PROPERTY_RESOURCE_SENSITIVE};
    printf("  %s (%s:%u): ", row_name(a, r), r->instruction->where.source->file, at.line);
    const char *separator = "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (r->verdicts[kinds[i]].answer != ANSWER_YES) continue;
        fputs(separator, stdout);
        put_property(kinds[i]);
        separator = ", ";
    }
    if (r->condition) printf("%straps only where %s", *separator ? ", " : "", r->condition);
    putchar('\n');
    for (int p = 0; p < PROPERTIES; p++) {
        const struct verdict *v = &r->verdicts[p];
        if (v->reason) {
            fputs("    ", stdout);
            put_property(p);
            printf(": unknown: %s\n      (a greater --work or another --config may decide it)\n",
                   v->reason);
        }
        if (!v->witness || p == PROPERTY_PRIVILEGED || p == PROPERTY_USER_SENSITIVE) continue;
        if (p >= PROPERTY_EXACT_HYBRID || p == PROPERTY_CONDITIONALLY_PRIVILEGED) continue;
        fputs("    ", stdout);
        put_property(p);
        printf(": %s\n", v->witness->difference);
    }
    (void)c;
}

static void print_obstacles(const struct classification *c)
{
    struct arena a = {0};
    bool any = false;
    for (unsigned i = 0; i < c->rows_n; i++) {
        bool stands = false;
        for (int t = 0; t < THEOREMS; t++) stands |= is_in(&c->rows[i], &c->theorems[t].because);
        for (int p = 0; p < PROPERTIES; p++)
            stands |= c->rows[i].verdicts[p].answer == ANSWER_UNKNOWN;
        if (!stands) continue;
        if (!any) puts("\nwhat stands in the way:");
        any = true;
        print_obstacle(&a, c, &c->rows[i]);
    }
    arena_free(&a);
}

// ---------------------------------------------------------------- the classes

static char letter(const struct row *r, enum property p, char yes)
{
    enum answer const a = r->verdicts[p].answer;
    return a == ANSWER_YES ? yes : a == ANSWER_UNKNOWN ? '?' : '-';
}

static const char *class_of(const struct row *r)
{
    const struct verdict *v = r->verdicts;
    if (v[PROPERTY_ALWAYS_TRAPS].answer == ANSWER_YES) return "always traps";
    if (v[PROPERTY_PRIVILEGED].answer == ANSWER_YES)
        return v[PROPERTY_VACUOUS].answer == ANSWER_YES ? "privileged, vacuously" : "privileged";
    if (v[PROPERTY_CONDITIONALLY_PRIVILEGED].answer == ANSWER_YES) return "privileged for some";
    if (v[PROPERTY_INNOCUOUS].answer == ANSWER_YES) return "innocuous";
    return row_sensitive(r) == ANSWER_YES ? "sensitive" : "unknown";
}

static void print_classes(const struct classification *c)
{
    struct arena a = {0};
    int width = 11;
    for (unsigned i = 0; i < c->rows_n; i++) {
        int const n = (int)strlen(row_name(&a, &c->rows[i]));
        if (n > width) width = n;
    }
    printf("\n%-*s  %-21s  sensitive  user  direct  reflect\n", width, "instruction", "class");
    for (unsigned i = 0; i < c->rows_n; i++) {
        const struct row *r = &c->rows[i];
        printf("%-*s  %-21s  %c%c%c%c       %c     %c%c      %c%c\n", width, row_name(&a, r),
               class_of(r), letter(r, PROPERTY_CONTROL_SENSITIVE, 'c'),
               letter(r, PROPERTY_LOCATION_SENSITIVE, 'l'), letter(r, PROPERTY_MODE_SENSITIVE, 'm'),
               letter(r, PROPERTY_RESOURCE_SENSITIVE, 'r'), letter(r, PROPERTY_USER_SENSITIVE, 'u'),
               letter(r, PROPERTY_EXACT, 'x'), letter(r, PROPERTY_EXACT_HYBRID, 'h'),
               letter(r, PROPERTY_REFLECTABLE, 'x'), letter(r, PROPERTY_REFLECTABLE_HYBRID, 'h'));
    }
    puts("\nsensitive: c control, l location, m mode, r another resource; user: in user mode\n"
         "direct, reflect: x in every virtual state, h in those in user mode");
    arena_free(&a);
}

// ---------------------------------------------------------------- the command

static int required(const struct options *o, const struct classification *c)
{
    struct arena a = {0};
    if (o->require < 0) return STATUS_HOLDS;
    for (unsigned i = 0; i < c->rows_n; i++) {
        const struct verdict *v = c->rows[i].verdicts;
        if (v[PROPERTY_PRIVILEGED].answer != ANSWER_YES || v[PROPERTY_VACUOUS].answer != ANSWER_YES)
            continue;
        fprintf(stderr,
                "isa-analyzer: warning: %s is privileged vacuously: every pair of states "
                "memory-traps\n",
                row_name(&a, &c->rows[i]));
    }
    arena_free(&a);
    static const int statuses[] = {STATUS_FAILS, STATUS_HOLDS, STATUS_UNDECIDED};
    return statuses[c->theorems[o->require].holds];
}

// A file for each witness: DIR/lra.location_sensitive.json.
static bool save_witnesses(const char *folder, const struct classification *c)
{
    struct arena a = {0};
    bool good = mkdir(folder, 0777) == 0 || errno == EEXIST;
    if (!good)
        fprintf(stderr, "isa-analyzer: error: cannot make the folder '%s': %s\n", folder,
                strerror(errno));
    for (unsigned i = 0; good && i < c->rows_n; i++) {
        for (int p = 0; good && p < PROPERTIES; p++) {
            const struct witness *w = c->rows[i].verdicts[p].witness;
            if (!w) continue;
            char *name = arena_format(&a, "%s", row_name(&a, &c->rows[i]));
            for (char *s = name; *s; s++)
                if (*s == ' ' || *s == '/') *s = '.';
            const char *file = arena_format(&a, "%s/%s.%s.json", folder, name, property_names[p]);
            json_t *j = witness_json(c->m, w);
            good = json_dump_file(j, file, JSON_INDENT(2)) == 0;
            json_decref(j);
            if (!good)
                fprintf(stderr, "isa-analyzer: error: cannot write '%s': %s\n", file,
                        strerror(errno));
        }
    }
    arena_free(&a);
    return good;
}

static int report(const struct options *o, const struct classification *c,
                  const struct vtx_files *v)
{
    if (c->fault) {
        fprintf(stderr, "isa-analyzer: error: %s\n", c->fault);
        return STATUS_FAULT;
    }
    if (o->witnesses && !save_witnesses(o->witnesses, c)) return STATUS_USAGE;
    struct vtx_judgement *judgement = v ? vtx_judge(v->arena, c, v->rules, v->controls) : NULL;
    if (o->json) {
        json_t *j = classification_json(c);
        if (v) json_object_set_new(j, "vtx", vtx_json(judgement, v->rules, v->controls));
        if (json_dumpf(j, stdout, JSON_INDENT(2)) != 0) return STATUS_FAULT;
        putchar('\n');
        json_decref(j);
    } else {
        print_head(c->m);
        if (judgement) print_vtx(o, v, judgement);
    }
    if (!o->json && !judgement) {
        print_verdicts(o, c);
        print_obstacles(c);
        print_classes(c);
    }
    if (fflush(stdout) != 0) {
        fputs("isa-analyzer: error: cannot write to standard output\n", stderr);
        return STATUS_USAGE;
    }
    return judgement ? required_vtx(o, judgement) : required(o, c);
}

int command_check(const struct options *o)
{
    struct arena arena = {0};
    unsigned const allowed = GIVEN_CONFIG | GIVEN_REQUIRE | GIVEN_WITNESSES | GIVEN_WORK |
                             GIVEN_THREADS | GIVEN_JSON | GIVEN_VTX;
    if (!options_only(o, allowed, 2, "no description; expected a .isa file")) return STATUS_USAGE;
    if (o->vtx && o->require >= 0 && o->require != THEOREM_EXACT)
        return usage("--vtx says what may run directly; with it --require wants exact", NULL);
    struct description *m = options_description(o, &arena, o->words[1]);
    struct vtx_files v = {.arena = &arena};
    int status = STATUS_USAGE;
    if (m && o->vtx) {
        v.rules = vtx_rules_read(&arena, m);
        v.controls = vtx_controls_read(&arena, o->vtx);
    }
    if (m && (!o->vtx || (v.rules && v.controls))) {
        struct classify_options const how = options_classify(o);
        struct classification *c = classify(&arena, m, &how);
        options_progress_end();
        status = report(o, c, o->vtx ? &v : NULL);
    }
    arena_free(&arena);
    return status;
}
