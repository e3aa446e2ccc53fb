// SPDX-License-Identifier: MIT
// Diagnostics on stderr, and when they are coloured.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/diagnostics.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/host/terminal.h"

static enum color color_when = COLOR_AUTO;

void color_set(enum color when)
{
    color_when = when;
}

bool color_on(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (color_when != COLOR_AUTO) return color_when == COLOR_ALWAYS;
    return isatty(fileno(stream)) && (no_color == NULL || *no_color == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

const char *color_strong(FILE *stream)
{
    return color_on(stream) ? "\033[1m" : "";
}

const char *color_end(FILE *stream)
{
    return color_on(stream) ? "\033[0m" : "";
}

// Everything before the text: `kind` after "vmm: ", in `escape`'s colour.
static void begin(const char *kind, const char *escape)
{
    const bool color = color_on(stderr);

    fflush(stdout);
    fprintf(stderr, "vmm: %s%s%s", color ? escape : "", kind, color ? "\033[0m" : "");
}

void print_error(const char *format, ...)
{
    va_list arguments;

    begin("error: ", "\033[1;31m");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void report_warning(const char *format, ...)
{
    va_list arguments;

    begin("warning: ", "\033[1;35m");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void report(const char *format, ...)
{
    va_list arguments;

    begin("", "");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void report_failure(const struct failure *f)
{
    fflush(stdout);
    if (f->located)
        fprintf(stderr, "%s\n", f->text);
    else
        print_error("%s", f->text);
}

void panic(const char *format, ...)
{
    va_list arguments;

    terminal_restore();
    begin("internal error: ", "\033[1;31m");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    fputs("vmm: this is a fault of vmm, not of the guest; please report it\n", stderr);
    exit(STATUS_FAULT);
}
