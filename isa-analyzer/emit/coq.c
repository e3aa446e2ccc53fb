// SPDX-License-Identifier: MIT
// `emit coq`: a description as a term of proofs/Language/Syntax.v, which the proofs are about.
#include "isa-analyzer/emit/coq.h"
#include "isa-analyzer/emit/emit.h"
#include "isa-analyzer/language/printer.h"

#include <string.h>

struct coq {
    struct description *m;
    struct diagnostics *d;
    FILE *out;
    struct list sizes;
};

static struct coq_body body_of(struct coq *c, const struct routine *r)
{
    struct coq_body b = {.m = c->m, .d = c->d, .out = c->out, .sizes = &c->sizes};
    if (r) coq_begin(&b, r);
    return b;
}

// ---------------------------------------------------------------- state

const char *coq_name(struct arena *a, const char *machine)
{
    char *name = arena_text(a, machine, strlen(machine));
    for (char *p = name; *p; p++) {
        if (*p == '-' || *p == '.') *p = '_';
    }
    return name;
}

static void write_component(struct coq *c, const struct component *x)
{
    static const char *const kinds[COMPONENT_KINDS] = {
        [COMPONENT_GENERAL] = "General", [COMPONENT_COUNTER] = "Counter",
        [COMPONENT_MODE] = "Mode",       [COMPONENT_RESOURCE] = "Resource",
        [COMPONENT_MEMORY] = "Memory",   [COMPONENT_DEVICE] = "Device",
        [COMPONENT_SIGNAL] = "Signal",
    };
    static const char *const roles[] = {[ROLE_NONE] = "Plain",
                                        [ROLE_BASE] = "Base",
                                        [ROLE_BOUND] = "Bound",
                                        [ROLE_LOCATION] = "Location"};
    struct fixed_element *f;
    struct mode_value *v;
    fprintf(c->out,
            "  {| c_name := \"%s\"; c_kind := %s; c_role := %s; c_width := %u; c_count := %llu;\n"
            "     c_fixed := [",
            x->name, kinds[x->kind], roles[x->role], x->width, (unsigned long long)x->count);
    LIST_EACH(f, x->fixed)
    {
        fprintf(c->out, "%s(%llu, ", f_i ? "; " : "", (unsigned long long)f->index);
        coq_number(c->out, f->value);
        fputc(')', c->out);
    }
    fputs("]; c_modes := [", c->out);
    LIST_EACH(v, x->modes)
    fprintf(c->out, "%s(%llu, %s)", v_i ? "; " : "", (unsigned long long)v->value,
            v->supervisor ? "true" : "false");
    fprintf(c->out, "]; c_big := %s |}", x->big_endian ? "true" : "false");
}

static void write_state(struct coq *c)
{
    struct component *x;
    struct config *f;
    struct trap_cause *t;
    LIST_EACH(x, c->m->components)
    fprintf(c->out, "Definition the_%s : nat := %u%%nat.\n", x->name, x->ordinal);
    fputc('\n', c->out);
    LIST_EACH(t, c->m->traps)
    fprintf(c->out, "Definition trap_%s : nat := %u%%nat.\n", t->name, t_i);
    fputc('\n', c->out);
    LIST_EACH(f, c->m->configs)
    {
        fprintf(c->out, "Definition config_%s : expr := ", f->name);
        if (c->m->memory && c->m->memory->size == f) {
            fputs("Size.\n", c->out);
            continue;
        }
        fputs("Number ", c->out);
        coq_number(c->out, f->value);
        fputs(".\n", c->out);
    }
    fputs("\nDefinition components : list component := [\n", c->out);
    LIST_EACH(x, c->m->components)
    {
        if (x_i) fputs(";\n", c->out);
        write_component(c, x);
    }
    fputs("].\n\nDefinition traps : list trap := [\n", c->out);
    LIST_EACH(t, c->m->traps)
    {
        fprintf(c->out, "%s  {| t_name := \"%s\"; t_code := ", t_i ? ";\n" : "", t->name);
        coq_number(c->out, t->code);
        fprintf(c->out, "; t_memory := %s |}", t->is_memory ? "true" : "false");
    }
    fputs("].\n\n", c->out);
}

// ---------------------------------------------------------------- routines

static void write_translations(struct coq *c)
{
    struct translation *t;
    LIST_EACH(t, c->m->translations)
    {
        struct coq_body b = body_of(c, &t->routine);
        fprintf(c->out,
                "(* %s[a +: n] in %s: the address is in slot 0, the number of cells in 1. *)\n"
                "Definition by_%s : nat := %u%%nat.\nDefinition translate_%s : expr :=\n    ",
                t->name, t->memory->name, t->name, t_i, t->name);
        coq_value(&b, &t->routine.body, t->routine.result);
        fputs(".\n\n", c->out);
    }
    fputs("Definition translations : list translation := [", c->out);
    LIST_EACH(t, c->m->translations)
    {
        const struct parameter *address = t->routine.parameters.items[0];
        fprintf(c->out, "%s\n  {| v_name := \"%s\"; v_width := %u; v_body := translate_%s |}",
                t_i ? ";" : "", t->name, address->width, t->name);
    }
    fputs("].\n\n", c->out);
}

