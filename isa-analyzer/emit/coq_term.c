// SPDX-License-Identifier: MIT
// `emit coq`: expressions and statements.
#include "isa-analyzer/emit/coq.h"

static const char *const binaries[OPS] = {
    [OP_ADD] = "Add",   [OP_SUB] = "Sub",   [OP_MUL] = "Mul",    [OP_UDIV] = "UDiv",
    [OP_UREM] = "URem", [OP_SDIV] = "SDiv", [OP_SREM] = "SRem",  [OP_AND] = "BAnd",
    [OP_OR] = "BOr",    [OP_XOR] = "BXor",  [OP_SHL] = "Shl",    [OP_SHR] = "Shr",
    [OP_SAR] = "Sar",   [OP_EQ] = "Equal",  [OP_NE] = "Unequal", [OP_ULT] = "Ult",
    [OP_ULE] = "Ule",   [OP_UGT] = "Ugt",   [OP_UGE] = "Uge",    [OP_SLT] = "Slt",
    [OP_SLE] = "Sle",   [OP_SGT] = "Sgt",   [OP_SGE] = "Sge",
};

void coq_number(FILE *out, bits value)
{
    unsigned long long const high = (unsigned long long)(value >> 64);
    unsigned long long const low = (unsigned long long)value;
    if (high)
        fprintf(out, "0x%llx%016llx", high, low);
    else
        fprintf(out, low < 100 ? "%llu" : "0x%llx", low);
}

// ---------------------------------------------------------------- slots

static const char *slot_text(struct coq_body *b, unsigned slot)
{
    if (!b->parametric) return arena_format(b->m->arena, "%u", slot);
    return slot == 0 ? "k" : arena_format(b->m->arena, "(k + %u)", slot);
}

static const char *take_slot(struct coq_body *b)
{
    return slot_text(b, b->next++);
}

void coq_begin(struct coq_body *b, const struct routine *r)
{
    b->next = 0;
    b->slots = arena_alloc(b->m->arena, (r->slots + 1) * sizeof *b->slots);
    for (unsigned k = 0; k < r->parameters.n; k++) b->slots[k] = take_slot(b);
}

// The slots for a call of a function or procedure.
static const char *take_slots(struct coq_body *b, const struct routine *r)
{
    struct coq_size *x;
    unsigned const first = b->next;
    LIST_EACH(x, *b->sizes) if (x->routine == r) b->next += x->slots;
    return slot_text(b, first);
}

// ---------------------------------------------------------------- expressions

static void arguments(struct coq_body *b, const struct list *args)
{
    struct expr *x;
    LIST_EACH(x, *args)
    {
        fputc(' ', b->out);
        coq_expression(b, x);
    }
}

static void among(struct coq_body *b, const struct expr *e)
{
    struct expr *x;
    fprintf(b->out, "(Among %s [", take_slot(b));
    LIST_EACH(x, e->args)
    {
        if (x_i) fputs("; ", b->out);
        coq_expression(b, x);
    }
    fputs("])", b->out);
}

static void translation_name(struct coq_body *b, const struct expr *e)
{
    if (e->translation)
        fprintf(b->out, "(Some by_%s)", e->translation->name);
    else
        fputs("None", b->out);
}

static void unary(struct coq_body *b, const struct expr *e)
{
    if (e->op == OP_BOOL_NOT)
        fputs("(Not ", b->out);
    else
        fprintf(b->out, "(Unary %s %u ", e->op == OP_NEG ? "Negate" : "Complement", e->width);
    coq_expression(b, e->a);
    fputc(')', b->out);
}

static void binary(struct coq_body *b, const struct expr *e)
{
    if (e->op == OP_BOOL_AND || e->op == OP_BOOL_OR)
        fputs(e->op == OP_BOOL_AND ? "(And " : "(Or ", b->out);
    else if (e->op == OP_CONCAT)
        fprintf(b->out, "(Concat %u ", e->b->width);
    else
        fprintf(b->out, "(Binary %s %u ", binaries[e->op], e->a->width);
    coq_expression(b, e->a);
    fputc(' ', b->out);
    coq_expression(b, e->b);
    fputc(')', b->out);
}

static void config(struct coq_body *b, const struct config *c)
{
    if (b->encoding) {
        fputs("(Number ", b->out);
        coq_number(b->out, c->value);
        fputc(')', b->out);
    } else {
        fprintf(b->out, "config_%s", c->name);
    }
}

