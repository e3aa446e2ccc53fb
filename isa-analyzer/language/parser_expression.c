// SPDX-License-Identifier: MIT
// Expressions, by precedence climbing.
#include "isa-analyzer/language/parser.h"

#include <string.h>

struct expr *new_expr(struct parser *p, enum expr_kind kind, struct span where)
{
    struct expr *e = ARENA_NEW(p->arena, struct expr);
    e->kind = kind;
    e->where = where;
    return e;
}

struct binary {
    enum token_kind token;
    enum op op;
    int level; // higher binds tighter
};

static const struct binary binaries[] = {
    {TOKEN_EQ, OP_EQ, 3},         {TOKEN_NE, OP_NE, 3},         {TOKEN_LT, OP_ULT, 3},
    {TOKEN_LE, OP_ULE, 3},        {TOKEN_GT, OP_UGT, 3},        {TOKEN_GE, OP_UGE, 3},
    {TOKEN_SLT, OP_SLT, 3},       {TOKEN_SLE, OP_SLE, 3},       {TOKEN_SGT, OP_SGT, 3},
    {TOKEN_SGE, OP_SGE, 3},       {TOKEN_BAR, OP_OR, 4},        {TOKEN_CARET, OP_XOR, 5},
    {TOKEN_AMP, OP_AND, 6},       {TOKEN_CONCAT, OP_CONCAT, 7}, {TOKEN_SHL, OP_SHL, 8},
    {TOKEN_SHR, OP_SHR, 8},       {TOKEN_SAR, OP_SAR, 8},       {TOKEN_PLUS, OP_ADD, 9},
    {TOKEN_MINUS, OP_SUB, 9},     {TOKEN_STAR, OP_MUL, 10},     {TOKEN_SLASH, OP_UDIV, 10},
    {TOKEN_PERCENT, OP_UREM, 10}, {TOKEN_SDIV, OP_SDIV, 10},    {TOKEN_SREM, OP_SREM, 10},
};

enum { LEVEL_OR = 1, LEVEL_AND = 2, LEVEL_COMPARE = 3, LEVEL_UNARY = 11 };

static struct expr *parse_level(struct parser *p, int level);

void parse_arguments(struct parser *p, struct list *args)
{
    if (parser_accept(p, TOKEN_RPAREN)) return;
    do {
        list_add(p->arena, args, parse_expression(p));
    } while (parser_accept(p, TOKEN_COMMA));
    parser_expect(p, TOKEN_RPAREN, "',' or ')' behind an argument");
}

static struct expr *parse_if(struct parser *p)
{
    struct expr *e = new_expr(p, EXPR_IF, p->now.where);
    parser_advance(p);
    e->a = parse_expression(p);
    parser_expect_word(p, "then", "'then' behind the condition");
    e->b = parse_expression(p);
    parser_expect_word(p, "else", "'else': an if that is a value needs both branches");
    e->c = parse_expression(p);
    e->where = span_join(e->where, p->last);
    return e;
}

static struct expr *parse_primary(struct parser *p)
{
    struct expr *e = new_expr(p, EXPR_NUMBER, p->now.where);
    if (parser_is(p, TOKEN_NUMBER)) {
        e->number = p->now.number;
        e->digits_width = p->now.digits_width;
        parser_advance(p);
        return e;
    }
    if (parser_accept(p, TOKEN_LPAREN)) {
        e = parse_expression(p);
        parser_expect(p, TOKEN_RPAREN, "')'");
        return e;
    }
    if (parser_is_word(p, "if")) return parse_if(p);
    if (parser_is(p, TOKEN_WORD) &&
        (!is_keyword(p->now.text) || parser_is_word(p, "next") ||
         (parser_is_word(p, "choose") && p->ahead.kind == TOKEN_LPAREN))) {
        e->kind = EXPR_NAME;
        e->name = p->now.text;
        parser_advance(p);
        if (parser_accept(p, TOKEN_LPAREN)) {
            e->kind = EXPR_CALL;
            parse_arguments(p, &e->args);
            e->where = span_join(e->where, p->last);
        }
        return e;
    }
    parser_unexpected(p, "an expression");
    return e;
}

