// SPDX-License-Identifier: MIT
// The command line of isa-analyzer.
#include "isa-analyzer/command/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: isa-analyzer check FILE.isa [--config NAME=VALUE]... [--require THEOREM] [--json]\n"
    "                    [--vtx CONTROLS.json] [--witnesses DIR | --no-witnesses] [--work N]\n"
    "                    [--threads N]\n"
    "       isa-analyzer explain FILE.isa INSTRUCTION [--config NAME=VALUE]... [--json]\n"
    "       isa-analyzer replay WITNESS.json [--json]\n"
    "       isa-analyzer emit c|coq|gas|table|smt2|dot|json|sarif FILE.isa\n"
    "                    [--config NAME=VALUE]... [-o OUT]\n"
    "       isa-analyzer redpill FILE.isa [INSTRUCTION] [--config NAME=VALUE]... [-o OUT]\n"
    "       isa-analyzer repair FILE.isa [--config NAME=VALUE]... [--require THEOREM] [-o OUT]\n"
    "                    [--json]\n"
    "       isa-analyzer certify FILE.isa [--config NAME=VALUE]... [-o OUT]\n"
    "       isa-analyzer probe [--json]\n"
    "\n"
    "Reads the description of an instruction set, reports its mistakes, and decides whether the\n"
    "machine is virtualizable and which instruction stands in the way; or writes what is made of "
    "it.\n"
    "\n"
    "Commands:\n"
    "  check              the verdicts of the theorems, what stands in the way, the classes\n"
    "  explain            one instruction: the condition it meets or breaks, and two states\n"
    "  replay             run a witness's two states again\n"
    "  emit c             a C header: the machine's state, decoder, instructions, disassembler\n"
    "  emit coq           a term of the Coq development in proofs/Language\n"
    "  emit gas           macros for the GNU assembler and clang's\n"
    "  emit smt2          the questions that check asks, for another solver\n"
    "  emit table         reference tables in MyST Markdown, and the classes\n"
    "  emit dot           the classes as a picture, for Graphviz\n"
    "  emit json          the classification, as check --json prints it\n"
    "  emit sarif         what stands in the way, for editors and code hosts (SARIF 2.1.0)\n"
    "  redpill            a program that tells a virtual machine from the real one, or two states\n"
    "  repair             the smallest changes under which a theorem's condition holds\n"
    "  certify            a Coq file whose compilation proves the verdicts\n"
    "  probe              what this processor's system instructions do in user mode\n"
    "\n"
    "Options:\n"
    "  --config NAME=VALUE  set a parameter of the description; may be given more than once\n"
    "  --require THEOREM    exit with 1 where it fails and 3 where it is undecided: theorem1,\n"
    "                       theorem2, theorem3, exact or exact-hybrid; of repair: what is to\n"
    "                       hold, theorem1 by default\n"
    "  --vtx CONTROLS.json  judge the sensitive instructions under VT-x with these controls,\n"
    "                       as the monitor prints them; --require exact fails if one escapes\n"
    "  --witnesses DIR      save each witness in DIR, for replay\n"
    "  --no-witnesses       do not look for witnesses: the answers are enough\n"
    "  --work N             give a question up after N million steps of the solver (30; 0: never)\n"
    "  --threads N          classify with N threads (as many as there are processors)\n"
    "  -o, --output OUT     write to OUT instead of standard output; of smt2 also a folder\n"
    "  --json               print the result as JSON\n"
    "  --color WHEN         colour: auto, always or never; NO_COLOR turns auto off\n"
    "  --help               print this and exit\n"
    "  --version            print the version and exit\n"
    "\n"
    "Exit status: 0 done, 1 a checked property fails, 2 usage or unreadable input, 3 undecided,\n"
    "64 a fault of ours.\n";

int usage(const char *problem, const char *what)
{
    fprintf(stderr, "isa-analyzer: error: %s%s%s%s; isa-analyzer --help lists what there is\n",
            problem, what ? " '" : "", what ? what : "", what ? "'" : "");
    return STATUS_USAGE;
}

// ---------------------------------------------------------------- values

static const char *set_output(struct options *o, const char *value)
{
    o->output = value;
    return NULL;
}

static const char *set_config(struct options *o, const char *value)
{
    if (o->settings_n == SETTINGS_MAX) return "more than 64 times --config";
    o->settings[o->settings_n++] = value;
    return NULL;
}

static const char *set_require(struct options *o, const char *value)
{
    for (int t = 0; t < THEOREMS; t++)
        if (strcmp(value, theorem_names[t]) == 0) o->require = t;
    return o->require >= 0 ? NULL
                           : "--require wants theorem1, theorem2, theorem3, exact or exact-hybrid";
}

static const char *set_no_witnesses(struct options *o, const char *value)
{
    (void)value;
    o->no_witnesses = true;
    return o->witnesses ? "--witnesses and --no-witnesses exclude each other" : NULL;
}

static const char *set_witnesses(struct options *o, const char *value)
{
    o->witnesses = value;
    return o->no_witnesses ? "--witnesses and --no-witnesses exclude each other" : NULL;
}

static const char *set_vtx(struct options *o, const char *value)
{
    o->vtx = value;
    return NULL;
}

static bool number(const char *text, unsigned long max, unsigned *value)
{
    char *end;
    unsigned long const n = strtoul(text, &end, 10);
    if (end == text || *end || text[0] < '0' || text[0] > '9' || n > max) return false;
    *value = (unsigned)n;
    return true;
}

