// SPDX-License-Identifier: MIT
// JUnit XML: a testsuite a job, a testcase a record. CUnit's own output is not well-formed where an
// assertion fails, so it is not used.

#include "tests/junit.h"

// XML 1.0 has no place for most control characters, not even as references.
static void put(FILE *f, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        switch (c) {
        case '<': fputs("&lt;", f); break;
        case '>': fputs("&gt;", f); break;
        case '&': fputs("&amp;", f); break;
        case '"': fputs("&quot;", f); break;
        default: fputc(c < ' ' || c > '~' ? '?' : c, f);
        }
    }
}

static void put_case(FILE *f, const struct job *j, const struct record *r)
{
    fputs("    <testcase classname=\"", f);
    put(f, j->name);
    fputs("\" name=\"", f);
    put(f, r->name);
    if (r->why == NULL) {
        fputs("\"/>\n", f);
        return;
    }
    fputs("\">\n      <failure message=\"", f);
    put(f, r->why);
    fputs("\"/>\n    </testcase>\n", f);
}

bool junit_write(const char *path, const struct job *jobs, size_t n)
{
    FILE *f = fopen(path, "w");

    if (f == NULL) return false;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", f);
    for (size_t i = 0; i < n; i++) {
        const struct job *j = &jobs[i];
        fputs("  <testsuite name=\"", f);
        put(f, j->name);
        fprintf(f, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" time=\"%.3f\">\n", j->records_n,
                j->failures, j->seconds);
        for (size_t k = 0; k < j->records_n; k++) put_case(f, j, &j->records[k]);
        fputs("  </testsuite>\n", f);
    }
    fputs("</testsuites>\n", f);
    const bool good = !ferror(f);
    return fclose(f) == 0 && good;
}
