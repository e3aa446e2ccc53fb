// SPDX-License-Identifier: MIT
// Looking for the smallest changes. An instruction's verdict does not depend on the others, so with
// the parameters set, the instructions to be changed are those in the way; what is searched are the
// settings of parameters.
#include "isa-analyzer/classify/repair.h"

#include <stdlib.h>
#include <string.h>

#include "isa-analyzer/language/printer.h"

enum { PARAMETERS_MAX = 6, PARAMETER_WIDTH_MAX = 2 };

struct search {
    struct arena *arena;
    const char *file;
    const char *const *settings;
    unsigned settings_n;
    enum theorem theorem;
    const struct classify_options *options;
    struct repairs *found;
    unsigned least; // changes in those found
};

// ---------------------------------------------------------------- text

// The first "require supervisor else trap ..." of an instruction whose information is the word or
// nothing: how this machine's privileged instructions trap.
static const struct statement *usual_trap(const struct description *m)
{
    struct instruction *i;
    LIST_EACH(i, m->instructions)
    {
        const struct statement *s = i->routine.body.n ? i->routine.body.items[0] : NULL;
        if (!s || s->kind != STATEMENT_REQUIRE || s->value->kind != EXPR_CLASS ||
            s->value->number != 1)
            continue;
        const struct statement *trap = s->body.items[0];
        if (trap->value == NULL || trap->value->kind == EXPR_WORD) return trap;
    }
    return NULL;
}

// Any trap that an instruction may raise, if there is no such instruction.
static const struct trap_cause *some_trap(const struct description *m)
{
    struct trap_cause *c;
    struct interrupt *i;
    LIST_EACH(c, m->traps)
    {
        bool interrupts = c->is_memory;
        LIST_EACH(i, m->interrupts) interrupts |= i->cause == c;
        if (!interrupts) return c;
    }
    return NULL;
}

static bool print_trap(const struct description *m, FILE *out)
{
    const struct statement *usual = usual_trap(m);
    if (usual) {
        print_statement_line(usual, out);
        return true;
    }
    const struct trap_cause *c = some_trap(m);
    if (!c) return false;
    fprintf(out, c->parameter ? "trap %s(0)" : "trap %s", c->name);
    return true;
}

static void print_constraints(const struct instruction *i, FILE *out)
{
    static const char *const signs[] = {
        [CONSTRAINT_EQUAL] = "=", [CONSTRAINT_DIFFER] = "!=", [CONSTRAINT_ANY] = "= _"};
    struct constraint *c;
    LIST_EACH(c, i->constraints)
    {
        fprintf(out, "%s%s %s", c_i ? ", " : "", c->name, signs[c->kind]);
        if (c->kind == CONSTRAINT_ANY) continue;
        fputc(' ', out);
        print_expression(c->value, out);
    }
}

static void print_replacement(const struct description *m, const struct instruction *i,
                              const char *condition, FILE *out)
{
    fprintf(out, "\nreplace instruction %s \"%s\" : %s(", i->name, i->syntax, i->format_name);
    print_constraints(i, out);
    fputs(")\n", out);
    if (i->guard) {
        fputs("  where ", out);
        print_expression(i->guard, out);
        fputc('\n', out);
    }
    if (i->citation) fprintf(out, "  from \"%s\"\n", i->citation);
    fprintf(out,
            condition ? "  require supervisor or not (%s) else " : "  require supervisor else ",
            condition);
    print_trap(m, out);
    fputc('\n', out);
    print_body(&i->routine.body, 1, out);
}

static const char *extension(struct search *s, const struct description *m, struct repair *r)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct repair_change *x;
    if (!out) return NULL;
    fprintf(out, "# %s, changed so that the condition of %s holds.\n", m->name,
            theorem_names[s->theorem]);
    LIST_EACH(x, r->changes)
    if (x->config)
        fprintf(out, "# It needs --config %s=%llu.\n", x->config->name,
                (unsigned long long)x->value);
    fprintf(out, "machine %s \"%s, repaired\" extends %s\n", r->name, m->title, m->name);
    LIST_EACH(x, r->changes)
    if (!x->config) print_replacement(m, find_instruction(m, x->instruction), x->condition, out);
    fclose(out);
    const char *kept = arena_text(s->arena, text, length);
    free(text);
    return kept;
}

