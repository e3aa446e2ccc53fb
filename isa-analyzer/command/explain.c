// SPDX-License-Identifier: MIT
// `isa-analyzer explain`: one instruction's verdicts, each with the definition that it meets or
// breaks and the two states that show it; and the paper's words read to the letter, which decide
// nothing.
#include "isa-analyzer/classify/witness.h"
#include "isa-analyzer/command/command.h"

#include <string.h>

static const struct {
    enum property p;
    const char *yes, *no;
} sentences[] = {
    {PROPERTY_ALWAYS_TRAPS,
     "always traps: every state that does not memory-trap traps. It is set aside: a trap is the "
     "control program's entry, not a change.",
     NULL},
    {PROPERTY_PRIVILEGED,
     "privileged: of every two states that differ in the mode only and do not memory-trap, the one "
     "in user mode traps and the one in supervisor mode does not.",
     "not privileged: there are two states that differ in the mode only and do not memory-trap, "
     "and it is not so that the one in user mode traps and the other does not."},
    {PROPERTY_VACUOUS, "vacuously so: there are no such two states; each memory-traps.", NULL},
    {PROPERTY_CONDITIONALLY_PRIVILEGED,
     "privileged for some operands or states only: there it traps in user mode and not in "
     "supervisor mode.",
     NULL},
    {PROPERTY_CONTROL_SENSITIVE,
     "control-sensitive: in some state it changes the mode or a resource, uses a device, stops or "
     "waits, without a trap; or it traps in supervisor mode and goes on in user mode.",
     "not control-sensitive: without a trap it changes neither the mode nor any resource."},
    {PROPERTY_LOCATION_SENSITIVE,
     "behaviour-sensitive by location: what it does depends on where in real memory the program "
     "lies.",
     "not sensitive by location: moved in real memory, it does the same."},
    {PROPERTY_MODE_SENSITIVE,
     "behaviour-sensitive by mode: it completes in both modes, with different results.",
     "not sensitive by mode: where it completes in two modes, it does the same."},
    {PROPERTY_RESOURCE_SENSITIVE,
     "sensitive to another resource: what it does depends on one that the control program owns.",
     "not sensitive to another resource."},
    {PROPERTY_USER_SENSITIVE,
     "user-sensitive (theorem 3): one of these is so with the machine in user mode.", NULL},
    {PROPERTY_INNOCUOUS, "innocuous: neither privileged nor sensitive.", NULL},
    {PROPERTY_NONDETERMINISTIC, "the description leaves more than one outcome open.", NULL},
    {PROPERTY_EXACT,
     "it may run directly: whatever it does in silence on the real machine is what it would do on "
     "the virtual one.",
     "it may not run directly: on the real machine it does in silence what it would not do on the "
     "virtual one."},
    {PROPERTY_REFLECTABLE,
     "its memory traps may be reflected: the virtual machine would trap likewise.",
     "its memory traps may not be reflected: the virtual machine would not trap, or not so."},
    {PROPERTY_EXACT_HYBRID, "in virtual user mode it may run directly.",
     "nor may it in virtual user mode."},
    {PROPERTY_REFLECTABLE_HYBRID, "in virtual user mode its memory traps may be reflected.",
     "in virtual user mode its memory traps may not be reflected."},
};

static void print_sentences(const struct options *o, const struct row *r)
{
    static const char *const colors[] = {"", "\033[1m", "\033[33m"};
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        enum property const p = sentences[i].p;
        const struct verdict *v = &r->verdicts[p];
        const char *text = v->answer == ANSWER_YES ? sentences[i].yes : sentences[i].no;
        bool const aside = r->verdicts[PROPERTY_ALWAYS_TRAPS].answer == ANSWER_YES &&
                           p >= PROPERTY_PRIVILEGED && p <= PROPERTY_INNOCUOUS;
        if (v->answer == ANSWER_UNKNOWN) {
            printf("%s: unknown: %s; a greater --work or another --config may help\n",
                   property_names[p], v->reason ? v->reason : "no answer");
            continue;
        }
        if (!text || aside) continue;
        if (o->color_out) fputs(colors[v->answer], stdout);
        puts(text);
        if (o->color_out) fputs("\033[0m", stdout);
        if (p == PROPERTY_CONDITIONALLY_PRIVILEGED && r->condition)
            printf("  it traps where %s\n", r->condition);
        if (v->witness && v->witness->difference) printf("  %s\n", v->witness->difference);
    }
}

