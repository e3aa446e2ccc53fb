// SPDX-License-Identifier: MIT
// Tokens -> tree. The grammar is in book/isa-language.md; one function here a rule there.
#ifndef TRAPEZE_ISA_LANGUAGE_PARSER_H
#define TRAPEZE_ISA_LANGUAGE_PARSER_H

#include "isa-analyzer/language/lexer.h"
#include "isa-analyzer/language/tree.h"

enum { NESTING_MAX = 200 }; // of expressions and blocks

struct parser {
    struct lexer lexer;
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct token now, ahead; // the token at hand and the one behind it
    struct span last;        // where the token before `now` was
    unsigned depth;
    bool lost; // an error was reported and nothing has been recognized since
};

// Parses a whole description, without what it extends. Never null; errors are reported.
struct description *parse_description(struct arena *a, struct diagnostics *d, struct source *s);

// Between the files of the parser.
void parser_advance(struct parser *p);
bool parser_is(const struct parser *p, enum token_kind kind);
bool parser_is_word(const struct parser *p, const char *word);
bool parser_accept(struct parser *p, enum token_kind kind);
bool parser_accept_word(struct parser *p, const char *word);
bool parser_expect(struct parser *p, enum token_kind kind, const char *what);
bool parser_expect_word(struct parser *p, const char *word, const char *what);
const char *parser_name(struct parser *p, const char *what, struct span *where);
bool parser_number(struct parser *p, const char *what, bits max, bits *value);
unsigned parser_width(struct parser *p, unsigned max);
const char *parser_string(struct parser *p, const char *what);
const char *parser_any_name(struct parser *p, const char *what, struct span *where);
void parser_unexpected(struct parser *p, const char *expected);
bool parser_at_item(const struct parser *p);
bool is_keyword(const char *word);

struct expr *parse_expression(struct parser *p);
void parse_arguments(struct parser *p, struct list *args); // behind '('
void parse_statements(struct parser *p, struct list *body, bool braced);
void parse_parameters(struct parser *p, struct list *parameters);
void parse_map(struct parser *p, struct description *m);
struct expr *new_expr(struct parser *p, enum expr_kind kind, struct span where);

#endif
