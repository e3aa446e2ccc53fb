// SPDX-License-Identifier: MIT
// Statements and blocks.
#include "isa-analyzer/language/parser.h"

#include <string.h>

static void parse_block(struct parser *p, struct list *body);

static struct statement *new_statement(struct parser *p, enum statement_kind kind)
{
    struct statement *s = ARENA_NEW(p->arena, struct statement);
    s->kind = kind;
    s->where = p->now.where;
    return s;
}

static struct statement *parse_trap(struct parser *p)
{
    struct statement *s = new_statement(p, STATEMENT_TRAP);
    if (!parser_expect_word(p, "trap", "'trap' and the name of a trap")) return s;
    s->name = parser_any_name(p, "the name of a trap", &s->name_where);
    if (parser_accept(p, TOKEN_LPAREN)) parse_arguments(p, &s->args);
    return s;
}

static struct statement *parse_if_statement(struct parser *p)
{
    struct statement *s = new_statement(p, STATEMENT_IF);
    parser_advance(p);
    s->value = parse_expression(p);
    parser_expect_word(p, "then", "'then' behind the condition");
    parse_block(p, &s->body);
    if (parser_accept_word(p, "else")) {
        s->has_other = true;
        parse_block(p, &s->other);
    }
    return s;
}

static struct statement *parse_case(struct parser *p)
{
    struct statement *s = new_statement(p, STATEMENT_CASE);
    parser_advance(p);
    s->value = parse_expression(p);
    if (!parser_expect(p, TOKEN_LBRACE, "'{' and the cases")) return s;
    while (parser_is_word(p, "when") || parser_is_word(p, "else")) {
        struct case_arm *arm = ARENA_NEW(p->arena, struct case_arm);
        arm->where = p->now.where;
        arm->otherwise = parser_is_word(p, "else");
        parser_advance(p);
        if (!arm->otherwise) {
            do {
                list_add(p->arena, &arm->labels, parse_expression(p));
            } while (parser_accept(p, TOKEN_COMMA));
        }
        parse_block(p, &arm->body);
        list_add(p->arena, &s->arms, arm);
    }
    parser_expect(p, TOKEN_RBRACE, "'when', 'else' or '}'");
    return s;
}

static struct statement *parse_choose(struct parser *p)
{
    struct statement *s = new_statement(p, STATEMENT_CHOOSE);
    parser_advance(p);
    do {
        struct case_arm *arm = ARENA_NEW(p->arena, struct case_arm);
        arm->where = p->now.where;
        if (!parser_is(p, TOKEN_LBRACE)) {
            parser_unexpected(p, "'{': choose { ... } or { ... }");
            return s;
        }
        parse_block(p, &arm->body);
        list_add(p->arena, &s->arms, arm);
    } while (parser_accept_word(p, "or"));
    if (s->arms.n < 2) parser_unexpected(p, "'or' and another alternative");
    return s;
}

static struct statement *parse_statement(struct parser *p)
{
    if (parser_is_word(p, "if")) return parse_if_statement(p);
    if (parser_is_word(p, "case")) return parse_case(p);
    if (parser_is_word(p, "choose") && p->ahead.kind != TOKEN_LPAREN) return parse_choose(p);
    if (parser_is_word(p, "trap")) return parse_trap(p);
    struct statement *s = new_statement(p, STATEMENT_VALUE);
    if (parser_accept_word(p, "let")) {
        s->kind = STATEMENT_LET;
        s->name = parser_name(p, "a name for the value", NULL);
        parser_expect(p, TOKEN_EQ, "'=' and a value");
        s->value = parse_expression(p);
    } else if (parser_accept_word(p, "require")) {
        s->kind = STATEMENT_REQUIRE;
        s->value = parse_expression(p);
        parser_expect_word(p, "else", "'else' and what happens where it does not hold");
        list_add(p->arena, &s->body, parse_trap(p));
    } else if (parser_accept_word(p, "stop")) {
        s->kind = STATEMENT_STOP;
        s->value = parse_expression(p);
    } else if (parser_accept_word(p, "wait")) {
        s->kind = STATEMENT_WAIT;
    } else if (parser_accept_word(p, "checkstop")) {
        s->kind = STATEMENT_CHECKSTOP;
    } else {
        s->value = parse_expression(p);
        if (parser_accept(p, TOKEN_ASSIGN)) {
            s->kind = STATEMENT_ASSIGN;
            s->target = s->value;
            s->value = parse_expression(p);
        } else if (parser_is(p, TOKEN_EQ)) {
            parser_unexpected(p, "':=' to assign");
        }
    }
    s->where = span_join(s->where, p->last);
    return s;
}

static bool at_statement(const struct parser *p)
{
    static const char *const starts[] = {"if",      "case", "choose", "trap",      "let",
                                         "require", "stop", "wait",   "checkstop", "next"};
    switch (p->now.kind) {
    case TOKEN_NUMBER:
    case TOKEN_LPAREN:
    case TOKEN_MINUS:
    case TOKEN_TILDE: return true;
    case TOKEN_WORD: break;
    default: return false;
    }
    if (!is_keyword(p->now.text)) return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (parser_is_word(p, starts[i])) return true;
    }
    return false;
}

void parse_statements(struct parser *p, struct list *body, bool braced)
{
    for (;;) {
        while (parser_accept(p, TOKEN_SEMICOLON)) continue;
        if (p->lost || !at_statement(p)) break;
        list_add(p->arena, body, parse_statement(p));
    }
    if (braced && !p->lost) parser_expect(p, TOKEN_RBRACE, "a statement or '}'");
}

static void parse_block(struct parser *p, struct list *body)
{
    if (p->depth >= NESTING_MAX) {
        parser_unexpected(p, "a simpler statement; this one nests too deeply");
        return;
    }
    p->depth++;
    if (parser_accept(p, TOKEN_LBRACE)) {
        parse_statements(p, body, true);
    } else if (at_statement(p)) {
        list_add(p->arena, body, parse_statement(p));
    } else {
        parser_unexpected(p, "a statement or '{'");
    }
    p->depth--;
}
