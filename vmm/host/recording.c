// SPDX-License-Identifier: MIT
// Writing and reading recordings.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/file.h"

static const char version[] = "trapeze-input 1";

bool recording_create(struct recording *r, const char *path, struct failure *f)
{
    r->path = path;
    r->file = fopen(path, "we");
    if (r->file == NULL) return fail(f, "%s: cannot be written: %s", path, strerror(errno));
    fprintf(r->file, "%s\n", version);
    return true;
}

void recording_add(struct recording *r, const struct arrival *a)
{
    if (r->file != NULL) fprintf(r->file, "%" PRIu64 " %u\n", a->count, a->byte);
}

void recording_flush(struct recording *r)
{
    if (r->file != NULL) fflush(r->file);
}

bool recording_close(struct recording *r, struct failure *f)
{
    if (r->file == NULL) return true;
    fputs("end\n", r->file);
    const bool bad = ferror(r->file) != 0;
    const bool good = fclose(r->file) == 0 && !bad;
    r->file = NULL;
    return good || fail(f, "%s: cannot be written: %s", r->path, strerror(errno));
}

struct reader {
    const char *path;
    const char *line; // the current one, ended by a null character
    size_t number;    // from 1
    struct arrival *arrivals;
    size_t n, capacity;
};

// Digits at *at, a value up to `most`; *at moves behind them.
static bool digits(const char **at, uint64_t most, uint64_t *value)
{
    const char *c = *at;

    for (*value = 0; *c >= '0' && *c <= '9'; c++) {
        const unsigned digit = (unsigned)(*c - '0');
        if (*value > (most - digit) / 10) return false;
        *value = *value * 10 + digit;
    }
    if (c == *at) return false;
    *at = c;
    return true;
}

static bool read_arrival(struct reader *r, struct failure *f)
{
    const char *at = r->line;
    uint64_t count, byte;

    if (!digits(&at, UINT64_MAX, &count))
        return fail_at(f, r->path, r->number, r->line, 0,
                       "expected a machine count and a byte, or `end`");
    if (r->n > 0 && count < r->arrivals[r->n - 1].count)
        return fail_at(f, r->path, r->number, r->line, 0,
                       "expected a count of at least %" PRIu64 ", that of the byte before",
                       r->arrivals[r->n - 1].count);
    if (*at != ' ')
        return fail_at(f, r->path, r->number, r->line, (size_t)(at - r->line),
                       "expected a space and a byte after the count");
    at++;
    const char *byte_at = at;
    if (!digits(&at, UINT8_MAX, &byte) || *at != '\0')
        return fail_at(f, r->path, r->number, r->line, (size_t)(byte_at - r->line),
                       "expected a byte, 0 to 255, and the end of the line");
    if (r->n == r->capacity) {
        const size_t capacity = r->capacity == 0 ? 1024 : 2 * r->capacity;
        struct arrival *more = realloc(r->arrivals, capacity * sizeof *more);
        if (more == NULL) return fail(f, "%s: no host memory for its %zu bytes", r->path, capacity);
        r->arrivals = more;
        r->capacity = capacity;
    }
    r->arrivals[r->n++] = (struct arrival){count, (uint8_t)byte};
    return true;
}

// `text` is cut into lines in place.
static bool read_lines(struct reader *r, char *text, struct failure *f)
{
    bool versioned = false, ended = false;

    for (char *next = text; next != NULL;) {
        r->line = next;
        r->number++;
        next = strchr(next, '\n');
        if (next != NULL) *next++ = '\0';
        if (*r->line == '#' || *r->line == '\0') continue;
        if (!versioned) {
            if (strcmp(r->line, version) != 0)
                return fail_at(f, r->path, r->number, r->line, 0,
                               "not a recording that this vmm can read: expected `%s`", version);
            versioned = true;
        } else if (ended) {
            return fail_at(f, r->path, r->number, r->line, 0, "expected nothing after `end`");
        } else if (strcmp(r->line, "end") == 0) {
            ended = true;
        } else if (!read_arrival(r, f)) {
            return false;
        }
    }
    if (!versioned)
        return fail_at(f, r->path, r->number, "", 0, "not a recording: expected `%s`", version);
    if (!ended)
        return fail_at(f, r->path, r->number, r->line, 0,
                       "the recording is cut short; add a line `end` to use it as it is");
    return true;
}

bool recording_read(const char *path, struct arrival **arrivals, size_t *n, struct failure *f)
{
    struct reader r = {.path = path};
    uint8_t *bytes;
    size_t size;
    bool good;

    if (!file_read(path, &bytes, &size, f)) return false;
    char *text = realloc(bytes, size + 1);
    if (text == NULL) {
        free(bytes);
        return fail(f, "%s: no host memory for it", path);
    }
    text[size] = '\0';
    const size_t null = strlen(text); // a null character would hide what follows
    if (null != size)
        good = fail(f, "%s: not a recording: it is not text (a null character at byte %zu)", path,
                    null);
    else
        good = read_lines(&r, text, f);
    free(text);
    if (!good) free(r.arrivals);
    *arrivals = good ? r.arrivals : NULL;
    *n = good ? r.n : 0;
    return good;
}
