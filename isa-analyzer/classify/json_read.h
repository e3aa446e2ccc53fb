// SPDX-License-Identifier: MIT
// JSON files that commands take: read, and what is wrong with them reported on standard error.
#ifndef TRAPEZE_ISA_CLASSIFY_JSON_READ_H
#define TRAPEZE_ISA_CLASSIFY_JSON_READ_H

#include <jansson.h>
#include <stdarg.h>

// The file's object, if its member "schema" is `schema`; null after reporting. The caller owns the
// reference.
json_t *json_read(const char *file, const char *schema);

// Reports a mistake in the file, as `file: error: ...`.
void json_wrong(const char *file, const char *format, va_list list)
    __attribute__((format(printf, 2, 0)));

#endif