// The head of a function or procedure, whose parameters become arguments of the Coq function, and
// whose slots are counted from its argument k on.
static struct coq_body begin_parametric(struct coq *c, const char *prefix, const char *name,
                                        const struct routine *r)
{
    struct parameter *p;
    fprintf(c->out, "Definition %s_%s (k : nat)", prefix, name);
    LIST_EACH(p, r->parameters) fprintf(c->out, " (arg_%s : expr)", p->name);
    struct coq_body b = {
        .m = c->m, .d = c->d, .out = c->out, .sizes = &c->sizes, .parametric = true};
    coq_begin(&b, r);
    return b;
}

static void end_parametric(struct coq *c, const struct coq_body *b, const struct routine *r)
{
    struct coq_size *x = ARENA_NEW(c->m->arena, struct coq_size);
    *x = (struct coq_size){r, b->next};
    list_add(c->m->arena, &c->sizes, x);
    fputs(".\n\n", c->out);
}

static void write_functions(struct coq *c)
{
    struct function *f;
    struct procedure *p;
    struct parameter *x;
    LIST_EACH(f, c->m->functions)
    {
        struct coq_body b = begin_parametric(c, "fun", f->name, &f->routine);
        fputs(" : expr :=\n  ", c->out);
        LIST_EACH(x, f->routine.parameters)
        fprintf(c->out, "(LetIn %s arg_%s ", b.slots[x_i], x->name);
        coq_expression(&b, f->routine.result);
        for (unsigned k = 0; k < f->routine.parameters.n; k++) fputc(')', c->out);
        end_parametric(c, &b, &f->routine);
    }
    LIST_EACH(p, c->m->procedures)
    {
        struct coq_body b = begin_parametric(c, "do", p->name, &p->routine);
        fputs(" : statement :=\n  ", c->out);
        LIST_EACH(x, p->routine.parameters)
        fprintf(c->out, "Seq (Define %s arg_%s) (", b.slots[x_i], x->name);
        coq_statement(&b, &p->routine.body, 1);
        for (unsigned k = 0; k < p->routine.parameters.n; k++) fputc(')', c->out);
        end_parametric(c, &b, &p->routine);
    }
}

// ---------------------------------------------------------------- instructions

static void write_format(struct coq *c, const struct format *f)
{
    struct field *x;
    struct operand *o;
    fprintf(c->out, "(* format %s, %u bits *)\n", f->name, f->width);
    LIST_EACH(x, f->fields)
    fprintf(c->out, "Definition of_%s_%s : expr := Field %u %u.\n", f->name, x->name, x->low,
            x->width);
    LIST_EACH(o, f->operands)
    {
        struct coq_body b = body_of(c, NULL);
        b.format = f;
        b.encoding = true;
        fprintf(c->out, "Definition of_%s_%s : expr := ", f->name, o->name);
        coq_expression(&b, o->value);
        fputs(".\n", c->out);
    }
    fputc('\n', c->out);
}

// What must hold of the word beside mask and match.
static void write_guard(struct coq *c, const struct instruction *i)
{
    struct coq_body b = body_of(c, NULL);
    struct constraint *x;
    unsigned open = 0;
    b.format = i->format;
    b.encoding = true;
    LIST_EACH(x, i->constraints)
    {
        if (x->kind != CONSTRAINT_DIFFER) continue;
        fprintf(c->out, "(And (Binary Unequal %u of_%s_%s (Number ", x->field->width,
                i->format->name, x->field->name);
        coq_number(c->out, x->value->number);
        fputs(")) ", c->out);
        open++;
    }
    if (i->guard)
        coq_expression(&b, i->guard);
    else
        fputs("(Number 1)", c->out);
    while (open--) fputc(')', c->out);
}

static void write_instruction(struct coq *c, const struct instruction *i)
{
    const char *file = strrchr(i->where.source->file, '/');
    struct coq_body b = body_of(c, &i->routine);
    b.format = i->format;
    fprintf(c->out, "(* %s:%u: %s\n", file ? file + 1 : i->where.source->file,
            source_line(i->where).line, i->name);
    print_body(&i->routine.body, 2, c->out);
    fprintf(c->out,
            "*)\nDefinition insn_%s : instruction := {|\n  i_name := \"%s\"; i_width := %u;\n"
            "  i_mask := 0x%llx; i_match := 0x%llx; i_guard := ",
            i->name, i->name, i->format->width, (unsigned long long)i->mask,
            (unsigned long long)i->match);
    write_guard(c, i);
    fputs(";\n  i_body := ", c->out);
    coq_statement(&b, &i->routine.body, 1);
    fputs(" |}.\n\n", c->out);
}

// ---------------------------------------------------------------- sections

static void write_section(struct coq *c, enum section_kind kind, const char *absent)
{
    const struct section *s = &c->m->sections[kind];
    fprintf(c->out, "Definition %s : statement :=\n  ", section_names[kind]);
    if (s->present) {
        struct coq_body b = body_of(c, &s->routine);
        coq_statement(&b, &s->routine.body, 1);
    } else {
        fputs(absent, c->out);
    }
    fputs(".\n\n", c->out);
}

