// SPDX-License-Identifier: MIT
// What all JSON files that are read have in common.
#include "isa-analyzer/classify/json_read.h"

#include <stdio.h>
#include <string.h>

void json_wrong(const char *file, const char *format, va_list list)
{
    fprintf(stderr, "%s: error: ", file);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
}

json_t *json_read(const char *file, const char *schema)
{
    json_error_t e;
    json_t *j = json_load_file(file, JSON_REJECT_DUPLICATES, &e);
    if (!j) {
        if (e.line > 0)
            fprintf(stderr, "%s:%d:%d: error: %s\n", file, e.line, e.column, e.text);
        else
            fprintf(stderr, "isa-analyzer: error: %s\n", e.text);
        return NULL;
    }
    const char *found = json_string_value(json_object_get(j, "schema"));
    if (found && strcmp(found, schema) == 0) return j;
    fprintf(stderr, "%s: error: the member \"schema\" is %s%s%s; expected \"%s\"\n", file,
            found ? "\"" : "", found ? found : "missing or no string", found ? "\"" : "", schema);
    json_decref(j);
    return NULL;
}
