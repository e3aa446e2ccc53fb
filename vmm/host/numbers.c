// SPDX-License-Identifier: MIT
// Parsing and printing of counts and sizes.

#include "vmm/host/numbers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };

// A number at the start of `text`: digits only, no sign. Returns where it ends; null: there is
// none, or it is 2^64 or more.
static const char *number(const char *text, uint64_t *value)
{
    const bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = hexadecimal ? text + 2 : text;
    char *end;

    if (strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789") == 0) return NULL;
    errno = 0;
    *value = strtoull(digits, &end, hexadecimal ? 16 : 10);
    return errno == 0 ? end : NULL;
}

struct memory_text memory_text(uint64_t bytes)
{
    static const char suffix[] = "\0KMG";
    struct memory_text t;
    int k = 0;

    while (k < 3 && bytes != 0 && bytes % 1024 == 0) {
        bytes /= 1024;
        k++;
    }
    snprintf(t.text, sizeof t.text, "%" PRIu64 "%.1s", bytes, suffix + k);
    return t;
}

bool parse_count(const char *text, const char *name, uint64_t *value, struct failure *f)
{
    uint64_t parsed;
    const char *end = number(text, &parsed);

    if (end == NULL || *end != '\0')
        return fail(f, "%s: expected a number from 0 to %" PRIu64 ", not '%s'", name, UINT64_MAX,
                    text);
    *value = parsed;
    return true;
}

bool parse_memory(const char *text, const char *name, uint32_t *bytes, struct failure *f)
{
    static const char suffixes[] = "KkMmGg";
    uint64_t value = 0;
    unsigned shift = 0;
    const char *end = number(text, &value);
    const char *suffix = end == NULL || *end == '\0' ? NULL : strchr(suffixes, *end);

    if (suffix != NULL) {
        shift = 10 * (unsigned)((suffix - suffixes) / 2 + 1);
        end++;
    }
    if (end == NULL || *end != '\0')
        return fail(f, "%s: expected bytes, or a number with K, M or G, not '%s'; for example 16M",
                    name, text);
    if (value > PG32_MEMORY_MOST >> shift)
        return fail(f, "%s: %s is more than PG32 can address; the most is %s (4 GiB - 4 KiB)", name,
                    text, memory_text(PG32_MEMORY_MOST).text);
    value <<= shift;
    if (value == 0) return fail(f, "%s: %s is no memory; the least is 4K", name, text);
    if (value % PAGE != 0) {
        const uint64_t below = value / PAGE * PAGE;
        return fail(f, "%s: %s is not a multiple of 4 KiB; the nearest %s %s%s%s", name, text,
                    below == 0 || below == PG32_MEMORY_MOST ? "is" : "are",
                    memory_text(below == 0 ? PAGE : below).text,
                    below == 0 || below == PG32_MEMORY_MOST ? "" : " and ",
                    below == 0 || below == PG32_MEMORY_MOST ? "" : memory_text(below + PAGE).text);
    }
    *bytes = (uint32_t)value;
    return true;
}
