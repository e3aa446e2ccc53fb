// SPDX-License-Identifier: MIT
// Writes a certificate: the description's term, then a theorem for each instruction, and for the
// machine. proofs/Language/Verdicts.v has what the theorems say.
#include "isa-analyzer/certify/certify.h"
#include "isa-analyzer/classify/replay.h"
#include "isa-analyzer/emit/coq.h"
#include "isa-analyzer/emit/emit.h"

#include <string.h>

struct certificate {
    struct description *m;
    const struct claims *claims;
    FILE *out;
};

static const char *const hybrids[SENSES] = {"false", "true"};
static const char *const suffixes[SENSES] = {"", "_in_user_mode"};

// In a comment, where '"' begins a text and (* a comment.
static void put_comment(FILE *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '*' && (p[1] == ')' || (p > text && p[-1] == '(')))
            fputs(" * ", out);
        else
            fputc(*p == '"' ? '\'' : *p, out);
    }
}

// ---------------------------------------------------------------- witnesses

static void put_values(const struct certificate *c, const char *name, const struct snapshot *s)
{
    struct snapshot_value *v;
    const char *separator = "";
    fprintf(c->out, "  %s := [", name);
    LIST_EACH(v, s->values)
    {
        if (v->component->kind == COMPONENT_MEMORY || v->component->kind == COMPONENT_DEVICE)
            continue;
        fprintf(c->out, "%s(the_%s, %llu, ", separator, v->component->name,
                (unsigned long long)v->index);
        coq_number(c->out, v->value);
        fputc(')', c->out);
        separator = "; ";
    }
    fputs("];\n", c->out);
}

// Cells of the virtual machine, or those of the real one beside the partition.
static void put_cells(const struct certificate *c, const char *name, const struct witness *w,
                      bool beside)
{
    const struct snapshot *const s = &w->states[beside];
    uint64_t const first = w->partition, n = w->states[0].cells_n;
    struct snapshot_value *v;
    const char *separator = "";
    fprintf(c->out, "  %s := [", name);
    LIST_EACH(v, s->values)
    {
        if (v->component->kind != COMPONENT_MEMORY) continue;
        if (beside && v->index >= first && v->index - first < n) continue;
        fprintf(c->out, "%s(", separator);
        coq_number(c->out, v->index);
        fputs(", ", c->out);
        coq_number(c->out, v->value);
        fputc(')', c->out);
        separator = "; ";
    }
    fputs("];\n", c->out);
}

static void put_number(const struct certificate *c, const char *name, uint64_t value)
{
    fprintf(c->out, "%s := ", name);
    coq_number(c->out, value);
    fputs(";", c->out);
}

// What either machine writes is where a difference may be.
static void put_shown(const struct certificate *c, const struct witness *w)
{
    struct arena a = {0};
    const char *separator = "";
    fputs("  w_shown := [", c->out);
    for (unsigned k = 0; c->m->memory && k < 2; k++) {
        struct list outcomes = replay_outcomes(&a, c->m, w, k);
        const struct replayed *const first = outcomes.n ? outcomes.items[0] : NULL;
        uint64_t *at;
        if (first) LIST_EACH(at, first->written)
            {
                fputs(separator, c->out);
                coq_number(c->out, k ? *at : *at + w->partition);
                separator = "; ";
            }
        replay_free(&outcomes);
    }
    fputs("] |}.\n", c->out);
    arena_free(&a);
}

static void put_witness(const struct certificate *c, const char *name, const struct witness *w)
{
    fprintf(c->out, "Definition witness_%s : witness := {|\n  ", name);
    put_number(c, "w_memory", w->states[1].cells_n);
    put_number(c, " w_partition", w->partition);
    put_number(c, " w_room", w->states[0].cells_n);
    put_number(c, " w_word", w->word);
    fputc('\n', c->out);
    put_values(c, "w_real", &w->states[1]);
    put_values(c, "w_virtual", &w->states[0]);
    put_cells(c, "w_cells", w, false);
    put_cells(c, "w_beside", w, true);
    put_shown(c, w);
}

// ---------------------------------------------------------------- instructions

static void put_wrong(const struct certificate *c, const struct instruction_claim *x, enum sense s)
{
    const char *const name = x->instruction->name;
    fprintf(c->out, "\n(* %s: ", name);
    put_comment(c->out, x->witness->difference ? x->witness->difference : "");
    fputs(" *)\n", c->out);
    put_witness(c, name, x->witness);
    fprintf(c->out,
            "Theorem verdict_%s : goes_wrong certified_machine %s insn_%s.\n"
            "Proof. refute witness_%s. Qed.\n",
            name, hybrids[s], name, name);
}

static void put_runs(const struct certificate *c, const char *prefix,
                     const struct instruction_claim *x, enum sense s)
{
    const char *const name = x->instruction->name;
    fprintf(c->out, "Theorem %s_%s : runs certified_machine %s insn_%s.\nProof. accept. Qed.\n",
            prefix, name, hybrids[s], name);
}

static void put_undecided(const struct certificate *c, const struct instruction_claim *x,
                          const char *sense)
{
    fprintf(c->out, "\n(* %s: undecided%s: ", x->instruction->name, sense);
    put_comment(c->out, x->reason);
    fputs(". *)\n", c->out);
}

