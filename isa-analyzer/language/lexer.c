// SPDX-License-Identifier: MIT
// Source text -> tokens.
#include "isa-analyzer/language/lexer.h"

#include <string.h>

static const char *const kind_texts[] = {
#define X(name, text) text,
    TOKEN_KINDS(X)
#undef X
};

const char *token_kind_text(enum token_kind kind)
{
    return kind_texts[kind];
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_letter(c) || is_digit(c) || c == '_';
}

static char peek(const struct lexer *l, size_t ahead)
{
    return l->at + ahead < l->source->length ? l->source->text[l->at + ahead] : 0;
}

static void skip_space(struct lexer *l)
{
    while (l->at < l->source->length) {
        char const c = l->source->text[l->at];
        if (c == '#') {
            while (l->at < l->source->length && l->source->text[l->at] != '\n') l->at++;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            l->at++;
        } else {
            return;
        }
    }
}

static struct token begin(const struct lexer *l, enum token_kind kind, size_t length)
{
    return (struct token){
        .kind = kind,
        .where = {l->source, (uint32_t)l->at, (uint32_t)length},
        .text = "",
    };
}

static struct token take(struct lexer *l, enum token_kind kind, size_t length)
{
    struct token t = begin(l, kind, length);
    t.text = arena_text(l->arena, l->source->text + l->at, length);
    l->at += length;
    return t;
}

static int digit_value(char c)
{
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 99;
}

// 42, 0x2a, 0b101010, 0o52; '_' may stand between digits.
static struct token number(struct lexer *l)
{
    size_t length = 0;
    while (is_word(peek(l, length))) length++;
    struct token t = take(l, TOKEN_NUMBER, length);
    const char *p = t.text;
    int base = 10;
    unsigned bits_a_digit = 0;
    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'b' || p[1] == 'o')) {
        base = p[1] == 'x' ? 16 : p[1] == 'o' ? 8 : 2;
        bits_a_digit = p[1] == 'x' ? 4 : p[1] == 'o' ? 3 : 1;
        p += 2;
    }
    unsigned digits = 0;
    for (; *p; p++) {
        if (*p == '_') continue;
        int const v = digit_value(*p);
        if (v >= base) {
            report_error(l->diagnostics, t.where,
                         "'%s' is not a number: '%c' is no digit of base %d", t.text, *p, base);
            return t;
        }
        if (t.number > (~(bits)0 - (bits)v) / (bits)base) {
            report_error(l->diagnostics, t.where, "'%s' is too large; at most 128 bits", t.text);
            return t;
        }
        t.number = t.number * (bits)base + (bits)v;
        digits++;
    }
    if (digits == 0)
        report_error(l->diagnostics, t.where, "'%s' has no digits; expected a number", t.text);
    if (digits * bits_a_digit <= WIDTH_MAX) t.digits_width = digits * bits_a_digit;
    return t;
}

// "..." on one line; \" and \\ stand for themselves.
static struct token string(struct lexer *l)
{
    size_t end = 1;
    while (peek(l, end) != '"' && peek(l, end) != '\n' && l->at + end < l->source->length) {
        end +=
            peek(l, end) == '\\' && (peek(l, end + 1) == '"' || peek(l, end + 1) == '\\') ? 2 : 1;
    }
    bool const closed = peek(l, end) == '"';
    struct token t = begin(l, TOKEN_STRING, closed ? end + 1 : end);
    if (!closed)
        report_error(l->diagnostics, t.where,
                     "this string does not end on its line; expected '\"'");
    char *text = arena_text(l->arena, l->source->text + l->at + 1, end - 1);
    size_t out = 0;
    for (size_t i = 0; i < end - 1; i++) {
        if (text[i] == '\\' && i + 1 < end - 1 && (text[i + 1] == '"' || text[i + 1] == '\\')) i++;
        text[out++] = text[i];
    }
    text[out] = 0;
    if (memchr(text, 0, out))
        report_error(l->diagnostics, t.where, "this string holds a zero byte");
    t.text = text;
    l->at += t.where.length;
    return t;
}

struct operator
{
    const char *text;
    enum token_kind kind;
};

// Longest first, so that the first match is the right one.
static const struct operator operators[] = {
    {">>_s", TOKEN_SAR},   {"<=_s", TOKEN_SLE},  {">=_s", TOKEN_SGE},    {"<_s", TOKEN_SLT},
    {">_s", TOKEN_SGT},    {"/_s", TOKEN_SDIV},  {"%_s", TOKEN_SREM},    {":=", TOKEN_ASSIGN},
    {"!=", TOKEN_NE},      {"<=", TOKEN_LE},     {">=", TOKEN_GE},       {"<<", TOKEN_SHL},
    {">>", TOKEN_SHR},     {"++", TOKEN_CONCAT}, {"+:", TOKEN_CELLS},    {"{", TOKEN_LBRACE},
    {"}", TOKEN_RBRACE},   {"(", TOKEN_LPAREN},  {")", TOKEN_RPAREN},    {"[", TOKEN_LBRACKET},
    {"]", TOKEN_RBRACKET}, {",", TOKEN_COMMA},   {";", TOKEN_SEMICOLON}, {":", TOKEN_COLON},
    {".", TOKEN_DOT},      {"=", TOKEN_EQ},      {"<", TOKEN_LT},        {">", TOKEN_GT},
    {"+", TOKEN_PLUS},     {"-", TOKEN_MINUS},   {"*", TOKEN_STAR},      {"/", TOKEN_SLASH},
    {"%", TOKEN_PERCENT},  {"&", TOKEN_AMP},     {"|", TOKEN_BAR},       {"^", TOKEN_CARET},
    {"~", TOKEN_TILDE},
};

struct token lexer_next(struct lexer *l)
{
    skip_space(l);
    if (l->at >= l->source->length) return begin(l, TOKEN_END, 0);
    char const c = peek(l, 0);
    if (is_letter(c)) {
        size_t length = 1;
        while (is_word(peek(l, length))) length++;
        return take(l, TOKEN_WORD, length);
    }
    if (is_digit(c)) return number(l);
    if (c == '"') return string(l);
    if (c == '_' && !is_word(peek(l, 1))) return take(l, TOKEN_ANY, 1);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t const n = strlen(operators[i].text);
        if (l->source->length - l->at < n || memcmp(l->source->text + l->at, operators[i].text, n))
            continue;
        // "a <_same" is not a signed comparison.
        if (operators[i].text[n - 1] == 's' && is_word(peek(l, n))) continue;
        return take(l, operators[i].kind, n);
    }
    struct token t = begin(l, TOKEN_BAD, 1);
    if (c == '_')
        report_error(l->diagnostics, t.where, "a name begins with a letter, not with '_'");
    else if (c == '!')
        report_error(l->diagnostics, t.where,
                     "'!' is no operator; write 'not', or '!=' for unequal");
    else if (c > 32 && c < 127)
        report_error(l->diagnostics, t.where, "'%c' has no meaning here", c);
    else
        report_error(l->diagnostics, t.where,
                     "byte 0x%02x has no meaning here; outside comments and strings a description "
                     "is ASCII text",
                     (unsigned char)c);
    l->at++;
    return t;
}

struct token lexer_machine_name(struct lexer *l)
{
    skip_space(l);
    size_t length = 0;
    while (is_word(peek(l, length)) || peek(l, length) == '-' || peek(l, length) == '.') length++;
    if (length == 0 || !is_letter(peek(l, 0))) return lexer_next(l);
    return take(l, TOKEN_WORD, length);
}