static void write_sections(struct coq *c)
{
    const struct section *const s = c->m->sections;
    struct interrupt *n;
    fputs("Definition fetch : option expr :=\n  ", c->out);
    if (s[SECTION_FETCH].present) {
        struct coq_body b = body_of(c, &s[SECTION_FETCH].routine);
        fputs("Some ", c->out);
        coq_value(&b, &s[SECTION_FETCH].routine.body, s[SECTION_FETCH].routine.result);
    } else {
        fputs("None", c->out);
    }
    fputs(".\n\n", c->out);
    write_section(c, SECTION_UNDEFINED, "CheckStop");
    write_section(c, SECTION_DELIVER, "CheckStop");
    write_section(c, SECTION_TICK, "Skip");
    write_section(c, SECTION_RESET,
                  arena_format(c->m->arena, "Assign (Whole the_%s %u) (Slot 0)",
                               c->m->counter->name, c->m->counter->width));
    fputs("Definition wake : expr :=\n  ", c->out);
    struct coq_body b = body_of(c, &s[SECTION_WAKE].routine);
    if (s[SECTION_WAKE].present)
        coq_expression(&b, s[SECTION_WAKE].routine.result);
    else
        fputs("Number 1", c->out);
    fputs(".\n\nDefinition interrupts : list interrupt := [", c->out);
    LIST_EACH(n, c->m->interrupts)
    {
        b = body_of(c, &n->routine);
        fprintf(c->out, "%s\n  {| n_trap := trap_%s; n_condition := ", n_i ? ";" : "",
                n->cause->name);
        coq_expression(&b, n->condition);
        fputs(";\n     n_body := ", c->out);
        coq_statement(&b, &n->routine.body, 2);
        fputs(" |}", c->out);
    }
    fputs("].\n\n", c->out);
}

// The clause `map`, of scalars: what the real machine holds while virtual machines run.
static void write_fixed(struct coq *c)
{
    struct component *x;
    const char *separator = "";
    fputs("Definition fixed : list (nat * N) := [", c->out);
    LIST_EACH(x, c->m->components)
    {
        bool const mode = x == c->m->mode && c->m->real_mode;
        if (x->array || !(mode || (x->kind == COMPONENT_RESOURCE && x->map == MAP_FIX))) continue;
        fprintf(c->out, "%s(the_%s, ", separator, x->name);
        coq_number(c->out, mode ? c->m->real_mode->value : x->map_value);
        fputc(')', c->out);
        separator = "; ";
    }
    fputs("].\n\n", c->out);
}

static unsigned parameter_width(const struct section *s, unsigned k)
{
    if (!s->present) return 0;
    return ((const struct parameter *)s->routine.parameters.items[k])->width;
}

static void write_description(struct coq *c)
{
    const struct description *m = c->m;
    struct instruction *i;
    fputs("Definition instructions : list instruction := [", c->out);
    LIST_EACH(i, m->instructions) fprintf(c->out, "%s\n  insn_%s", i_i ? ";" : "", i->name);
    fprintf(c->out,
            "].\n\nDefinition %s : description := {|\n  d_name := \"%s\"; d_components := "
            "components;\n  d_counter := the_%s; d_mode := ",
            coq_name(m->arena, m->name), m->name, m->counter->name);
    if (m->mode)
        fprintf(c->out, "Some the_%s", m->mode->name);
    else
        fputs("None", c->out);
    if (m->memory)
        fprintf(c->out, "; d_memory := the_%s;\n", m->memory->name);
    else
        fprintf(c->out, "; d_memory := %u; (* there is none *)\n", m->components.n);
    fprintf(c->out,
            "  d_traps := traps; d_translations := translations;\n"
            "  d_unit := %u; d_fetch := fetch; d_undefined := undefined;\n"
            "  d_cause_width := %u; d_information_width := %u; d_deliver := deliver;\n"
            "  d_tick := tick; d_interrupts := interrupts; d_wake := wake; d_reset := reset;\n"
            "  d_fixed := fixed; d_instructions := instructions |}.\n",
            m->unit_width, parameter_width(&m->sections[SECTION_DELIVER], 0),
            parameter_width(&m->sections[SECTION_DELIVER], 1));
}

bool emit_coq(struct description *m, struct diagnostics *d, FILE *out)
{
    struct coq c = {.m = m, .d = d, .out = out};
    struct instruction *i;
    struct format *f;
    const char *file = strrchr(m->source->file, '/');
    fprintf(out,
            "(* Generated by isa-analyzer emit coq from %s. Do not edit. *)\n"
            "From Trapeze.Language Require Import Syntax.\nLocal Open Scope N_scope.\n\n",
            file ? file + 1 : m->source->file);
    write_state(&c);
    write_translations(&c);
    write_functions(&c);
    write_sections(&c);
    write_fixed(&c);
    LIST_EACH(f, m->formats) write_format(&c, f);
    LIST_EACH(i, m->instructions) write_instruction(&c, i);
    write_description(&c);
    return d->errors == 0;
}