static void put_instruction(const struct certificate *c, unsigned k)
{
    const struct instruction_claim *const x = c->claims->of[ALL_STATES].items[k];
    const struct instruction_claim *const user = c->claims->of[USER_STATES].items[k];
    if (x->claim == CLAIM_RUNS) {
        put_runs(c, "verdict", x, ALL_STATES);
        return;
    }
    if (user->claim == CLAIM_WRONG) {
        put_wrong(c, user, USER_STATES);
        return;
    }
    if (x->claim == CLAIM_WRONG)
        put_wrong(c, x, ALL_STATES);
    else
        put_undecided(c, x, "");
    if (user->claim == CLAIM_RUNS)
        put_runs(c, "in_user_mode", user, USER_STATES);
    else
        put_undecided(c, user, " in user mode");
}

// ---------------------------------------------------------------- the lists

// What goes wrong in a sense, and that it does: from the theorems of the instructions.
static void put_wrong_list(const struct certificate *c, enum sense s)
{
    struct instruction_claim *x;
    const char *separator = "";
    fprintf(c->out, "\nDefinition wrong%s : list instruction := [", suffixes[s]);
    LIST_EACH(x, c->claims->of[s])
    {
        if (x->claim != CLAIM_WRONG) continue;
        fprintf(c->out, "%s\n  insn_%s", separator, x->instruction->name);
        separator = ";";
    }
    fprintf(c->out,
            "].\nTheorem all_wrong%s : Forall (goes_wrong certified_machine %s) wrong%s.\n"
            "Proof.\n  repeat constructor",
            suffixes[s], hybrids[s], suffixes[s]);
    separator = "; [";
    LIST_EACH(x, c->claims->of[s])
    {
        const struct instruction_claim *const user = c->claims->of[USER_STATES].items[x_i];
        bool const weaker = s == ALL_STATES && user->claim == CLAIM_WRONG;
        if (x->claim != CLAIM_WRONG) continue;
        fprintf(c->out, "%s\n    exact %sverdict_%s%s", separator,
                weaker ? "(goes_wrong_always _ _ " : "", x->instruction->name, weaker ? ")" : "");
        separator = " |";
    }
    fprintf(c->out, "%s.\nQed.\n", *separator == ';' ? "" : " ]");
}

// The theorem makes it impossible to leave one out.
static void put_undecided_list(const struct certificate *c, enum sense s)
{
    struct instruction_claim *x;
    const char *separator = "";
    fprintf(c->out, "\nDefinition undecided%s : list string := [", suffixes[s]);
    LIST_EACH(x, c->claims->of[s])
    {
        if (x->claim != CLAIM_UNDECIDED) continue;
        fprintf(c->out, "%s\n  \"%s\"%%string", separator, x->instruction->name);
        separator = ";";
    }
    fprintf(c->out,
            "].\nTheorem no_other_undecided%s :\n"
            "  undecided%s = undecided_but certified_machine %s wrong%s.\n"
            "Proof. by_computing. Qed.\n",
            suffixes[s], suffixes[s], hybrids[s], suffixes[s]);
}

// ---------------------------------------------------------------- the machine

static void put_machine(const struct certificate *c, enum sense s)
{
    const struct claims *const all = c->claims;
    const char *const hybrid = hybrids[s], *const suffix = suffixes[s];
    struct instruction_claim *x;
    if (all->number[s][CLAIM_RUNS] == all->of[s].n && all->accepted->sound_frame) {
        fprintf(c->out,
                "\nTheorem machine%s : runs_all certified_machine %s.\n"
                "Proof. apply certified_runs; by_computing. Qed.\n",
                suffix, hybrid);
        if (all->accepted->steady[s])
            fprintf(c->out,
                    "\nTheorem machine_steps%s : steps_alike certified_machine %s.\n"
                    "Proof. apply certified_steps; by_computing. Qed.\n",
                    suffix, hybrid);
        return;
    }
    LIST_EACH(x, all->of[s])
    {
        const struct instruction_claim *const user = all->of[USER_STATES].items[x_i];
        bool const weaker = s == ALL_STATES && user->claim == CLAIM_WRONG;
        if (x->claim != CLAIM_WRONG) continue;
        fprintf(c->out,
                "\nTheorem machine_fails%s : ~ runs_all certified_machine %s.\n"
                "Proof. exact (wrong_fails _ _ _ %sverdict_%s%s). Qed.\n",
                suffix, hybrid, weaker ? "(goes_wrong_always _ _ " : "", x->instruction->name,
                weaker ? ")" : "");
        return;
    }
}

bool certificate_write(struct description *m, const struct claims *claims, struct diagnostics *d,
                       FILE *out)
{
    struct certificate const c = {.m = m, .claims = claims, .out = out};
    struct config *f;
    const char *file = strrchr(m->source->file, '/');
    fprintf(
        out,
        "(* Generated by isa-analyzer certify from %s. Do not edit. Compiling this proves what\n"
        "   it says: what `runs` and `goes_wrong` mean is in proofs/Language/Verdicts.v. The\n"
        "   machine:",
        file ? file + 1 : m->source->file);
    LIST_EACH(f, m->configs) fprintf(out, " %s = %llu", f->name, (unsigned long long)f->value);
    fputs(" *)\n\n", out);
    if (!emit_coq(m, d, out)) return false;
    fprintf(out,
            "\nDefinition certified_machine : description := %s.\n\n"
            "From Trapeze.Language Require Import Verdicts.\n\n"
            "(* ------------------------------------------------------- instructions *)\n\n",
            coq_name(m->arena, m->name));
    for (unsigned k = 0; k < m->instructions.n; k++) put_instruction(&c, k);
    fputs("\n(* ------------------------------------------------------- the machine *)\n", out);
    for (int s = 0; s < SENSES; s++) {
        put_wrong_list(&c, (enum sense)s);
        put_undecided_list(&c, (enum sense)s);
        put_machine(&c, (enum sense)s);
    }
    return true;
}
