// SPDX-License-Identifier: MIT
// The command `isa-analyzer`: reads the command line and calls what does the work.
#include "isa-analyzer/emit/emit.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum status { STATUS_HOLDS = 0, STATUS_FAILS = 1, STATUS_USAGE = 2, STATUS_FAULT = 64 };

enum { SETTINGS_MAX = 64 };

struct options {
    const char *command;
    const char *kind; // of emit
    const char *file;
    const char *output;
    const char *settings[SETTINGS_MAX];
    unsigned settings_n;
    bool json, color;
};

static const char help[] =
    "Usage: isa-analyzer check FILE.isa [--config NAME=VALUE]... [--json]\n"
    "       isa-analyzer emit c|coq|gas|table FILE.isa [--config NAME=VALUE]... [-o OUT]\n"
    "\n"
    "Reads the description of an instruction set and reports its mistakes, or writes what is made "
    "of it.\n"
    "\n"
    "Commands:\n"
    "  check              read and check a description; say what is in it\n"
    "  emit c             a C header: the machine's state, decoder, instructions, disassembler\n"
    "  emit coq           a term of the Coq development in proofs/Language\n"
    "  emit gas           macros for the GNU assembler and clang's\n"
    "  emit table         reference tables in MyST Markdown\n"
    "\n"
    "Options:\n"
    "  --config NAME=VALUE  set a parameter of the description; may be given more than once\n"
    "  -o, --output OUT     write to OUT instead of standard output\n"
    "  --json               print the result as JSON\n"
    "  --color WHEN         colour in diagnostics: auto, always or never; NO_COLOR turns auto off\n"
    "  --help               print this and exit\n"
    "  --version            print the version and exit\n"
    "\n"
    "Exit status: 0 done, 1 a checked property fails, 2 usage or unreadable input, 64 a fault of "
    "ours.\n";

static int usage(const char *problem, const char *what)
{
    fprintf(stderr, "isa-analyzer: error: %s%s%s%s; isa-analyzer --help lists what there is\n",
            problem, what ? " '" : "", what ? what : "", what ? "'" : "");
    return STATUS_USAGE;
}

// ---------------------------------------------------------------- the command line

static bool set_color(struct options *o, const char *when)
{
    if (strcmp(when, "always") == 0)
        o->color = true;
    else if (strcmp(when, "never") == 0)
        o->color = false;
    else if (strcmp(when, "auto") != 0)
        return false;
    return true;
}

// The value of an option, of its own or behind '='; null if there is none.
static const char *option_value(const char *name, int argc, char **argv, int *at)
{
    size_t const length = strlen(name);
    if (argv[*at][length] == '=') return argv[*at] + length + 1;
    return *at + 1 < argc ? argv[++*at] : NULL;
}

static bool is_option(const char *argument, const char *name)
{
    size_t const length = strlen(name);
    return strncmp(argument, name, length) == 0 &&
           (argument[length] == 0 || argument[length] == '=');
}

// Returns -1 to go on, or an exit status.
static int parse_options(struct options *o, int argc, char **argv)
{
    const char *words[3] = {0};
    unsigned n = 0;
    bool only_words = false;
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i], *value;
        if (only_words || a[0] != '-' || a[1] == 0) {
            if (n == 3) return usage("unexpected argument", a);
            words[n++] = a;
        } else if (strcmp(a, "--") == 0) {
            only_words = true;
        } else if (strcmp(a, "--help") == 0) {
            fputs(help, stdout);
            return STATUS_HOLDS;
        } else if (strcmp(a, "--version") == 0) {
            puts("isa-analyzer (Trapeze) " TRAPEZE_VERSION);
            return STATUS_HOLDS;
        } else if (strcmp(a, "--json") == 0) {
            o->json = true;
        } else if (is_option(a, "--config")) {
            if (!(value = option_value("--config", argc, argv, &i)))
                return usage("no NAME=VALUE behind --config", NULL);
            if (o->settings_n == SETTINGS_MAX) return usage("more than 64 times --config", NULL);
            o->settings[o->settings_n++] = value;
        } else if (is_option(a, "--color")) {
            if (!(value = option_value("--color", argc, argv, &i)) || !set_color(o, value))
                return usage("--color wants auto, always or never", NULL);
        } else if (strcmp(a, "-o") == 0 || is_option(a, "--output")) {
            if (!(value = option_value(a[1] == 'o' ? "-o" : "--output", argc, argv, &i)))
                return usage("no file behind", a);
            o->output = value;
        } else {
            return usage("there is no option", a);
        }
    }
    if (n == 0) return usage("no command", NULL);
    o->command = words[0];
    bool const emit = strcmp(o->command, "emit") == 0;
    if (!emit && strcmp(o->command, "check") != 0) return usage("there is no command", o->command);
    if (emit) {
        if (!words[1]) return usage("emit what? c, coq, gas or table", NULL);
        o->kind = words[1];
        o->file = words[2];
        if (o->json) return usage("--json has no meaning with emit", NULL);
    } else {
        if (words[2]) return usage("unexpected argument", words[2]);
        if (o->output) return usage("--output has no meaning with check", NULL);
        o->file = words[1];
    }
    if (!o->file) return usage("no description; expected a .isa file", NULL);
    return -1;
}

