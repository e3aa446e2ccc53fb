// SPDX-License-Identifier: MIT
// Prints checked trees in the language's own notation. Names of locals are taken from where they
// were written.
#include "isa-analyzer/language/printer.h"

#include <string.h>

// The tighter, the higher; as in the parser.
static int level(const struct expr *e)
{
    if (e->kind == EXPR_IF) return 0;
    if (e->kind == EXPR_UNARY) return e->op == OP_BOOL_NOT ? 2 : 11;
    if (e->kind != EXPR_BINARY) return 12;
    switch (e->op) {
    case OP_BOOL_OR: return 1;
    case OP_BOOL_AND: return 2;
    case OP_OR: return 4;
    case OP_XOR: return 5;
    case OP_AND: return 6;
    case OP_CONCAT: return 7;
    case OP_SHL:
    case OP_SHR:
    case OP_SAR: return 8;
    case OP_ADD:
    case OP_SUB: return 9;
    case OP_MUL:
    case OP_UDIV:
    case OP_UREM:
    case OP_SDIV:
    case OP_SREM: return 10;
    default: return 3;
    }
}

static void within(const struct expr *e, int least, FILE *out)
{
    bool const parentheses = level(e) < least;
    if (parentheses) fputc('(', out);
    print_expression(e, out);
    if (parentheses) fputc(')', out);
}

// The text as it was written: names and numbers keep their spelling.
static void print_source(struct span where, FILE *out)
{
    if (where.source && where.at + (size_t)where.length <= where.source->length)
        fwrite(where.source->text + where.at, 1, where.length, out);
}

static void print_number(const struct expr *e, FILE *out)
{
    if (e->where.length)
        print_source(e->where, out);
    else
        fprintf(out, "0x%llx", (unsigned long long)e->number);
}

static void print_arguments(const struct list *args, FILE *out)
{
    struct expr *x;
    fputc('(', out);
    LIST_EACH(x, *args)
    {
        if (x_i) fputs(", ", out);
        print_expression(x, out);
    }
    fputc(')', out);
}

void print_expression(const struct expr *e, FILE *out)
{
    switch (e->kind) {
    case EXPR_NUMBER: print_number(e, out); break;
    case EXPR_COMPONENT:
        fputs(e->component->name, out);
        if (e->a) {
            fputc('[', out);
            print_expression(e->a, out);
            fputc(']', out);
        }
        break;
    case EXPR_CONFIG: fputs(e->config->name, out); break;
    case EXPR_FIELD: fputs(e->field->name, out); break;
    case EXPR_OPERAND: fputs(e->operand->name, out); break;
    case EXPR_WORD: fputs("word", out); break;
    case EXPR_NEXT: fputs("next", out); break;
    case EXPR_CLASS: fputs(e->number ? "supervisor" : "user", out); break;
    case EXPR_CELLS:
        fprintf(out, "%s[", e->translation ? e->translation->name : e->component->name);
        print_expression(e->a, out);
        if (e->cells > 1 || e->component->width == 8) fprintf(out, " +: %u", e->cells);
        fputc(']', out);
        break;
    case EXPR_BITS:
        within(e->a, 12, out);
        if (e->width == 1)
            fprintf(out, "[%u]", e->low);
        else
            fprintf(out, "[%u:%u]", e->low + e->width - 1, e->low);
        break;
    case EXPR_UNARY:
        fputs(op_texts[e->op], out);
        if (e->op == OP_BOOL_NOT) fputc(' ', out);
        within(e->a, level(e), out);
        break;
    case EXPR_BINARY:
        within(e->a, level(e), out);
        fprintf(out, " %s ", op_texts[e->op]);
        within(e->b, level(e) + 1, out);
        break;
    case EXPR_IF:
        fputs("if ", out);
        print_expression(e->a, out);
        fputs(" then ", out);
        print_expression(e->b, out);
        fputs(" else ", out);
        print_expression(e->c, out);
        break;
    case EXPR_ZEXT:
    case EXPR_SEXT:
        fputs(e->kind == EXPR_ZEXT ? "zext(" : "sext(", out);
        print_expression(e->a, out);
        fprintf(out, ", %u)", e->width);
        break;
    case EXPR_CALL:
        fputs(e->function->name, out);
        print_arguments(&e->args, out);
        break;
    case EXPR_CHOOSE:
        fputs("choose", out);
        print_arguments(&e->args, out);
        break;
    case EXPR_ARBITRARY: fprintf(out, "arbitrary(%u)", e->width); break;
    default: print_source(e->where, out); break; // a local: its name
    }
}

static void print_inline(const struct list *body, FILE *out)
{
    struct statement *s;
    if (body->n == 1) {
        print_statement_line(body->items[0], out);
        return;
    }
    fputs("{ ", out);
    LIST_EACH(s, *body)
    {
        if (s_i) fputs("; ", out);
        print_statement_line(s, out);
    }
    fputs(" }", out);
}

static void print_case(const struct statement *s, FILE *out)
{
    struct case_arm *arm;
    struct expr *label;
    fputs("case ", out);
    print_expression(s->value, out);
    fputs(" {", out);
    LIST_EACH(arm, s->arms)
    {
        fputs(arm->otherwise ? " else " : " when ", out);
        LIST_EACH(label, arm->labels)
        {
            if (label_i) fputs(", ", out);
            print_number(label, out);
        }
        if (!arm->otherwise) fputc(' ', out);
        fputs("{ ", out);
        print_inline(&arm->body, out);
        fputs(" }", out);
    }
    fputs(" }", out);
}

void print_statement_line(const struct statement *s, FILE *out)
{
    struct case_arm *arm;
    switch (s->kind) {
    case STATEMENT_ASSIGN:
        print_expression(s->target, out);
        fputs(" := ", out);
        print_expression(s->value, out);
        break;
    case STATEMENT_IF:
        fputs("if ", out);
        print_expression(s->value, out);
        fputs(" then ", out);
        print_inline(&s->body, out);
        if (s->has_other) {
            fputs(" else ", out);
            print_inline(&s->other, out);
        }
        break;
    case STATEMENT_LET:
        fprintf(out, "let %s = ", s->name);
        print_expression(s->value, out);
        break;
    case STATEMENT_REQUIRE:
        fputs("require ", out);
        print_expression(s->value, out);
        fputs(" else ", out);
        print_inline(&s->body, out);
        break;
    case STATEMENT_TRAP:
        fprintf(out, "trap %s", s->name);
        if (s->args.n) print_arguments(&s->args, out);
        break;
    case STATEMENT_STOP:
        fputs("stop ", out);
        print_expression(s->value, out);
        break;
    case STATEMENT_WAIT: fputs("wait", out); break;
    case STATEMENT_CHECKSTOP: fputs("checkstop", out); break;
    case STATEMENT_CASE: print_case(s, out); break;
    case STATEMENT_CHOOSE:
        LIST_EACH(arm, s->arms)
        {
            fputs(arm_i ? " or { " : "choose { ", out);
            print_inline(&arm->body, out);
            fputs(" }", out);
        }
        break;
    case STATEMENT_CALL:
        fputs(s->name, out);
        print_arguments(&s->args, out);
        break;
    case STATEMENT_VALUE: print_expression(s->value, out); break;
    }
}

void print_body(const struct list *body, unsigned depth, FILE *out)
{
    struct statement *s;
    LIST_EACH(s, *body)
    {
        fprintf(out, "%*s", 2 * (int)depth, "");
        print_statement_line(s, out);
        fputc('\n', out);
    }
}