static struct expr *parse_postfix(struct parser *p)
{
    struct expr *e = parse_primary(p);
    unsigned many = 0;
    for (;;) {
        struct expr *outer;
        if (++many > NESTING_MAX) {
            parser_unexpected(p, "fewer selections behind one another");
            return e;
        }
        if (parser_accept(p, TOKEN_DOT)) {
            outer = new_expr(p, EXPR_MEMBER, e->where);
            outer->name = parser_any_name(p, "the name of a mode behind '.'", &outer->where);
        } else if (parser_accept(p, TOKEN_LBRACKET)) {
            outer = new_expr(p, EXPR_SELECT, e->where);
            outer->b = parse_expression(p);
            if (parser_accept(p, TOKEN_COLON)) {
                outer->kind = EXPR_RANGE;
                outer->c = parse_expression(p);
            } else if (parser_accept(p, TOKEN_CELLS)) {
                outer->kind = EXPR_SPAN;
                outer->c = parse_expression(p);
            }
            parser_expect(p, TOKEN_RBRACKET, "']'");
        } else {
            return e;
        }
        outer->a = e;
        outer->where = span_join(e->where, p->last);
        e = outer;
    }
}

static struct expr *parse_unary(struct parser *p)
{
    enum op const op = parser_is(p, TOKEN_MINUS)   ? OP_NEG
                       : parser_is(p, TOKEN_TILDE) ? OP_NOT
                                                   : OPS;
    if (op == OPS) return parse_postfix(p);
    struct expr *e = new_expr(p, EXPR_UNARY, p->now.where);
    e->op = op;
    parser_advance(p);
    e->a = parse_level(p, LEVEL_UNARY);
    e->where = span_join(e->where, p->last);
    return e;
}

static const struct binary *binary_at(const struct parser *p, int level)
{
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++) {
        if (binaries[i].token == p->now.kind && binaries[i].level >= level) return &binaries[i];
    }
    return NULL;
}

static struct expr *join(struct parser *p, enum op op, struct expr *a, struct expr *b)
{
    struct expr *e = new_expr(p, EXPR_BINARY, span_join(a->where, b->where));
    e->op = op;
    e->a = a;
    e->b = b;
    return e;
}

static struct expr *parse_not(struct parser *p)
{
    if (!parser_is_word(p, "not")) return parse_level(p, LEVEL_COMPARE);
    struct expr *e = new_expr(p, EXPR_UNARY, p->now.where);
    e->op = OP_BOOL_NOT;
    parser_advance(p);
    if (++p->depth > NESTING_MAX) {
        parser_unexpected(p, "a simpler expression");
    } else {
        e->a = parse_not(p);
    }
    p->depth--;
    if (!e->a) e->a = new_expr(p, EXPR_NUMBER, p->now.where);
    e->where = span_join(e->where, p->last);
    return e;
}

static struct expr *parse_chain(struct parser *p, int level)
{
    if (level == LEVEL_OR) {
        struct expr *e = parse_level(p, LEVEL_AND);
        for (unsigned n = 0; n < NESTING_MAX && parser_accept_word(p, "or"); n++)
            e = join(p, OP_BOOL_OR, e, parse_level(p, LEVEL_AND));
        return e;
    }
    if (level == LEVEL_AND) {
        struct expr *e = parse_not(p);
        for (unsigned n = 0; n < NESTING_MAX && parser_accept_word(p, "and"); n++)
            e = join(p, OP_BOOL_AND, e, parse_not(p));
        return e;
    }
    struct expr *e = parse_unary(p);
    unsigned terms = 0;
    for (const struct binary *b; (b = binary_at(p, level));) {
        if (++terms > NESTING_MAX) {
            parser_unexpected(p, "a shorter expression");
            return e;
        }
        parser_advance(p);
        e = join(p, b->op, e, parse_level(p, b->level + 1));
        if (b->level == LEVEL_COMPARE && binary_at(p, LEVEL_COMPARE) &&
            binary_at(p, LEVEL_COMPARE)->level == LEVEL_COMPARE) {
            parser_unexpected(p, "one comparison; join two with 'and'");
            return e;
        }
    }
    return e;
}

static struct expr *parse_level(struct parser *p, int level)
{
    if (p->depth >= NESTING_MAX) {
        parser_unexpected(p, "a simpler expression; this one nests too deeply");
        return new_expr(p, EXPR_NUMBER, p->now.where);
    }
    p->depth++;
    struct expr *e = level >= LEVEL_UNARY ? parse_unary(p) : parse_chain(p, level);
    p->depth--;
    return e;
}

struct expr *parse_expression(struct parser *p)
{
    return parse_level(p, LEVEL_OR);
}
