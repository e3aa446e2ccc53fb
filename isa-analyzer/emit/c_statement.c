// SPDX-License-Identifier: MIT
// `emit c`: statements. Each goes into the computing part, the committing part, or both.
#include "isa-analyzer/emit/c.h"

#include <stdlib.h>
#include <string.h>

void c_frame(struct c_body *b, const struct routine *r, const char *const *arguments)
{
    const char **slots = arena_alloc(b->arena, (r->slots + 1) * sizeof *slots);
    struct local *l;
    LIST_EACH(l, r->locals)
    {
        if (l->slot < r->parameters.n)
            slots[l->slot] = arguments[l->slot];
        else
            slots[l->slot] = arena_format(b->arena, "v%u_%s", b->temporaries++, l->name);
    }
    b->slots = slots;
    b->wide = arena_alloc(b->arena, (r->slots + 1) * sizeof *b->wide);
    b->wide_address = arena_alloc(b->arena, (r->slots + 1) * sizeof *b->wide_address);
}

static void block(struct c_body *b, const struct list *body)
{
    b->compute_depth++;
    b->commit_depth++;
    c_statements(b, body);
    b->compute_depth--;
    b->commit_depth--;
}

// A condition that both parts test, so it has a name that outlives its block.
static const char *named_condition(struct c_body *b, const char *value)
{
    const char *name = arena_format(b->arena, "c%u", b->temporaries++);
    c_compute(b, "%s = %s;", name, value);
    return name;
}

// Whether anything in the body goes into the committing part.
static bool commits(const struct list *body)
{
    struct statement *s;
    struct case_arm *arm;
    LIST_EACH(s, *body)
    {
        if (s->kind == STATEMENT_ASSIGN || s->kind == STATEMENT_CALL) return true;
        if (commits(&s->body) || commits(&s->other)) return true;
        LIST_EACH(arm, s->arms) if (commits(&arm->body)) return true;
    }
    return false;
}

static void write_if(struct c_body *b, const struct statement *s)
{
    if (!commits(&s->body) && !commits(&s->other)) {
        c_compute(b, "if (%s) {", c_expression(b, s->value));
        block(b, &s->body);
        if (s->has_other) {
            c_compute(b, "} else {");
            block(b, &s->other);
        }
        c_compute(b, "}");
        return;
    }
    const char *c = named_condition(b, c_expression(b, s->value));
    c_compute(b, "if (%s) {", c);
    c_commit(b, "if (%s) {", c);
    block(b, &s->body);
    if (s->has_other) {
        c_compute(b, "} else {");
        c_commit(b, "} else {");
        block(b, &s->other);
    }
    c_compute(b, "}");
    c_commit(b, "}");
}

static void write_case(struct c_body *b, const struct statement *s)
{
    const char *value = c_temporary(b, s->value->width, c_expression(b, s->value));
    struct case_arm *arm;
    struct expr *label;
    unsigned open = 0;
    LIST_EACH(arm, s->arms)
    {
        const char *any = arm->otherwise ? "1" : NULL;
        LIST_EACH(label, arm->labels)
        {
            const char *one = arena_format(b->arena, "%s == %s", value,
                                           c_constant(b->arena, label->number, label->width));
            any = any ? arena_format(b->arena, "%s || %s", any, one) : one;
        }
        const char *c = named_condition(b, any);
        c_compute(b, "if (%s) {", c);
        c_commit(b, "if (%s) {", c);
        block(b, &arm->body);
        c_compute(b, "} else {");
        c_commit(b, "} else {");
        b->compute_depth++;
        b->commit_depth++;
        open++;
    }
    while (open--) {
        b->compute_depth--;
        b->commit_depth--;
        c_compute(b, "}");
        c_commit(b, "}");
    }
}

// ---------------------------------------------------------------- assignments

// The value of e for the committing part: a variable that carries it there, unless nothing can
// change it in between.
static const char *carried(struct c_body *b, unsigned width, const struct expr *e)
{
    if (e->kind == EXPR_NUMBER || e->kind == EXPR_FIELD || e->kind == EXPR_OPERAND)
        return c_expression(b, e);
    const char *value = c_expression(b, e);
    const char *name = arena_format(
        b->arena, "w%u_%u", width <= 32 ? 32u : width <= 64 ? 64u : 128u, b->temporaries++);
    c_compute(b, "%s = %s;", name, value);
    return name;
}

// Stores concatenated values one by one, where each fills whole cells, so that nothing needs a
// variable of more than 64 bits.
static bool store_parts(struct c_body *b, const struct expr *target, const struct expr *value,
                        const char *at, unsigned low)
{
    unsigned const cell = target->component->width;
    if (value->kind == EXPR_BINARY && value->op == OP_CONCAT && value->width > 64) {
        return store_parts(b, target, value->b, at, low) &&
               store_parts(b, target, value->a, at, low + value->b->width);
    }
    if (value->width > 64 || value->width % cell || low % cell) return false;
    unsigned const n = value->width / cell, first = low / cell;
    unsigned const from = target->component->big_endian ? target->cells - first - n : first;
    const char *v = carried(b, value->width, value);
    c_commit(b, "%s_store_%u(s, (uint64_t)%s + %u, %s);", b->prefix, n, at, from, v);
    return true;
}

