// SPDX-License-Identifier: MIT
// Composing lines and screens.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/step_screen.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/debugger_print.h"
#include "vmm/host/text.h"
#include "vmm/host/isa.h"

static bool word_at(const struct debugger *d, uint32_t address, uint32_t *word)
{
    uint32_t physical;

    if (debugger_translate(d, address, 4, &physical) < 4) return false;
    *word = pg32_load_4(&d->g->m->s, physical);
    return true;
}

void stepper_line(const struct stepper *s, FILE *out)
{
    const struct machine *m = s->d.g->m;
    char text[80] = "outside of R", word_text[9] = "--------";
    uint32_t word;

    if (m->s.P % 4 == 0 && word_at(&s->d, m->s.P, &word)) {
        snprintf(word_text, sizeof word_text, "%08" PRIx32, word);
        isa_disassemble(word, m->s.P, text, sizeof text);
    }
    fprintf(out, "%10" PRIu64 " %c %08" PRIx32 " %s %s\n", m->count, m->s.M ? 'u' : 's', m->s.P,
            word_text, text);
}

void stepper_registers(const struct stepper *s, unsigned columns, FILE *out)
{
    const unsigned width = 15, across = columns >= 8 * width ? 8 : columns >= 4 * width ? 4 : 2;
    const unsigned down = 32 / across;
    const struct pg32 *now = &s->d.g->m->s;

    for (unsigned row = 0; row < down; row++) {
        for (unsigned k = row; k < 32; k += down)
            fprintf(out, "%c%4s %08" PRIx32 "%s", now->x[k] != s->before.x[k] ? '*' : ' ',
                    pg32_x_names[k], now->x[k], k + down < 32 ? " " : "");
        fputc('\n', out);
    }
}

void stepper_code(const struct stepper *s, uint32_t address, uint64_t n, FILE *out)
{
    const uint32_t P = s->d.g->m->s.P;
    char text[80];

    for (uint64_t k = 0; k < n && address + 4 * k <= UINT32_MAX; k++) {
        const uint32_t at = address + 4 * (uint32_t)k;
        uint32_t word;
        fprintf(out, "%s%c %08" PRIx32, at == P ? "=>" : "  ",
                debugger_has_break(&s->d, at) ? '*' : ' ', at);
        if (word_at(&s->d, at, &word)) {
            isa_disassemble(word, at, text, sizeof text);
            fprintf(out, " %08" PRIx32 " %s\n", word, text);
        } else {
            fputs(" -------- outside of R\n", out);
        }
    }
}

static void put_printable(FILE *out, char c)
{
    fputc(isprint((unsigned char)c) || c == '\t' ? c : '?', out);
}

void stepper_console(struct stepper *s, FILE *out)
{
    const uint64_t n = s->d.g->console.bytes;
    bool within = false;

    fflush(s->console_out);
    for (uint64_t k = s->console_shown; k < n; k++) {
        if (!within) fputs("| ", out);
        within = s->console[k] != '\n';
        if (within)
            put_printable(out, s->console[k]);
        else
            fputc('\n', out);
    }
    if (within) fputc('\n', out);
    if (n > s->console_shown) s->console_shown = n;
}

// ---------------------------------------------------------------- a screen

// Lines one after the other, each cut to its width, as many as there is room for.
struct page {
    unsigned rows, columns, row;
    FILE *out;
};

static void put_line(struct page *p, const char *line, size_t n)
{
    if (p->row == p->rows) return;
    p->row++;
    if (n > p->columns) n = p->columns;
    fwrite(line, 1, n, p->out);
    fputc('\n', p->out);
}

// At most `most` lines of a text: the first ones.
static void put_text(struct page *p, const char *text, unsigned most)
{
    for (; *text != '\0' && most > 0; most--) {
        const size_t n = strcspn(text, "\n");
        put_line(p, text, n);
        text += n + (text[n] == '\n');
    }
}

static void put_all(struct page *p, FILE *from, char **text, unsigned most)
{
    text_close(from);
    put_text(p, *text, most);
    free(*text);
}

static void put_title(struct page *p, const struct stepper *s)
{
    const struct tower *t = &s->d.g->tower;
    char *text;
    size_t size;
    FILE *out = text_open(&text, &size);

    fprintf(out, "%s  ", s->d.g->name);
    if (t->depth == 0)
        fputs("bare machine", out);
    else
        fprintf(out, "monitor %s, depth %" PRIu32, t->vms[0].monitor->name, t->depth);
    fprintf(out, "  step %" PRIu64 "/%" PRIu64 "  count %" PRIu64 "\n", s->d.h.at, s->d.h.furthest,
            s->d.g->m->count);
    put_all(p, out, &text, 1);
}

static void put_code(struct page *p, const struct stepper *s, unsigned rows)
{
    const uint32_t P = s->d.g->m->s.P, before = 4 * (rows / 3);
    char *text;
    size_t size;
    FILE *out = text_open(&text, &size);

    stepper_code(s, P >= before ? P - before : P & 3, rows, out);
    put_all(p, out, &text, rows);
}

static void put_registers(struct page *p, const struct stepper *s)
{
    char *text;
    size_t size;
    FILE *out = text_open(&text, &size);

    stepper_registers(s, p->columns, out);
    put_all(p, out, &text, 32);
}

static void put_psw_and_map(struct page *p, const struct stepper *s, unsigned rows)
{
    char *text;
    size_t size;
    FILE *out = text_open(&text, &size);

    print_psw(out, s->d.g->m);
    print_map(out, &s->d);
    put_all(p, out, &text, rows);
}

static void put_traps(struct page *p, const struct stepper *s, unsigned rows)
{
    char *text;
    size_t size;
    FILE *out = text_open(&text, &size);

    print_traps(out, &s->d, rows - 1);
    put_line(p, "traps:", 6);
    put_all(p, out, &text, rows);
}

// The last lines that had been written at this moment.
static void put_console(struct page *p, const struct stepper *s)
{
    const uint64_t n = s->d.g->console.bytes;
    unsigned rows = p->rows - p->row;
    uint64_t from = n;
    char *text;
    size_t size;

    if (rows < 2) return;
    fflush(s->console_out);
    for (rows--; from > 0; from--)
        if (s->console[from - 1] == '\n' && from < n && --rows == 0) break;
    FILE *out = text_open(&text, &size);
    for (uint64_t k = from; k < n; k++)
        if (s->console[k] == '\n')
            fputc('\n', out);
        else
            put_printable(out, s->console[k]);
    put_line(p, "console:", 8);
    put_all(p, out, &text, p->rows);
}

void stepper_screen(const struct stepper *s, unsigned rows, unsigned columns, FILE *out)
{
    const uint32_t depth = s->d.g->tower.depth;
    const unsigned below = 4 + (depth < 6 ? depth : 6); // status and map
    const unsigned spare = rows > 9 + below ? rows - 9 - below : 0;
    struct page p = {.rows = rows, .columns = columns, .out = out};

    put_title(&p, s);
    put_code(&p, s, spare / 3 > 4 ? spare / 3 : 4);
    put_registers(&p, s);
    put_psw_and_map(&p, s, below);
    if (p.rows - p.row > 2) put_traps(&p, s, (p.rows - p.row) / 2);
    put_console(&p, s);
}

char *stepper_screen_text(const struct stepper *s, unsigned rows, unsigned columns)
{
    char *text;
    size_t size;
    FILE *out = text_open(&text, &size);

    stepper_screen(s, rows, columns, out);
    text_close(out);
    return text;
}
