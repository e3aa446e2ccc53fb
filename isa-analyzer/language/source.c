// SPDX-License-Identifier: MIT
// Source texts and the printing of diagnostics.
#include "isa-analyzer/language/source.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

struct line_column source_line(struct span where)
{
    struct line_column r = {1, 1};
    if (!where.source) return r;
    for (size_t i = 0; i < where.at && i < where.source->length; i++) {
        r.column++;
        if (where.source->text[i] == '\n') {
            r.line++;
            r.column = 1;
        }
    }
    return r;
}

struct span span_join(struct span from, struct span to)
{
    if (from.source != to.source || to.at < from.at) return from;
    from.length = to.at + to.length - from.at;
    return from;
}

// Prints the line of `where` and a caret below. Long lines are cut, control characters blanked.
static void show_line(struct diagnostics *d, struct span where, const char *caret_color)
{
    enum { WIDTH = 160 };
    const struct source *s = where.source;
    size_t start = where.at < s->length ? where.at : s->length;
    while (start > 0 && s->text[start - 1] != '\n') start--;
    size_t end = start;
    while (end < s->length && s->text[end] != '\n') end++;
    size_t from = start;
    if (where.at - start > WIDTH - 20) from = where.at - (WIDTH - 20);
    size_t const to = end - from > WIDTH ? from + WIDTH : end;
    fputs("    ", d->out);
    for (size_t i = from; i < to; i++) {
        unsigned char const c = (unsigned char)s->text[i];
        fputc(c < 32 || c == 127 ? ' ' : c, d->out);
    }
    fputs("\n    ", d->out);
    for (size_t i = from; i < where.at; i++) {
        // A continuation byte of UTF-8 takes no room of its own.
        if (((unsigned char)s->text[i] & 0xc0) != 0x80) fputc(' ', d->out);
    }
    fputs(caret_color, d->out);
    fputc('^', d->out);
    for (size_t i = where.at + 1; i < where.at + where.length && i < to; i++) fputc('~', d->out);
    fputs(*caret_color ? "\033[0m\n" : "\n", d->out);
}

static void show(struct diagnostics *d, struct span where, const char *severity, const char *color,
                 const char *format, va_list args) __attribute__((format(printf, 5, 0)));

static void show(struct diagnostics *d, struct span where, const char *severity, const char *color,
                 const char *format, va_list args)
{
    const char *const bold = d->color ? "\033[1m" : "";
    const char *const off = d->color ? "\033[0m" : "";
    if (where.source) {
        struct line_column const p = source_line(where);
        fprintf(d->out, "%s%s:%u:%u:%s ", bold, where.source->file, p.line, p.column, off);
    } else {
        fprintf(d->out, "%sisa-analyzer:%s ", bold, off);
    }
    fprintf(d->out, "%s%s:%s ", d->color ? color : "", severity, off);
    vfprintf(d->out, format, args);
    fputc('\n', d->out);
    if (where.source) show_line(d, where, d->color ? color : "");
}

static unsigned shown_limit(const struct diagnostics *d)
{
    return d->limit ? d->limit : 20;
}

void report_error(struct diagnostics *d, struct span where, const char *format, ...)
{
    if (where.source && d->last_source == where.source && d->last_at == where.at) return;
    d->last_source = where.source;
    d->last_at = where.at;
    d->errors++;
    if (d->errors > shown_limit(d)) {
        if (d->errors == shown_limit(d) + 1)
            fputs("isa-analyzer: too many errors; mend the first ones and run again\n", d->out);
        return;
    }
    va_list args;
    va_start(args, format);
    show(d, where, "error", "\033[1;31m", format, args);
    va_end(args);
}

void report_note(struct diagnostics *d, struct span where, const char *format, ...)
{
    if (d->errors > shown_limit(d)) return;
    va_list args;
    va_start(args, format);
    show(d, where, "note", "\033[1;36m", format, args);
    va_end(args);
}

struct source *source_of_text(struct arena *a, const char *file, const char *text, size_t length)
{
    struct source *s = ARENA_NEW(a, struct source);
    s->file = file;
    s->text = text;
    s->length = length;
    return s;
}

struct source *source_read(struct arena *a, struct diagnostics *d, const char *file,
                           struct span named_at)
{
    struct stat info;
    FILE *f = fopen(file, "rb");
    if (!f || fstat(fileno(f), &info) != 0) {
        report_error(d, named_at, "cannot read '%s': %s", file, strerror(errno));
        if (f) fclose(f);
        return NULL;
    }
    if (S_ISDIR(info.st_mode)) {
        report_error(d, named_at, "'%s' is a directory; expected a description (a .isa file)",
                     file);
        fclose(f);
        return NULL;
    }
    char *text = NULL;
    size_t length = 0, room = 0;
    for (;;) {
        if (length == room) {
            size_t const more = room ? room * 2 : 16 * 1024;
            char *larger = arena_alloc(a, more + 1);
            if (length) memcpy(larger, text, length);
            text = larger;
            room = more;
        }
        size_t const got = fread(text + length, 1, room - length, f);
        length += got;
        if (got == 0 || length > SOURCE_MAX) break;
    }
    bool const failed = ferror(f) != 0;
    fclose(f);
    if (failed || length > SOURCE_MAX) {
        report_error(d, named_at, "cannot read '%s': %s", file,
                     failed ? "the read failed" : "larger than 4 MiB, so not a description");
        return NULL;
    }
    text[length] = 0;
    return source_of_text(a, arena_text(a, file, strlen(file)), text, length);
}