// Where the paper's verdict and the exact one differ, why.
static void print_difference(const struct row *r)
{
    const struct verdict *const v = r->verdicts;
    bool const aside = v[PROPERTY_ALWAYS_TRAPS].answer == ANSWER_YES;
    bool const privileged = v[PROPERTY_PRIVILEGED].answer == ANSWER_YES;
    bool const literal = aside || privileged || row_sensitive(r) == ANSWER_NO;
    enum answer const exact = v[PROPERTY_EXACT].answer, reflect = v[PROPERTY_REFLECTABLE].answer;
    const struct witness *w =
        exact == ANSWER_NO ? v[PROPERTY_EXACT].witness : v[PROPERTY_REFLECTABLE].witness;
    const char *states = w && w->difference ? w->difference : "the states above show it";
    if (exact == ANSWER_UNKNOWN || reflect == ANSWER_UNKNOWN ||
        (!literal && row_sensitive(r) == ANSWER_UNKNOWN))
        return;
    bool const runs = exact == ANSWER_YES && reflect == ANSWER_YES;
    printf("\ntheorem 1: %s; exact: %s\n",
           literal ? "does not stand in the way" : "stands in the way",
           runs ? "does not stand in the way" : "stands in the way");
    if (literal == runs) return;
    if (runs) {
        puts("They differ: the definition counts states of the bare machine in which no virtual "
             "machine's instruction runs,\nor resources that the real machine holds as the virtual "
             "one has them; while a virtual machine runs it traps, or does the same.");
    } else if (exact == ANSWER_YES) {
        printf("They differ: the definitions exempt pairs of states that memory-trap, but a memory "
               "trap that is reflected\nreaches the virtual machine: %s\n",
               states);
    } else if (privileged) {
        printf("They differ: the definition of privileged leaves these states out, for one of the "
               "pair memory-traps: %s\n",
               states);
    } else {
        printf("They differ: the definitions compare states that share a bound or that both do not "
               "trap; the virtual machine map\nrelates others: %s\n",
               states);
    }
}

// The paper's own words, without the readings that decide.
static void print_letter(const struct row *r)
{
    const struct verdict *const v = r->verdicts;
    puts("\nword for word (which decides nothing here):");
    if (v[PROPERTY_ALWAYS_TRAPS].answer == ANSWER_YES)
        puts("  Control-sensitive, \"attempts to change the amount of resources available, or "
             "affects the processor mode,\n  without going through the memory trap sequence\": the "
             "trap loads a PSW, so it would be, and it is not\n  privileged: it traps in both "
             "modes. Theorem 1's condition would fail on every supervisor call.");
    else if (v[PROPERTY_PRIVILEGED].answer == ANSWER_YES)
        puts("  Privileged: \"S1 traps and S2 does not\", for states that differ in the mode only. "
             "The same here.");
    else if (v[PROPERTY_RESOURCE_SENSITIVE].answer == ANSWER_YES &&
             v[PROPERTY_LOCATION_SENSITIVE].answer != ANSWER_YES &&
             v[PROPERTY_MODE_SENSITIVE].answer != ANSWER_YES &&
             v[PROPERTY_CONTROL_SENSITIVE].answer != ANSWER_YES)
        puts("  The paper's state is <E, M, P, R>: it has no other resource, so to the letter this "
             "is innocuous.");
    else if (v[PROPERTY_INNOCUOUS].answer == ANSWER_YES)
        puts("  Innocuous: \"neither privileged nor sensitive\". The same here.");
    else
        puts(
            "  Sensitive by the paper's definitions of control and of location and mode; its state "
            "is <E, M, P, R>,\n  to which resources such as a timer are added here.");
}

static int explain(const struct options *o, struct arena *a, const struct description *m)
{
    struct classify_options how = options_classify(o);
    how.only = o->words[2];
    struct classification *c = classify(a, m, &how);
    options_progress_end();
    if (c->fault) {
        fprintf(stderr, "isa-analyzer: error: %s\n", c->fault);
        return STATUS_FAULT;
    }
    if (o->json) {
        json_t *j = classification_json(c);
        json_object_del(j, "verdicts"); // of a part of the machine they would mean nothing
        json_dumpf(j, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(j);
        return STATUS_HOLDS;
    }
    for (unsigned i = 0; i < c->rows_n; i++) {
        const struct row *r = &c->rows[i];
        struct line_column const at = source_line(r->instruction->where);
        printf("%s%s (%s:%u): %s\n", i ? "\n" : "", row_name(a, r),
               r->instruction->where.source->file, at.line, r->instruction->syntax);
        if (r->instruction->citation) printf("from %s\n", r->instruction->citation);
        putchar('\n');
        print_sentences(o, r);
        print_difference(r);
        print_letter(r);
    }
    return STATUS_HOLDS;
}

int command_explain(const struct options *o)
{
    struct arena a = {0};
    int status = STATUS_USAGE;
    if (!options_only(o, GIVEN_CONFIG | GIVEN_WORK | GIVEN_THREADS | GIVEN_JSON, 3,
                      "explain wants a description and the name of an instruction"))
        return STATUS_USAGE;
    struct description *m = options_description(o, &a, o->words[1]);
    if (m && !find_instruction(m, o->words[2]))
        fprintf(stderr, "isa-analyzer: error: machine %s has no instruction '%s'\n", m->name,
                o->words[2]);
    else if (m)
        status = explain(o, &a, m);
    arena_free(&a);
    return status;
}