void coq_expression(struct coq_body *b, const struct expr *e)
{
    FILE *const out = b->out;
    switch (e->kind) {
    case EXPR_NUMBER:
        fputs("(Number ", out);
        coq_number(out, e->number);
        fputc(')', out);
        break;
    case EXPR_LOCAL: fprintf(out, "(Slot %s)", b->slots[e->slot]); break;
    case EXPR_COMPONENT:
        fprintf(out, e->a ? "(Element the_%s " : "(Read the_%s", e->component->name);
        if (e->a) coq_expression(b, e->a);
        fputc(')', out);
        break;
    case EXPR_CONFIG: config(b, e->config); break;
    case EXPR_FIELD:
    case EXPR_OPERAND:
        fprintf(out, "of_%s_%s", b->format->name,
                e->kind == EXPR_FIELD ? e->field->name : e->operand->name);
        break;
    case EXPR_WORD: fputs("Word", out); break;
    case EXPR_NEXT: fputs("NextAddress", out); break;
    case EXPR_CLASS: fprintf(out, "(IsMode %s)", e->number ? "true" : "false"); break;
    case EXPR_CELLS:
        fputs("(Cells ", out);
        translation_name(b, e);
        fprintf(out, " %u ", e->cells);
        coq_expression(b, e->a);
        fputc(')', out);
        break;
    case EXPR_BITS:
        fprintf(out, "(Bits %u %u ", e->low, e->width);
        coq_expression(b, e->a);
        fputc(')', out);
        break;
    case EXPR_UNARY: unary(b, e); break;
    case EXPR_BINARY: binary(b, e); break;
    case EXPR_IF:
        fputs("(If ", out);
        coq_expression(b, e->a);
        fputc(' ', out);
        coq_expression(b, e->b);
        fputc(' ', out);
        coq_expression(b, e->c);
        fputc(')', out);
        break;
    case EXPR_CALL:
        fprintf(out, "(fun_%s %s", e->function->name, take_slots(b, &e->function->routine));
        arguments(b, &e->args);
        fputc(')', out);
        break;
    case EXPR_ZEXT:
        fprintf(out, "(Zext %u ", e->width);
        coq_expression(b, e->a);
        fputc(')', out);
        break;
    case EXPR_SEXT:
        fprintf(out, "(Sext %u %u ", e->a->width, e->width);
        coq_expression(b, e->a);
        fputc(')', out);
        break;
    case EXPR_CHOOSE: among(b, e); break;
    case EXPR_ARBITRARY: fprintf(out, "(Arbitrary %s %u)", take_slot(b), e->width); break;
    default: break; // the checker has replaced the others
    }
}

// ---------------------------------------------------------------- statements

static void put_indent(struct coq_body *b, unsigned depth)
{
    fprintf(b->out, "\n%*s", 2 * (int)depth, "");
}

// Where an assignment goes.
static void put_place(struct coq_body *b, const struct expr *target)
{
    const struct expr *const e = target->kind == EXPR_BITS ? target->a : target;
    if (e->kind == EXPR_CELLS) {
        fputs("(Store ", b->out);
        translation_name(b, e);
        fprintf(b->out, " %u ", e->cells);
        coq_expression(b, e->a);
    } else {
        fprintf(b->out, "(Part the_%s ", e->component->name);
        if (e->a)
            coq_expression(b, e->a);
        else
            fputs("(Number 0)", b->out);
        fprintf(b->out, " %u %u", target == e ? 0 : target->low, target->width);
    }
    fputc(')', b->out);
}

static void assign(struct coq_body *b, const struct statement *s)
{
    const struct expr *const v = s->value;
    bool const device = v->kind == EXPR_COMPONENT && v->component->kind == COMPONENT_DEVICE;
    fputs(device ? "Input " : "Assign ", b->out);
    put_place(b, s->target);
    fputc(' ', b->out);
    if (!device) {
        coq_expression(b, v);
        return;
    }
    fprintf(b->out, "the_%s ", v->component->name);
    if (v->a)
        coq_expression(b, v->a);
    else
        fputs("(Number 0)", b->out);
}

// A body as an argument.
static void put_block(struct coq_body *b, const struct list *body, unsigned depth)
{
    fputc('(', b->out);
    coq_statement(b, body, depth + 1);
    fputc(')', b->out);
}

static void put_labels(struct coq_body *b, const struct case_arm *arm)
{
    struct expr *label;
    fputc('[', b->out);
    LIST_EACH(label, arm->labels)
    {
        if (label_i) fputs("; ", b->out);
        coq_number(b->out, label->number);
    }
    fputc(']', b->out);
}

static void put_case(struct coq_body *b, const struct statement *s, unsigned depth)
{
    struct case_arm *arm;
    const struct list *otherwise = &(const struct list){0};
    unsigned n = 0;
    fprintf(b->out, "Case %s %u ", take_slot(b), s->value->width);
    coq_expression(b, s->value);
    fputs(" [", b->out);
    LIST_EACH(arm, s->arms)
    {
        if (arm->otherwise) {
            otherwise = &arm->body;
            continue;
        }
        fputs(n++ ? ";" : "", b->out);
        put_indent(b, depth + 1);
        fputc('(', b->out);
        put_labels(b, arm);
        fputs(", ", b->out);
        coq_statement(b, &arm->body, depth + 2);
        fputc(')', b->out);
    }
    fputs("] ", b->out);
    put_block(b, otherwise, depth);
}