// ---------------------------------------------------------------- commands

static int check(const struct options *o, const struct description *m)
{
    struct component *x;
    struct config *c;
    unsigned resources = 0;
    LIST_EACH(x, m->components) resources += x->kind == COMPONENT_RESOURCE;
    if (!o->json) {
        printf("%s: %s\n%u instructions, %u traps, %u resources\n", m->name, m->title,
               m->instructions.n, m->traps.n, resources);
        LIST_EACH(c, m->configs)
        printf("parameter %s = %llu%s%s\n", c->name, (unsigned long long)c->value,
               c->text ? ": " : "", c->text ? c->text : "");
        return STATUS_HOLDS;
    }
    json_t *configs = json_object();
    LIST_EACH(c, m->configs)
    json_object_set_new(configs, c->name, json_integer((json_int_t)c->value));
    json_t *names = json_array();
    struct instruction *i;
    LIST_EACH(i, m->instructions) json_array_append_new(names, json_string(i->name));
    json_t *j =
        json_pack("{s:s, s:s, s:s, s:i, s:i, s:o, s:o}", "schema", "trapeze/isa-analyzer-check/1",
                  "machine", m->name, "title", m->title, "traps", (int)m->traps.n, "resources",
                  (int)resources, "parameters", configs, "instructions", names);
    if (!j || json_dumpf(j, stdout, JSON_INDENT(2)) != 0) return STATUS_FAULT;
    putchar('\n');
    json_decref(j);
    return STATUS_HOLDS;
}

struct emitter {
    const char *name;
    bool (*emit)(struct description *m, struct diagnostics *d, FILE *out);
};

static const struct emitter emitters[] = {
    {"c", emit_c}, {"coq", emit_coq}, {"gas", emit_gas}, {"table", emit_table}};

// Writes to memory first, so that a mistake or a full disk never leaves half a file behind.
static int emit(const struct options *o, struct description *m, struct diagnostics *d)
{
    const struct emitter *e = NULL;
    for (size_t i = 0; i < sizeof emitters / sizeof *emitters; i++) {
        if (strcmp(emitters[i].name, o->kind) == 0) e = &emitters[i];
    }
    if (!e) return usage("emit knows c, coq, gas and table, not", o->kind);
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (!memory) return STATUS_FAULT;
    bool const done = e->emit(m, d, memory);
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

int main(int argc, char **argv)
{
    const char *no_color = getenv("NO_COLOR");
    struct options o = {.color = isatty(STDERR_FILENO) && !(no_color && *no_color)};
    int status = parse_options(&o, argc, argv);
    if (status >= 0) return status;
    struct arena arena = {0};
    struct diagnostics d = {.out = stderr, .color = o.color};
    struct description *m = description_read(&arena, &d, o.file);
    status = STATUS_USAGE;
    if (m) {
        bool configured = true;
        for (unsigned i = 0; i < o.settings_n; i++)
            configured &= description_configure(m, &d, o.settings[i]);
        if (configured) status = o.kind ? emit(&o, m, &d) : check(&o, m);
    }
    arena_free(&arena);
    return status;
}
