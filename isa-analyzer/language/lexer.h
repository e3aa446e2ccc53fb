// SPDX-License-Identifier: MIT
// Source text -> tokens. Comments run from '#' to the end of the line; white space only separates.
#ifndef TRAPEZE_ISA_LANGUAGE_LEXER_H
#define TRAPEZE_ISA_LANGUAGE_LEXER_H

#include "isa-analyzer/language/bits.h"
#include "isa-analyzer/language/source.h"

// Each kind with the text by which messages name it.
#define TOKEN_KINDS(X)                                                                             \
    X(END, "the end of the file")                                                                  \
    X(WORD, "a name")                                                                              \
    X(NUMBER, "a number")                                                                          \
    X(STRING, "a string")                                                                          \
    X(BAD, "an unreadable character")                                                              \
    X(LBRACE, "'{'")                                                                               \
    X(RBRACE, "'}'")                                                                               \
    X(LPAREN, "'('")                                                                               \
    X(RPAREN, "')'")                                                                               \
    X(LBRACKET, "'['")                                                                             \
    X(RBRACKET, "']'")                                                                             \
    X(COMMA, "','")                                                                                \
    X(SEMICOLON, "';'")                                                                            \
    X(COLON, "':'")                                                                                \
    X(DOT, "'.'")                                                                                  \
    X(ANY, "'_'")                                                                                  \
    X(ASSIGN, "':='")                                                                              \
    X(EQ, "'='")                                                                                   \
    X(NE, "'!='")                                                                                  \
    X(LT, "'<'")                                                                                   \
    X(LE, "'<='")                                                                                  \
    X(GT, "'>'")                                                                                   \
    X(GE, "'>='")                                                                                  \
    X(SLT, "'<_s'")                                                                                \
    X(SLE, "'<=_s'")                                                                               \
    X(SGT, "'>_s'")                                                                                \
    X(SGE, "'>=_s'")                                                                               \
    X(PLUS, "'+'")                                                                                 \
    X(CONCAT, "'++'")                                                                              \
    X(CELLS, "'+:'")                                                                               \
    X(MINUS, "'-'")                                                                                \
    X(STAR, "'*'")                                                                                 \
    X(SLASH, "'/'")                                                                                \
    X(PERCENT, "'%'")                                                                              \
    X(SDIV, "'/_s'")                                                                               \
    X(SREM, "'%_s'")                                                                               \
    X(AMP, "'&'")                                                                                  \
    X(BAR, "'|'")                                                                                  \
    X(CARET, "'^'")                                                                                \
    X(TILDE, "'~'")                                                                                \
    X(SHL, "'<<'")                                                                                 \
    X(SHR, "'>>'")                                                                                 \
    X(SAR, "'>>_s'")

enum token_kind {
#define X(name, text) TOKEN_##name,
    TOKEN_KINDS(X)
#undef X
};

struct token {
    enum token_kind kind;
    struct span where;
    const char *text; // WORD: the word; STRING: without the quotes
    bits number;      // NUMBER
    unsigned
        digits_width; // NUMBER: bits that its digits spell (0x00 has 8, 0b01 has 2); 0: decimal
};

struct lexer {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct source *source;
    size_t at;
};

const char *token_kind_text(enum token_kind kind);

// The next token; TOKEN_END for ever at the end. Unreadable characters and unterminated strings are
// reported, and come as TOKEN_BAD or as what could be read.
struct token lexer_next(struct lexer *l);

// The next token, read as a machine's name: letters, digits, '-', '_' and '.' ("s360-67").
struct token lexer_machine_name(struct lexer *l);

#endif