static const char *set_work(struct options *o, const char *value)
{
    return number(value, 4000, &o->work) ? NULL : "--work wants a number of millions, up to 4000";
}

static const char *set_threads(struct options *o, const char *value)
{
    return number(value, 1024, &o->threads) && o->threads ? NULL
                                                          : "--threads wants a number, 1 to 1024";
}

static const char *set_color(struct options *o, const char *when)
{
    if (strcmp(when, "always") == 0)
        o->color = o->color_out = true;
    else if (strcmp(when, "never") == 0)
        o->color = o->color_out = false;
    else if (strcmp(when, "auto") != 0)
        return "--color wants auto, always or never";
    return NULL;
}

static const char *set_json(struct options *o, const char *value)
{
    (void)value;
    o->json = true;
    return NULL;
}

struct option {
    const char *name;
    unsigned given;
    bool has_value;
    const char *(*set)(struct options *o, const char *value); // returns what is wrong
};

static const struct option all[] = {
    {"-o", GIVEN_OUTPUT, true, set_output},
    {"--output", GIVEN_OUTPUT, true, set_output},
    {"--config", GIVEN_CONFIG, true, set_config},
    {"--require", GIVEN_REQUIRE, true, set_require},
    {"--vtx", GIVEN_VTX, true, set_vtx},
    {"--witnesses", GIVEN_WITNESSES, true, set_witnesses},
    {"--no-witnesses", GIVEN_WITNESSES, false, set_no_witnesses},
    {"--work", GIVEN_WORK, true, set_work},
    {"--threads", GIVEN_THREADS, true, set_threads},
    {"--json", GIVEN_JSON, false, set_json},
    {"--color", 0, true, set_color},
};

// ---------------------------------------------------------------- the command line

static const struct option *find(const char *argument)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        size_t const length = strlen(all[i].name);
        if (strncmp(argument, all[i].name, length) != 0) continue;
        if (argument[length] == 0) return &all[i];
        if (argument[length] == '=' && all[i].has_value && all[i].name[1] == '-') return &all[i];
    }
    return NULL;
}

// Sets an option, with its value of its own or behind '='; returns -1 to go on.
static int read_option(struct options *o, const struct option *x, int argc, char **argv, int *at)
{
    size_t const length = strlen(x->name);
    const char *value = NULL;
    if (x->has_value) {
        if (argv[*at][length] == '=')
            value = argv[*at] + length + 1;
        else if (*at + 1 < argc)
            value = argv[++*at];
        else
            return usage("no value behind", x->name);
    }
    const char *wrong = x->set(o, value);
    if (wrong) return usage(wrong, NULL);
    o->given |= x->given;
    return -1;
}

int options_read(struct options *o, int argc, char **argv)
{
    const char *no_color = getenv("NO_COLOR");
    bool const plain = no_color && *no_color;
    bool only_words = false;
    *o = (struct options){.require = -1,
                          .work = 30,
                          .color = !plain && isatty(STDERR_FILENO),
                          .color_out = !plain && isatty(STDOUT_FILENO)};
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i];
        const struct option *x = only_words ? NULL : find(a);
        if (only_words || a[0] != '-' || a[1] == 0) {
            if (o->words_n == WORDS_MAX) return usage("unexpected argument", a);
            o->words[o->words_n++] = a;
        } else if (strcmp(a, "--") == 0) {
            only_words = true;
        } else if (strcmp(a, "--help") == 0) {
            fputs(help, stdout);
            return STATUS_HOLDS;
        } else if (strcmp(a, "--version") == 0) {
            puts("isa-analyzer (Trapeze) " TRAPEZE_VERSION);
            return STATUS_HOLDS;
        } else if (!x) {
            return usage("there is no option", a);
        } else {
            int const status = read_option(o, x, argc, argv, &i);
            if (status >= 0) return status;
        }
    }
    return o->words_n ? -1 : usage("no command", NULL);
}

bool options_only(const struct options *o, unsigned allowed, unsigned words, const char *missing)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!(o->given & all[i].given & ~allowed) || all[i].name[1] != '-') continue;
        fprintf(stderr, "isa-analyzer: error: %s has no meaning with %s\n", all[i].name,
                o->words[0]);
        return false;
    }
    if (o->words_n > words) return usage("unexpected argument", o->words[words]), false;
    if (o->words_n < words) return usage(missing, NULL), false;
    return true;
}

// ---------------------------------------------------------------- what commands share

struct description *options_description(const struct options *o, struct arena *a, const char *file)
{
    struct diagnostics d = {.out = stderr, .color = o->color};
    struct description *m = description_read(a, &d, file);
    bool configured = m != NULL;
    for (unsigned i = 0; m && i < o->settings_n; i++)
        configured &= description_configure(m, &d, o->settings[i]);
    return configured ? m : NULL;
}

static void progress(void *context, unsigned done, unsigned rows)
{
    (void)context;
    fprintf(stderr, "\risa-analyzer: %u of %u instructions ", done, rows);
    fflush(stderr);
}

struct classify_options options_classify(const struct options *o)
{
    return (struct classify_options){.work = o->work * 1000000,
                                     .threads = o->threads,
                                     .no_witnesses = o->no_witnesses,
                                     .progress = isatty(STDERR_FILENO) ? progress : NULL};
}

void options_progress_end(void)
{
    if (isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
}
