// SPDX-License-Identifier: MIT
// Writing a failure's text.

#include "vmm/host/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void write_text(struct failure *f, const char *format, va_list arguments)
{
    if (vsnprintf(f->text, sizeof f->text, format, arguments) >= (int)sizeof f->text)
        memcpy(f->text + sizeof f->text - 4, "...", 4);
}

bool fail(struct failure *f, const char *format, ...)
{
    va_list arguments;

    f->located = false;
    va_start(arguments, format);
    write_text(f, format, arguments);
    va_end(arguments);
    return false;
}

bool fail_at(struct failure *f, const char *file, size_t number, const char *line, size_t column,
             const char *format, ...)
{
    enum { SHOWN = 100 }; // characters of the line
    struct failure message = {.located = false};
    char shown[SHOWN + 1];
    va_list arguments;

    va_start(arguments, format);
    write_text(&message, format, arguments);
    va_end(arguments);
    snprintf(shown, sizeof shown, "%s", line);
    for (char *c = shown; *c != '\0'; c++)
        if (*c < ' ' || *c > '~') *c = '?';
    fail(f, "%s:%zu:%zu: error: %s\n  %s\n  %*s^", file, number, column + 1, message.text, shown,
         (int)(column < SHOWN ? column : SHOWN), "");
    f->located = true;
    return false;
}
