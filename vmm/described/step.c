// SPDX-License-Identifier: MIT
// Watching a step of a machine of any description, and saying it in a line.

#include <inttypes.h>
#include <string.h>

#include "isa-analyzer/semantics/disassemble.h"
#include "vmm/described/trace.h"

enum { TEXT = 96 };

static int digits(unsigned width)
{
    return (int)(width + 3) / 4;
}

const char *described_mode_name(const struct description *d, uint64_t mode)
{
    static char text[24];
    const struct mode_value *x;

    LIST_EACH(x, d->mode->modes)
    if (x->value == mode) return x->name;
    snprintf(text, sizeof text, "mode-%" PRIu64, mode);
    return text;
}

void described_step_take(struct described *m, struct described_step *s)
{
    s->count = m->count;
    s->P = concrete_get(&m->s, m->s.m->counter, 0);
    s->mode = concrete_get(&m->s, m->s.m->mode, 0);
    concrete_fetch(&m->s, &s->word, &s->width);
    s->result = described_step(m);
    if (s->result.interrupt) s->width = 0;
}

// As wide as the widest mode's name, so that columns stand below one another.
static int mode_width(const struct description *d)
{
    const struct mode_value *x;
    size_t widest = 1;

    LIST_EACH(x, d->mode->modes)
    if (strlen(x->name) > widest) widest = strlen(x->name);
    return (int)widest;
}

// As wide as the longest instruction, likewise.
static int word_width(const struct description *d)
{
    const struct instruction *i;
    unsigned longest = d->unit_width;

    LIST_EACH(i, d->instructions)
    if (i->format->width > longest) longest = i->format->width;
    return digits(longest);
}

void described_step_print(FILE *out, const struct description *d, const struct described_step *s)
{
    char text[TEXT] = "", word[20];

    snprintf(word, sizeof word, "%.*s", digits(d->unit_width), "----------------");
    if (s->width != 0) {
        snprintf(word, sizeof word, "%0*" PRIx64, digits(s->width), s->word);
        disassemble(d, s->word, s->width, s->P, text, sizeof text);
    }
    fprintf(out, "%10" PRIu64 " %-*s %0*" PRIx64 " %-*s %-24s", s->count, mode_width(d),
            described_mode_name(d, s->mode), digits(d->counter->width), s->P, word_width(d), word,
            text);
}

bool described_step_print_event(FILE *out, const struct description *d,
                                const struct described_step *s)
{
    const struct described_result *r = &s->result;

    (void)d;
    if (r->reason == RUN_STOP) {
        fprintf(out, "stop code=%" PRIu64, r->value);
        return true;
    }
    if (r->reason != RUN_TRAP && r->reason != RUN_CHECK_STOP) return false;
    fputs(r->reason == RUN_CHECK_STOP ? "check stop" : "", out);
    if (r->cause == NULL) return true;
    fprintf(out, "%strap %s", r->reason == RUN_CHECK_STOP ? ": " : "", r->cause->name);
    if (r->cause->parameter != NULL)
        fprintf(out, " info=%0*" PRIx64, digits(r->cause->parameter_width), r->value);
    return true;
}