static void store(struct c_body *b, const struct expr *target, const struct expr *value)
{
    const char *at;
    if (target->translation) {
        at = arena_format(b->arena, "w64_%u", b->temporaries++);
        const char *physical = arena_format(b->arena, "v%u", b->temporaries++);
        c_compute(b, "%s %s;", c_type(target->translation->routine.result_width), physical);
        c_compute(b, "if (%s_translate_%s(s, %s, %u, &%s)) return %s_TRAP;", b->prefix,
                  target->translation->name, c_expression(b, target->a), target->cells, physical,
                  c_upper(b->arena, b->prefix));
        c_compute(b, "%s = %s;", at, physical);
        b->outcome = true;
    } else {
        at = carried(b, 64, target->a);
    }
    if (value->width > 64 && store_parts(b, target, value, at, 0)) return;
    const char *v = carried(b, target->width, value);
    c_commit(b, "%s_store_%u(s, %s, %s);", b->prefix, target->cells, at, v);
}

static const char *fixed_test(struct c_body *b, const struct component *x, const char *index)
{
    struct fixed_element *f;
    const char *all = NULL;
    LIST_EACH(f, x->fixed)
    {
        const char *one = arena_format(b->arena, "%s != %llu", index, (unsigned long long)f->index);
        all = all ? arena_format(b->arena, "%s && %s", all, one) : one;
    }
    return all;
}

static void assign_component(struct c_body *b, const struct expr *target, const struct expr *value)
{
    const struct expr *e = target->kind == EXPR_BITS ? target->a : target;
    const struct component *x = e->component;
    const char *index = NULL;
    const char *guard = NULL;
    if (e->a) {
        bool const field = e->a->kind == EXPR_FIELD;
        index = carried(b, 64, e->a);
        if (!field || !c_is_sink(b->instruction, e->a->field)) guard = fixed_test(b, x, index);
    }
    // A device is read when effects are committed: nothing can trap any more.
    bool const device = value->kind == EXPR_COMPONENT && value->component->kind == COMPONENT_DEVICE;
    const char *v;
    if (device) {
        const char *port = value->a ? carried(b, 64, value->a) : "0";
        // Even where the value goes nowhere, the device has been read.
        const char *got = arena_format(b->arena, "got%u", b->temporaries++);
        c_commit(b, "%s const %s = s->%s_read(s->devices, (uint32_t)%s) & %s;",
                 c_type(value->width), got, value->component->name, port,
                 c_constant(b->arena, bits_ones(value->width), value->width));
        v = got;
    } else {
        v = carried(b, target->width, value);
    }
    const char *cast = c_member_type(x->width);
    const char *place = index ? arena_format(b->arena, "s->%s[%s]", x->name, index)
                              : arena_format(b->arena, "s->%s", x->name);
    const char *test = guard ? arena_format(b->arena, "if (%s) ", guard) : "";
    if (x->kind == COMPONENT_DEVICE)
        c_commit(b, "s->%s_write(s->devices, (uint32_t)%s, %s);", x->name, index ? index : "0", v);
    else if (target->kind == EXPR_BITS)
        c_commit(b, "%s%s = (%s)((%s & ~(%s << %u)) | (%s)%s << %u);", test, place, cast, place,
                 c_constant(b->arena, bits_ones(target->width), x->width), target->low,
                 c_type(x->width), v, target->low);
    else
        c_commit(b, "%s%s = (%s)%s;", test, place, cast, v);
}

static bool wide_let(struct c_body *b, const struct statement *s)
{
    const struct expr *e = s->value;
    if (e->kind != EXPR_CELLS || e->width <= 64) return false;
    const char *address = c_expression(b, e->a);
    const char *name = arena_format(b->arena, "v%u", b->temporaries++);
    if (e->translation) {
        c_compute(b, "%s %s;", c_type(e->translation->routine.result_width), name);
        c_compute(b, "if (%s_translate_%s(s, %s, %u, &%s)) return %s_TRAP;", b->prefix,
                  e->translation->name, address, e->cells, name, c_upper(b->arena, b->prefix));
        b->outcome = true;
    } else {
        c_compute(b, "uint64_t %s = %s;", name, address);
    }
    b->wide[s->slot] = s->value;
    b->wide_address[s->slot] = name;
    return true;
}

// ---------------------------------------------------------------- the rest

static void write_trap(struct c_body *b, const struct statement *s)
{
    const char *value = s->args.n ? c_expression(b, s->args.items[0]) : "0";
    c_compute(b, "return %s_raise(s, %s_trap_%s, (uint32_t)(%s));", b->prefix,
              c_upper(b->arena, b->prefix), s->cause->name, value);
    b->outcome = true;
}

