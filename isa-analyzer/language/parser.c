// SPDX-License-Identifier: MIT
// The parser's basis: tokens at hand, names, numbers, errors. What is parsed has its files:
// parser_item.c, parser_statement.c, parser_expression.c.
#include "isa-analyzer/language/parser.h"

#include <string.h>

// ---------------------------------------------------------------- the basis

// Words that begin an item, and only that.
static const char *const item_words[] = {
    "config",    "state",       "selector",  "format",  "traps",  "function",  "procedure",
    "translate", "fetch",       "undefined", "deliver", "tick",   "interrupt", "wake",
    "reset",     "instruction", "native",    "replace", "remove", "map",
};

// Words that have a meaning elsewhere and so can't be names of one's own.
static const char *const other_words[] = {
    "machine", "extends",   "if",   "then",     "else",   "let",    "require", "trap", "stop",
    "wait",    "checkstop", "case", "when",     "choose", "or",     "and",     "not",  "next",
    "general", "counter",   "mode", "resource", "memory", "device", "signal",
};

static bool word_in(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(word, words[i]) == 0) return true;
    }
    return false;
}

bool is_keyword(const char *word)
{
    return word_in(word, item_words, sizeof item_words / sizeof *item_words) ||
           word_in(word, other_words, sizeof other_words / sizeof *other_words);
}

void parser_advance(struct parser *p)
{
    p->last = p->now.where;
    p->now = p->ahead;
    p->ahead = lexer_next(&p->lexer);
}

bool parser_is(const struct parser *p, enum token_kind kind)
{
    return p->now.kind == kind;
}

bool parser_is_word(const struct parser *p, const char *word)
{
    return p->now.kind == TOKEN_WORD && strcmp(p->now.text, word) == 0;
}

bool parser_accept(struct parser *p, enum token_kind kind)
{
    if (!parser_is(p, kind)) return false;
    parser_advance(p);
    return true;
}

bool parser_accept_word(struct parser *p, const char *word)
{
    if (!parser_is_word(p, word)) return false;
    parser_advance(p);
    return true;
}

void parser_unexpected(struct parser *p, const char *expected)
{
    if (!p->lost && p->now.kind != TOKEN_BAD) {
        if (p->now.kind == TOKEN_WORD)
            report_error(p->diagnostics, p->now.where, "found '%s'; expected %s", p->now.text,
                         expected);
        else
            report_error(p->diagnostics, p->now.where, "found %s; expected %s",
                         token_kind_text(p->now.kind), expected);
    }
    p->lost = true;
}

bool parser_expect(struct parser *p, enum token_kind kind, const char *what)
{
    if (p->lost) return false;
    if (parser_accept(p, kind)) return true;
    parser_unexpected(p, what);
    return false;
}

bool parser_expect_word(struct parser *p, const char *word, const char *what)
{
    if (p->lost) return false;
    if (parser_accept_word(p, word)) return true;
    parser_unexpected(p, what);
    return false;
}

// A name of the author's own; never null (a made-up name after an error).
const char *parser_name(struct parser *p, const char *what, struct span *where)
{
    if (where) *where = p->now.where;
    if (!p->lost && parser_is(p, TOKEN_WORD)) {
        if (is_keyword(p->now.text)) {
            parser_unexpected(p, arena_format(p->arena, "%s ('%s' is a word of the language)", what,
                                              p->now.text));
            return "?";
        }
        const char *name = p->now.text;
        parser_advance(p);
        return name;
    }
    parser_unexpected(p, what);
    return "?";
}

bool parser_number(struct parser *p, const char *what, bits max, bits *value)
{
    *value = 0;
    if (p->lost) return false;
    if (!parser_is(p, TOKEN_NUMBER)) {
        parser_unexpected(p, what);
        return false;
    }
    if (p->now.number > max) {
        report_error(p->diagnostics, p->now.where, "%s is too large here; expected %s", p->now.text,
                     what);
        *value = max;
    } else {
        *value = p->now.number;
    }
    parser_advance(p);
    return true;
}

bool parser_at_item(const struct parser *p)
{
    return p->now.kind == TOKEN_WORD &&
           word_in(p->now.text, item_words, sizeof item_words / sizeof *item_words);
}

unsigned parser_width(struct parser *p, unsigned max)
{
    bits n;
    struct span const where = p->now.where;
    const char *what = arena_format(p->arena, "a width in bits, 1 to %u", max);
    if (!parser_number(p, what, max, &n)) return 1;
    if (n == 0) report_error(p->diagnostics, where, "a width of 0; expected %s", what);
    return n ? (unsigned)n : 1;
}

const char *parser_string(struct parser *p, const char *what)
{
    if (p->lost) return "";
    if (!parser_is(p, TOKEN_STRING)) {
        parser_unexpected(p, what);
        return "";
    }
    const char *text = p->now.text;
    parser_advance(p);
    return text;
}

// A name that stands where no word of the language can, so that even one of those will do: an
// instruction's ("or"), a trap's ("memory"), a mode's ("machine").
const char *parser_any_name(struct parser *p, const char *what, struct span *where)
{
    *where = p->now.where;
    if (p->lost || !parser_is(p, TOKEN_WORD)) {
        parser_unexpected(p, what);
        return "?";
    }
    const char *name = p->now.text;
    parser_advance(p);
    return name;
}