// ---------------------------------------------------------------- which operands

// What holds of a row's selector: "csr = sstatus", or of no value that has a name.
static const char *row_condition(struct arena *a, const struct row *r)
{
    const char *field = r->selector->name, *text = NULL;
    struct selector_value *v;
    if (r->selects) return arena_format(a, "%s = %s", field, r->selects->name);
    LIST_EACH(v, r->selector->selector->values)
    text = text ? arena_format(a, "%s and %s != %s", text, field, v->name)
                : arena_format(a, "%s != %s", field, v->name);
    return text;
}

// Adds the change of an instruction: for all operands, or for the selector's values that stand in
// the way, where others do not.
static void add_trap(struct search *s, struct repair *r, const struct classification *c,
                     const struct instruction *i, const struct list *because)
{
    const char *condition = NULL;
    unsigned rows = 0, bad = 0;
    struct row *x;
    for (unsigned k = 0; k < c->rows_n; k++) rows += c->rows[k].instruction == i;
    LIST_EACH(x, *because)
    {
        if (x->instruction != i) continue;
        bad++;
        if (!x->selector) continue;
        const char *one = row_condition(s->arena, x);
        condition = condition ? arena_format(s->arena, "%s or %s", condition, one) : one;
    }
    struct repair_change *change = ARENA_NEW(s->arena, struct repair_change);
    *change =
        (struct repair_change){.instruction = i->name, .condition = bad < rows ? condition : NULL};
    list_add(s->arena, &r->changes, change);
}

static bool listed(const struct list *names, const char *name)
{
    const char *x;
    LIST_EACH(x, *names) if (strcmp(x, name) == 0) return true;
    return false;
}

// ---------------------------------------------------------------- trying

// The description was read before without a mistake; what is said of it now is for nobody.
static struct description *read_again(struct search *s)
{
    FILE *nobody = fopen("/dev/null", "w");
    struct diagnostics d = {.out = nobody ? nobody : stderr};
    struct description *m = description_read(s->arena, &d, s->file);
    if (nobody) fclose(nobody);
    return m;
}

// The machine with its settings and those of the changes. Null: it cannot be read.
static struct description *configured(struct search *s, const struct repair *r,
                                      struct description *m)
{
    struct diagnostics d = {.out = stderr};
    struct repair_change *x;
    for (unsigned k = 0; m && k < s->settings_n; k++)
        if (!description_configure(m, &d, s->settings[k])) return NULL;
    LIST_EACH(x, r->changes)
    if (m && x->config &&
        !description_configure(
            m, &d,
            arena_format(s->arena, "%s=%llu", x->config->name, (unsigned long long)x->value)))
        return NULL;
    return m;
}

static struct classification *reclassified(struct search *s, struct repair *r,
                                           const struct description *m)
{
    char *errors = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&errors, &length);
    struct diagnostics d = {.out = memory ? memory : stderr};
    const char *slash = strrchr(s->file, '/');
    int const folder = slash ? (int)(slash - s->file) + 1 : 0;
    const char *path = arena_format(s->arena, "%.*s%s.isa", folder, s->file, r->name);
    r->text = extension(s, m, r);
    struct description *changed =
        r->text ? description_of_text(s->arena, &d, path, r->text, strlen(r->text)) : NULL;
    if (memory) fclose(memory);
    changed = configured(s, r, changed);
    if (!changed)
        s->found->fault =
            arena_format(s->arena, "%s cannot be read back:\n%s", r->name, errors ? errors : "");
    free(errors);
    return !changed ? NULL : classify(s->arena, changed, s->options);
}

static void keep(struct search *s, struct repair *r)
{
    if (s->found->repairs.n && r->changes.n > s->least) return;
    if (s->found->repairs.n && r->changes.n < s->least) s->found->repairs = (struct list){0};
    s->least = r->changes.n;
    s->found->possible = ANSWER_YES;
    list_add(s->arena, &s->found->repairs, r);
}

