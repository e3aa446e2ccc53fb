// SPDX-License-Identifier: MIT
// The table of `monitor` commands.

#include "vmm/host/gdb_monitor.h"

#include <string.h>

#include "vmm/host/debugger_print.h"
#include "vmm/host/isa.h"
#include "vmm/host/line_command.h"

enum { PHYSICAL_MOST = 1024, TRAPS_SHOWN = 20 };

static bool help(void *debugger, const struct words *w, FILE *out);

static bool physical(void *debugger, const struct words *w, FILE *out)
{
    const struct machine *m = ((struct debugger *)debugger)->g->m;
    uint64_t address = 0, n = 4;

    if (!word_number(w, 1, "ADDRESS", m->s.memory_size - 4, &address, out)) return false;
    if (!word_number(w, 2, "WORDS", PHYSICAL_MOST, &n, out)) return false;
    print_physical(out, m, (uint32_t)address, n);
    return true;
}

static bool traps(void *debugger, const struct words *w, FILE *out)
{
    uint64_t n = TRAPS_SHOWN;

    if (!word_number(w, 1, "N", TRAPS_LOGGED, &n, out)) return false;
    print_traps(out, debugger, n);
    return true;
}

static bool show_time(void *debugger, const struct words *w, FILE *out)
{
    (void)w;
    print_time(out, debugger);
    return true;
}

static bool psw(void *debugger, const struct words *w, FILE *out)
{
    (void)w;
    print_psw(out, ((struct debugger *)debugger)->g->m);
    return true;
}

static bool map(void *debugger, const struct words *w, FILE *out)
{
    (void)w;
    print_map(out, debugger);
    return true;
}

static bool disassemble_word(void *debugger, const struct words *w, FILE *out)
{
    uint64_t word = 0, address = 0;
    char text[128];

    (void)debugger;
    if (!word_number(w, 1, "WORD", UINT32_MAX, &word, out)) return false;
    if (!word_number(w, 2, "ADDRESS", UINT32_MAX, &address, out)) return false;
    isa_disassemble((uint32_t)word, (uint32_t)address, text, sizeof text);
    fprintf(out, "%s\n", text);
    return true;
}

static bool on_off(bool *flag, const struct words *w, FILE *out)
{
    if (w->n == 2 && strcmp(w->word[1], "on") == 0)
        *flag = true;
    else if (w->n == 2 && strcmp(w->word[1], "off") == 0)
        *flag = false;
    else if (w->n == 2)
        return fputs("expected on or off\n", out), false;
    fprintf(out, "%s is %s\n", w->word[0], *flag ? "on" : "off");
    return true;
}

static bool stop_on_trap(void *debugger, const struct words *w, FILE *out)
{
    return on_off(&((struct debugger *)debugger)->stop_on_trap, w, out);
}

static bool stop_on_halt(void *debugger, const struct words *w, FILE *out)
{
    return on_off(&((struct debugger *)debugger)->stop_on_halt, w, out);
}

static const struct line_command commands[] = {
    {"help", NULL, "", "print this", 1, 1, help},
    {"psw", NULL, "", "the status word, P, R and the timer", 1, 1, psw},
    {"time", NULL, "", "steps, instructions and the machine's count", 1, 1, show_time},
    {"traps", NULL, "[N]", "the last traps: count, mode, P, cause, information", 1, 2, traps},
    {"physical", NULL, "ADDRESS [WORDS]", "memory at a physical address", 2, 3, physical},
    {"map", NULL, "", "partitions, from the bare machine to the guest's R", 1, 1, map},
    {"stop-on-trap", NULL, "[on|off]", "whether every trap of the guest's stops it", 1, 2,
     stop_on_trap},
    {"stop-on-halt", NULL, "[on|off]", "whether halt stops it before it ends the session", 1, 2,
     stop_on_halt},
    {"disassemble", NULL, "WORD ADDRESS", "an instruction as PG32's assembler has it", 3, 3,
     disassemble_word},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static bool help(void *debugger, const struct words *w, FILE *out)
{
    (void)debugger, (void)w;
    line_help(commands, COMMANDS, "monitor ", out);
    return true;
}

void gdb_monitor(struct debugger *d, const char *line, FILE *out)
{
    line_run(commands, COMMANDS, "monitor ", d, *line != '\0' ? line : "help", out);
}