static void write_call(struct c_body *b, const struct statement *s)
{
    const char **arguments = arena_alloc(b->arena, (s->args.n + 1) * sizeof *arguments);
    struct expr *x;
    LIST_EACH(x, s->args) arguments[x_i] = c_temporary(b, x->width, c_expression(b, x));
    struct c_body inner = *b;
    c_frame(&inner, &s->procedure->routine, arguments);
    c_statements(&inner, &s->procedure->routine.body);
    b->temporaries = inner.temporaries;
    b->outcome |= inner.outcome;
}

static void write_statement(struct c_body *b, const struct statement *s)
{
    const char *const upper = c_upper(b->arena, b->prefix);
    switch (s->kind) {
    case STATEMENT_ASSIGN:
        if (s->target->kind == EXPR_CELLS)
            store(b, s->target, s->value);
        else
            assign_component(b, s->target, s->value);
        break;
    case STATEMENT_IF: write_if(b, s); break;
    case STATEMENT_LET:
        if (!wide_let(b, s))
            c_compute(b, "%s const %s __attribute__((unused)) = %s;", c_type(s->value->width),
                      b->slots[s->slot], c_expression(b, s->value));
        break;
    case STATEMENT_REQUIRE:
        c_compute(b, "if (!(%s)) {", c_expression(b, s->value));
        block(b, &s->body);
        c_compute(b, "}");
        break;
    case STATEMENT_TRAP: write_trap(b, s); break;
    case STATEMENT_STOP:
        c_compute(b, "value = (uint32_t)(%s);", c_expression(b, s->value));
        c_compute(b, "outcome = %s_STOP;", upper);
        b->outcome = true;
        break;
    case STATEMENT_WAIT:
        c_compute(b, "outcome = %s_WAIT;", upper);
        b->outcome = true;
        break;
    case STATEMENT_CHECKSTOP:
        c_compute(b, "return %s_CHECKSTOP;", upper);
        b->outcome = true;
        break;
    case STATEMENT_CASE: write_case(b, s); break;
    case STATEMENT_CHOOSE: { // what is left open, this machine decides: the first alternative
        struct case_arm *first = s->arms.items[0];
        c_statements(b, &first->body);
        break;
    }
    case STATEMENT_CALL: write_call(b, s); break;
    case STATEMENT_VALUE: break;
    }
}

void c_statements(struct c_body *b, const struct list *body)
{
    struct statement *s;
    LIST_EACH(s, *body) write_statement(b, s);
}

// Declares the carried variables that the text mentions: they are written under conditions and read
// under the same, so a compiler may need to be told that they have a value.
static void declare_carried(const char *body, unsigned n, FILE *out)
{
    static const struct {
        const char *name, *type;
    } kinds[] = {{"c", "uint32_t"},
                 {"w32_", "uint32_t"},
                 {"w64_", "uint64_t"},
                 {"w128_", "unsigned __int128"}};
    for (unsigned i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            char assigned[32];
            snprintf(assigned, sizeof assigned, " %s%u =", kinds[k].name, i);
            if (strstr(body, assigned))
                fprintf(out, "    %s %s%u = 0;\n", kinds[k].type, kinds[k].name, i);
        }
    }
}

void c_write_routine(struct c_body *b, FILE *out, const struct routine *r,
                     const char *const *arguments, const char *head, const char *before_commit,
                     bool returns)
{
    char *compute = NULL, *commit = NULL;
    size_t compute_length = 0, commit_length = 0;
    b->compute = open_memstream(&compute, &compute_length);
    b->commit = open_memstream(&commit, &commit_length);
    if (!b->compute || !b->commit) {
        fputs("isa-analyzer: error: out of memory\n", stderr);
        exit(64);
    }
    b->compute_depth = b->commit_depth = 1;
    b->temporaries = 0;
    b->outcome = false;
    c_frame(b, r, arguments);
    c_statements(b, &r->body);
    if (r->result) c_commit(b, "*result = %s;", c_expression(b, r->result));
    fclose(b->compute);
    fclose(b->commit);
    fprintf(out, "%s\n{\n", head);
    declare_carried(compute, b->temporaries, out);
    const char *const upper = c_upper(b->arena, b->prefix);
    bool const ends = strstr(compute, "    outcome = ") != NULL;
    if (ends) fprintf(out, "    enum %s_outcome outcome = %s_NEXT;\n", b->prefix, upper);
    if (strstr(compute, "    value = ")) fputs("    uint32_t value = s->value;\n", out);
    fputs(compute, out);
    fputs(before_commit, out);
    fputs(commit, out);
    if (strstr(compute, "    value = ")) fputs("    s->value = value;\n", out);
    if (returns) fprintf(out, ends ? "    return outcome;\n" : "    return %s_NEXT;\n", upper);
    fputs("}\n\n", out);
    free(compute);
    free(commit);
}