// One setting of the parameters: what then stands in the way is made to trap.
static void try(struct search *s, struct repair *r)
{
    struct description *m = configured(s, r, read_again(s));
    if (!m) return;
    struct classification *c = classify(s->arena, m, s->options);
    const struct theorem_verdict *v = &c->theorems[s->theorem];
    struct list done = {0};
    struct row *x;
    if (v->holds == ANSWER_YES) {
        if (r->changes.n)
            keep(s, r);
        else
            s->found->holds = true;
        return;
    }
    if (v->holds == ANSWER_UNKNOWN) {
        if (s->found->possible == ANSWER_NO) s->found->possible = ANSWER_UNKNOWN;
        return;
    }
    LIST_EACH(x, v->because)
    {
        if (listed(&done, x->instruction->name)) continue;
        list_add(s->arena, &done, (void *)x->instruction->name);
        add_trap(s, r, c, x->instruction, &v->because);
    }
    if (s->found->repairs.n && r->changes.n > s->least) return;
    r->name = arena_format(s->arena, "%s-repaired", m->name);
    c = reclassified(s, r, m);
    if (!c) return;
    if (c->theorems[s->theorem].holds == ANSWER_YES) {
        keep(s, r);
        return;
    }
    LIST_EACH(x, c->theorems[s->theorem].because)
    if (!listed(&s->found->stubborn, x->instruction->name))
        list_add(s->arena, &s->found->stubborn, (void *)x->instruction->name);
}

// ---------------------------------------------------------------- the parameters

static bool is_set(const struct search *s, const char *name)
{
    size_t const length = strlen(name);
    for (unsigned k = 0; k < s->settings_n; k++)
        if (strncmp(s->settings[k], name, length) == 0 && s->settings[k][length] == '=')
            return true;
    return false;
}

// Which may be set another way: switches, but for those that the user has set.
static struct list free_parameters(struct search *s, const struct description *m)
{
    struct list parameters = {0};
    struct config *c;
    LIST_EACH(c, m->configs)
    if (c->width <= PARAMETER_WIDTH_MAX && (!m->memory || c != m->memory->size) &&
        !is_set(s, c->name) && parameters.n < PARAMETERS_MAX)
        list_add(s->arena, &parameters, c);
    return parameters;
}

static void try_all(struct search *s, const struct list *parameters)
{
    uint64_t combinations = 1;
    struct config *c;
    LIST_EACH(c, *parameters) combinations <<= c->width;
    for (uint64_t k = 0; k < combinations && !s->found->fault; k++) {
        struct repair *r = ARENA_NEW(s->arena, struct repair);
        uint64_t rest = k;
        *r = (struct repair){0};
        LIST_EACH(c, *parameters)
        {
            uint64_t const other = rest & ((UINT64_C(1) << c->width) - 1);
            rest >>= c->width;
            if (other == 0) continue; // 0 stands for the value that it has
            struct repair_change *x = ARENA_NEW(s->arena, struct repair_change);
            *x = (struct repair_change){.config = c, .value = (uint64_t)c->value ^ other};
            list_add(s->arena, &r->changes, x);
        }
        if (!s->found->repairs.n || r->changes.n <= s->least) try(s, r);
        if (s->found->holds) return;
    }
}

struct repairs *repair(struct arena *a, const char *file, const char *const *settings, unsigned n,
                       enum theorem t, const struct classify_options *o)
{
    struct search s = {.arena = a,
                       .file = file,
                       .settings = settings,
                       .settings_n = n,
                       .theorem = t,
                       .options = o,
                       .found = ARENA_NEW(a, struct repairs)};
    *s.found = (struct repairs){.possible = ANSWER_NO};
    struct repair none = {0};
    struct description *m = configured(&s, &none, read_again(&s));
    if (!m) return s.found;
    struct list const parameters = free_parameters(&s, m);
    try_all(&s, &parameters);
    return s.found;
}
