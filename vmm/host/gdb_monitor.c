// SPDX-License-Identifier: MIT
// The table of `monitor` commands.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/gdb_monitor.h"

#include <inttypes.h>
#include <string.h>

#include "vmm/host/debugger_print.h"
#include "vmm/host/isa.h"
#include "vmm/host/nearest.h"
#include "vmm/host/numbers.h"

enum { WORDS = 8, LINE = 256, PHYSICAL_MOST = 1024, TRAPS_SHOWN = 20 };

struct words {
    int n;
    char *word[WORDS];
};

static void help(struct debugger *d, const struct words *w, FILE *out);

static bool number(const struct words *w, int k, const char *name, uint64_t most, uint64_t *value,
                   FILE *out)
{
    struct failure f;

    if (k >= w->n) return true;
    if (!parse_count(w->word[k], name, value, &f)) {
        fprintf(out, "%s\n", f.text);
        return false;
    }
    if (*value <= most) return true;
    fprintf(out, "%s: %s is more than %" PRIu64 "\n", name, w->word[k], most);
    return false;
}

static void physical(struct debugger *d, const struct words *w, FILE *out)
{
    const struct machine *m = d->g->m;
    uint64_t address = 0, n = 4;

    if (!number(w, 1, "ADDRESS", m->s.memory_size - 4, &address, out)) return;
    if (!number(w, 2, "WORDS", PHYSICAL_MOST, &n, out)) return;
    print_physical(out, m, (uint32_t)address, n);
}

static void traps(struct debugger *d, const struct words *w, FILE *out)
{
    uint64_t n = TRAPS_SHOWN;

    if (number(w, 1, "N", TRAPS_LOGGED, &n, out)) print_traps(out, d, n);
}

static void show_time(struct debugger *d, const struct words *w, FILE *out)
{
    (void)w;
    print_time(out, d);
}

static void psw(struct debugger *d, const struct words *w, FILE *out)
{
    (void)w;
    print_psw(out, d->g->m);
}

static void map(struct debugger *d, const struct words *w, FILE *out)
{
    (void)w;
    print_map(out, d);
}

static void disassemble_word(struct debugger *d, const struct words *w, FILE *out)
{
    uint64_t word = 0, address = 0;
    char text[128];

    (void)d;
    if (!number(w, 1, "WORD", UINT32_MAX, &word, out)) return;
    if (!number(w, 2, "ADDRESS", UINT32_MAX, &address, out)) return;
    isa_disassemble((uint32_t)word, (uint32_t)address, text, sizeof text);
    fprintf(out, "%s\n", text);
}

static void on_off(bool *flag, const struct words *w, FILE *out)
{
    if (w->n == 2 && strcmp(w->word[1], "on") == 0)
        *flag = true;
    else if (w->n == 2 && strcmp(w->word[1], "off") == 0)
        *flag = false;
    else if (w->n != 1)
        fputs("expected on or off\n", out);
    fprintf(out, "%s is %s\n", w->word[0], *flag ? "on" : "off");
}

static void stop_on_trap(struct debugger *d, const struct words *w, FILE *out)
{
    on_off(&d->stop_on_trap, w, out);
}

static void stop_on_halt(struct debugger *d, const struct words *w, FILE *out)
{
    on_off(&d->stop_on_halt, w, out);
}

static const struct {
    const char *name, *arguments, *help;
    int least, most; // words
    void (*run)(struct debugger *d, const struct words *w, FILE *out);
} commands[] = {
    {"help", "", "print this", 1, 1, help},
    {"psw", "", "the status word, P, R and the timer", 1, 1, psw},
    {"time", "", "steps, instructions and the machine's count", 1, 1, show_time},
    {"traps", "[N]", "the last traps: count, mode, P, cause, information", 1, 2, traps},
    {"physical", "ADDRESS [WORDS]", "memory at a physical address", 2, 3, physical},
    {"map", "", "partitions, from the bare machine to the guest's R", 1, 1, map},
    {"stop-on-trap", "[on|off]", "whether every trap of the guest's stops it", 1, 2, stop_on_trap},
    {"stop-on-halt", "[on|off]", "whether halt stops it before it ends the session", 1, 2,
     stop_on_halt},
    {"disassemble", "WORD ADDRESS", "an instruction as PG32's assembler has it", 3, 3,
     disassemble_word},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static const char *command_name(const void *list, size_t k)
{
    (void)list;
    return k < COMMANDS ? commands[k].name : NULL;
}

static void help(struct debugger *d, const struct words *w, FILE *out)
{
    char left[64];

    (void)d, (void)w;
    for (size_t k = 0; k < COMMANDS; k++) {
        snprintf(left, sizeof left, "%s %s", commands[k].name, commands[k].arguments);
        fprintf(out, "monitor %-26s %s\n", left, commands[k].help);
    }
}

void gdb_monitor(struct debugger *d, const char *line, FILE *out)
{
    char copy[LINE], *rest = NULL, nothing[] = "help";
    struct words w = {0};

    if (strlen(line) >= sizeof copy) {
        fputs("the command is too long; see monitor help\n", out);
        return;
    }
    strcpy(copy, line);
    for (char *word = strtok_r(copy, " \t", &rest); word != NULL && w.n < WORDS;
         word = strtok_r(NULL, " \t", &rest))
        w.word[w.n++] = word;
    if (w.n == 0) w.word[w.n++] = nothing;
    for (size_t k = 0; k < COMMANDS; k++) {
        if (strcmp(w.word[0], commands[k].name) != 0) continue;
        if (w.n < commands[k].least || w.n > commands[k].most)
            fprintf(out, "expected: monitor %s %s\n", commands[k].name, commands[k].arguments);
        else
            commands[k].run(d, &w, out);
        return;
    }
    fprintf(out, "there is no monitor command '%s'; did you mean '%s'? See monitor help\n",
            w.word[0], nearest(w.word[0], command_name, NULL));
}