static void put_either(struct coq_body *b, const struct statement *s, unsigned depth)
{
    struct case_arm *arm;
    fprintf(b->out, "Either %s [", take_slot(b));
    LIST_EACH(arm, s->arms)
    {
        if (arm_i) fputc(';', b->out);
        put_indent(b, depth + 1);
        coq_statement(b, &arm->body, depth + 1);
    }
    fputc(']', b->out);
}

static void put_information(struct coq_body *b, const struct statement *s)
{
    fprintf(b->out, "trap_%s ", s->cause->name);
    if (s->args.n)
        coq_expression(b, s->args.items[0]);
    else
        fputs("(Number 0)", b->out);
}

static void put_statement(struct coq_body *b, const struct statement *s, unsigned depth)
{
    switch (s->kind) {
    case STATEMENT_ASSIGN: assign(b, s); break;
    case STATEMENT_IF:
        fputs("Branch ", b->out);
        coq_expression(b, s->value);
        put_indent(b, depth + 1);
        put_block(b, &s->body, depth + 1);
        put_indent(b, depth + 1);
        put_block(b, &s->other, depth + 1);
        break;
    case STATEMENT_LET:
        // What the value needs comes first: it is evaluated before.
        fputs("Define ", b->out);
        b->slots[s->slot] = take_slot(b);
        fprintf(b->out, "%s (* %s *) ", b->slots[s->slot], s->name);
        coq_expression(b, s->value);
        break;
    case STATEMENT_REQUIRE:
        fputs("Demand ", b->out);
        coq_expression(b, s->value);
        fputc(' ', b->out);
        put_block(b, &s->body, depth);
        break;
    case STATEMENT_TRAP:
        fputs("Trap ", b->out);
        put_information(b, s);
        break;
    case STATEMENT_STOP:
        fputs("Halt ", b->out);
        coq_expression(b, s->value);
        break;
    case STATEMENT_WAIT: fputs("Wait", b->out); break;
    case STATEMENT_CHECKSTOP: fputs("CheckStop", b->out); break;
    case STATEMENT_CASE: put_case(b, s, depth); break;
    case STATEMENT_CHOOSE: put_either(b, s, depth); break;
    case STATEMENT_CALL:
        fprintf(b->out, "do_%s %s", s->procedure->name, take_slots(b, &s->procedure->routine));
        arguments(b, &s->args);
        break;
    case STATEMENT_VALUE: fputs("Skip", b->out); break;
    }
}

void coq_statement(struct coq_body *b, const struct list *body, unsigned depth)
{
    struct statement *s;
    if (body->n == 0) {
        fputs("Skip", b->out);
        return;
    }
    if (body->n == 1) {
        put_statement(b, body->items[0], depth);
        return;
    }
    fputs("Block [", b->out);
    LIST_EACH(s, *body)
    {
        if (s_i) fputc(';', b->out);
        put_indent(b, depth + 1);
        put_statement(b, s, depth + 1);
    }
    fputc(']', b->out);
}

// ---------------------------------------------------------------- values

struct rest {
    const struct list *body;
    unsigned from;
    const struct expr *result; // null: the value does not matter
};

static void put_rest(struct coq_body *b, struct rest r);

static void put_branch(struct coq_body *b, const struct list *body)
{
    put_rest(b, (struct rest){.body = body});
}

// What can only trap: its value does not matter.
static void put_only_traps(struct coq_body *b, const struct statement *s)
{
    switch (s->kind) {
    case STATEMENT_IF:
        fputs("(If ", b->out);
        coq_expression(b, s->value);
        fputc(' ', b->out);
        put_branch(b, &s->body);
        fputc(' ', b->out);
        put_branch(b, &s->other);
        fputc(')', b->out);
        break;
    default:
        report_error(
            b->d, s->where,
            "a translation or fetch that does this can't be emitted for Coq; expected let, "
            "if, require and trap");
        fputs("(Number 0)", b->out);
    }
}

static void put_rest(struct coq_body *b, struct rest r)
{
    if (r.from == r.body->n) {
        if (r.result)
            coq_expression(b, r.result);
        else
            fputs("(Number 0)", b->out);
        return;
    }
    const struct statement *s = r.body->items[r.from++];
    switch (s->kind) {
    case STATEMENT_LET:
        b->slots[s->slot] = take_slot(b);
        fprintf(b->out, "(LetIn %s (* %s *) ", b->slots[s->slot], s->name);
        coq_expression(b, s->value);
        fputc(' ', b->out);
        break;
    case STATEMENT_REQUIRE:
        fputs("(Require ", b->out);
        coq_expression(b, s->value);
        fputc(' ', b->out);
        put_information(b, s->body.items[0]);
        break;
    case STATEMENT_TRAP:
        fputs("(Raise ", b->out);
        put_information(b, s);
        fputc(')', b->out);
        return;
    default: fprintf(b->out, "(LetIn %s ", take_slot(b)); put_only_traps(b, s);
    }
    fputs("\n    ", b->out);
    put_rest(b, r);
    fputc(')', b->out);
}

void coq_value(struct coq_body *b, const struct list *body, const struct expr *result)
{
    put_rest(b, (struct rest){.body = body, .result = result});
}
