// SPDX-License-Identifier: MIT
// Reading images. Of a text each number must fit its cell and each cell must be there.

#include "vmm/described/image.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/elf.h"

enum { LINE_SHOWN = 160, WORD_SHOWN = 24 };

struct reader {
    struct described *m;
    const char *name, *text, *end;
    const char *at;       // the next character
    uint64_t address;     // of the next cell
    bool loaded, entered; // a cell has been; `entry` was given
    uint64_t entry;
    struct failure *f;
};

// A failure at `place` in the text.
__attribute__((format(printf, 3, 4))) static bool wrong(const struct reader *r, const char *place,
                                                        const char *format, ...)
{
    char line[LINE_SHOWN + 1], message[400];
    const char *start = r->text, *stop;
    size_t number = 1;
    va_list arguments;

    for (const char *c = r->text; c < place; c++)
        if (*c == '\n') number++, start = c + 1;
    for (stop = start; stop < r->end && *stop != '\n';) stop++;
    const size_t length = (size_t)(stop - start);
    const size_t shown = length < LINE_SHOWN ? length : LINE_SHOWN;
    memcpy(line, start, shown);
    for (size_t k = 0; k < shown; k++)
        if (line[k] == '\0') line[k] = ' ';
    line[shown] = '\0';
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return fail_at(r->f, r->name, number, line, (size_t)(place - start), "%s", message);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The number at *at, up to `end` or to what is no part of one; `_` may stand between its digits.
// `what` is for the failure.
static bool number(struct reader *r, const char **at, const char *end, const char *what,
                   uint64_t *value)
{
    const char *start = *at;
    int digits = 0;

    *value = 0;
    for (; *at < end && (digit(**at) >= 0 || (**at == '_' && digits > 0)); ++*at) {
        if (**at == '_') continue;
        digits++;
        if (*value >> 60 != 0)
            return wrong(r, start, "this number has more than 64 bits; expected %s", what);
        *value = *value << 4 | (uint64_t)digit(**at);
    }
    if (digits > 0 && (*at == end || is_space(**at) || **at == '/' || **at == '@')) return true;
    if (*at == end) return wrong(r, *at, "the text ends here; expected %s", what);
    return wrong(r, *at, "unexpected '%c'; expected %s, in hexadecimal",
                 **at > ' ' && **at <= '~' ? **at : '?', what);
}

static bool in_memory(struct reader *r, const char *place, uint64_t address)
{
    if (address < r->m->s.cells_n) return true;
    return wrong(r, place,
                 "address %" PRIx64 " is beyond the memory of machine %s, whose last is %" PRIx64
                 "; --memory can make it larger",
                 address, r->m->s.m->name, r->m->s.cells_n - 1);
}

// `entry = ADDRESS` in the comment of one line from `at` to `end`; anything else is a comment.
static bool directive(struct reader *r, const char *at, const char *end)
{
    static const char word[] = "entry";
    const char *start;

    while (at < end && is_space(*at)) at++;
    if ((size_t)(end - at) < sizeof word || memcmp(at, word, sizeof word - 1) != 0) return true;
    start = at;
    at += sizeof word - 1;
    while (at < end && is_space(*at)) at++;
    if (at == end || *at++ != '=') return true;
    while (at < end && is_space(*at)) at++;
    const char *place = at;
    if (!number(r, &at, end, "the address at which execution begins", &r->entry)) return false;
    if (!in_memory(r, place, r->entry)) return false;
    if (bits_width(r->entry) > r->m->s.m->counter->width)
        return wrong(r, place, "the counter of machine %s has %u bits; this has more",
                     r->m->s.m->name, r->m->s.m->counter->width);
    while (at < end && is_space(*at)) at++;
    if (at != end) return wrong(r, at, "expected nothing behind the entry's address");
    if (r->entered) return wrong(r, start, "a second entry; expected one");
    return r->entered = true;
}

static bool comment(struct reader *r)
{
    const char *start = r->at, *end;

    if (r->end - r->at >= 2 && r->at[1] == '/') {
        for (end = start + 2; end < r->end && *end != '\n';) end++;
        r->at = end;
        return directive(r, start + 2, end);
    }
    if (r->end - r->at >= 2 && r->at[1] == '*') {
        for (end = start + 2; r->end - end >= 2 && !(end[0] == '*' && end[1] == '/');) end++;
        if (r->end - end < 2) return wrong(r, start, "this comment has no end; expected */");
        r->at = end + 2;
        return true;
    }
    return wrong(r, start, "a lone '/'; a comment begins with // or with /*");
}

static bool cell(struct reader *r)
{
    const struct component *memory = r->m->s.m->memory;
    const char *place = r->at;
    uint64_t value;

    if (!number(r, &r->at, r->end, "a number for a cell, an @ADDRESS or a comment", &value))
        return false;
    if (bits_width(value) > memory->width)
        return wrong(r, place, "this number has %u bits; a cell of machine %s has %u",
                     bits_width(value), r->m->s.m->name, memory->width);
    if (!in_memory(r, place, r->address)) return false;
    if (!r->loaded && !r->entered) r->entry = r->address;
    r->loaded = true;
    concrete_store(&r->m->s, r->address++, 1, value);
    return true;
}

static bool text_load(struct reader *r)
{
    while (r->at < r->end) {
        if (is_space(*r->at)) {
            r->at++;
        } else if (*r->at == '/') {
            if (!comment(r)) return false;
        } else if (*r->at == '@') {
            const char *place = r->at++;
            if (!number(r, &r->at, r->end, "an address", &r->address)) return false;
            if (!in_memory(r, place, r->address)) return false;
        } else if (!cell(r)) {
            return false;
        }
    }
    if (!r->loaded)
        return fail(r->f, "%s: has no numbers to load; expected hexadecimal ones, one a cell",
                    r->name);
    if (bits_width(r->entry) <= r->m->s.m->counter->width) return true;
    return fail(r->f,
                "%s: execution would begin at %" PRIx64 ", the first number's address, for which "
                "the counter of machine %s has too few bits; say where: // entry = ADDRESS",
                r->name, r->entry, r->m->s.m->name);
}

// ---------------------------------------------------------------- both

static bool has_bytes(const struct component *memory)
{
    return memory->width == 8 && !memory->big_endian;
}

bool image_load(struct described *m, const char *name, const uint8_t *bytes, size_t size,
                uint64_t *entry, struct failure *f)
{
    static const uint8_t magic[] = {0x7f, 'E', 'L', 'F'};
    const struct description *d = m->s.m;
    struct reader r = {.m = m, .name = name, .f = f};
    struct elf_loaded loaded;
    struct failure why;

    if (size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0) {
        if (!has_bytes(d->memory) || m->s.cells_n > UINT32_MAX)
            return fail(f,
                        "%s: is an ELF file, which is for memories of little-endian bytes; for "
                        "machine %s expected a text of hexadecimal numbers, one a cell",
                        name, d->name);
        if (!elf_load(bytes, size, m->s.cells, (uint32_t)m->s.cells_n, &loaded, &why))
            return fail(f, "%s: %s", name, why.text);
        *entry = loaded.entry;
        return true;
    }
    r.text = r.at = (const char *)bytes;
    r.end = r.text + size;
    if (!text_load(&r)) return false;
    *entry = r.entry;
    return true;
}
