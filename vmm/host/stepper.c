// SPDX-License-Identifier: MIT
// The table of the stepper's commands.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/stepper.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/debugger_print.h"
#include "vmm/host/text.h"
#include "vmm/host/line_command.h"
#include "vmm/host/signals.h"
#include "vmm/host/step_screen.h"
#include "vmm/host/step_terminal.h"

enum { WORDS_MOST = 1024, WORDS_SHOWN = 16, TRAPS_SHOWN = 20, CODE_SHOWN = 10 };
enum { SCREEN_ROWS = 40, SCREEN_COLUMNS = 100 };

// ---------------------------------------------------------------- moving

static void start(struct stepper *s)
{
    s->before = s->d.g->m->s;
}

static bool moved(struct stepper *s, struct stop stop, FILE *out)
{
    s->stop = stop;
    if (!s->on_screen) {
        stepper_console(s, out);
        print_stop(out, &s->d, &stop);
        stepper_line(s, out);
    } else {
        print_stop(out, &s->d, &stop);
    }
    return true;
}

static bool step(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    uint64_t n = 1;

    if (!word_number(w, 1, "N", UINT64_MAX, &n, out)) return false;
    if (n == 0) return true;
    start(s);
    return moved(s, debugger_go(&s->d, n), out);
}

static bool back(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    const uint64_t at = s->d.h.at;
    uint64_t n = 1;

    if (!word_number(w, 1, "N", UINT64_MAX, &n, out)) return false;
    start(s);
    debugger_seek(&s->d, n < at ? at - n : 0);
    return moved(s, (struct stop){.kind = n > at ? STOP_BEGIN : STOP_STEP}, out);
}

static bool run(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    uint64_t n = UINT64_MAX;

    if (!word_number(w, 1, "N", UINT64_MAX, &n, out)) return false;
    if (n == 0) return true;
    start(s);
    return moved(s, debugger_go(&s->d, n), out);
}

static bool run_back(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;

    (void)w;
    start(s);
    return moved(s, debugger_go_back(&s->d), out);
}

static bool to(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    uint64_t address = 0;

    if (!word_number(w, 1, "ADDRESS", UINT32_MAX, &address, out)) return false;
    const bool there = debugger_has_break(&s->d, (uint32_t)address);
    if (!debugger_break(&s->d, (uint32_t)address))
        return fputs("too many breakpoints\n", out), false;
    start(s);
    struct stop stop = debugger_go(&s->d, UINT64_MAX);
    if (!there) debugger_clear(&s->d, (uint32_t)address);
    if (!there && stop.kind == STOP_BREAKPOINT && s->d.g->m->s.P == address) stop.kind = STOP_STEP;
    return moved(s, stop, out);
}

static bool go_to(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    struct stop stop = {.kind = STOP_STEP};
    uint64_t at = 0;

    if (!word_number(w, 1, "STEP", UINT64_MAX, &at, out)) return false;
    start(s);
    if (at <= s->d.h.furthest)
        debugger_seek(&s->d, at);
    else
        stop = debugger_go(&s->d, at - s->d.h.at);
    return moved(s, stop, out);
}

// Back in strides, where need be, then forward.
static bool count(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    const struct machine *m = s->d.g->m;
    struct stop stop = {.kind = STOP_STEP};
    uint64_t n = 0;

    if (!word_number(w, 1, "N", UINT64_MAX, &n, out)) return false;
    start(s);
    if (m->count >= n) {
        while (m->count >= n && s->d.h.at > 0)
            debugger_seek(&s->d, history_checkpoint_before(&s->d.h, s->d.h.at));
        while (m->count < n) debugger_seek(&s->d, s->d.h.at + 1);
    } else {
        s->d.until = n;
        stop = debugger_go(&s->d, UINT64_MAX);
        s->d.until = UINT64_MAX;
    }
    return moved(s, stop, out);
}

// ---------------------------------------------------------------- reasons to stop

static bool set_break(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    uint64_t address = s->d.g->m->s.P;

    if (!word_number(w, 1, "ADDRESS", UINT32_MAX, &address, out)) return false;
    if (!debugger_break(&s->d, (uint32_t)address))
        return fputs("too many breakpoints\n", out), false;
    fprintf(out, "breakpoint at %08" PRIx64 "\n", address);
    return true;
}

static bool watch(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    uint64_t address = 0, n = 4;

    if (!word_number(w, 1, "ADDRESS", UINT32_MAX, &address, out)) return false;
    if (!word_number(w, 2, "BYTES", WORDS_MOST, &n, out)) return false;
    if (n == 0 || !debugger_watch(&s->d, (uint32_t)address, (uint32_t)n))
        return fputs(n == 0 ? "expected at least one byte\n" : "too many watchpoints\n", out),
               false;
    fprintf(out, "watching stores to %08" PRIx64 ", %" PRIu64 " bytes\n", address, n);
    return true;
}

// A breakpoint or a watchpoint at the address; without one, all.
static bool clear(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    struct debugger *d = &s->d;
    uint64_t address = 0;
    size_t n = 0;

    if (!word_number(w, 1, "ADDRESS", UINT32_MAX, &address, out)) return false;
    for (size_t k = d->breakpoints_n; k-- > 0;)
        if (w->n == 1 || d->breakpoints[k] == address) n += debugger_clear(d, d->breakpoints[k]);
    for (size_t k = d->watchpoints_n; k-- > 0;)
        if (w->n == 1 || d->watchpoints[k].address == address)
            n += debugger_unwatch(d, d->watchpoints[k].address, d->watchpoints[k].n);
    if (n == 0) return fputs("there is none\n", out), w->n == 1;
    return true;
}

static bool points(void *stepper, const struct words *w, FILE *out)
{
    const struct debugger *d = &((struct stepper *)stepper)->d;

    (void)w;
    for (size_t k = 0; k < d->breakpoints_n; k++)
        fprintf(out, "breakpoint at %08" PRIx32 "\n", d->breakpoints[k]);
    for (size_t k = 0; k < d->watchpoints_n; k++)
        fprintf(out, "watching stores to %08" PRIx32 ", %" PRIu32 " bytes\n",
                d->watchpoints[k].address, d->watchpoints[k].n);
    fprintf(out, "traps %s\n", d->stop_on_trap ? "stop" : "do not stop");
    return true;
}

static bool stop_on_trap(void *stepper, const struct words *w, FILE *out)
{
    struct debugger *d = &((struct stepper *)stepper)->d;

    if (w->n == 2 && strcmp(w->word[1], "on") != 0 && strcmp(w->word[1], "off") != 0)
        return fputs("expected on or off\n", out), false;
    d->stop_on_trap = w->n == 2 ? strcmp(w->word[1], "on") == 0 : !d->stop_on_trap;
    fprintf(out, "traps %s\n", d->stop_on_trap ? "stop" : "do not stop");
    return true;
}

// ---------------------------------------------------------------- looking

static bool registers(void *stepper, const struct words *w, FILE *out)
{
    (void)w;
    stepper_registers(stepper, SCREEN_COLUMNS, out);
    return true;
}

static bool psw(void *stepper, const struct words *w, FILE *out)
{
    (void)w;
    print_psw(out, ((struct stepper *)stepper)->d.g->m);
    return true;
}

static bool show_time(void *stepper, const struct words *w, FILE *out)
{
    (void)w;
    print_time(out, &((struct stepper *)stepper)->d);
    return true;
}

static bool map(void *stepper, const struct words *w, FILE *out)
{
    (void)w;
    print_map(out, &((struct stepper *)stepper)->d);
    return true;
}

static bool traps(void *stepper, const struct words *w, FILE *out)
{
    uint64_t n = TRAPS_SHOWN;

    if (!word_number(w, 1, "N", TRAPS_LOGGED, &n, out)) return false;
    print_traps(out, &((struct stepper *)stepper)->d, n);
    return true;
}

static bool code(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    uint64_t address = s->d.g->m->s.P, n = CODE_SHOWN;

    if (!word_number(w, 1, "ADDRESS", UINT32_MAX, &address, out)) return false;
    if (!word_number(w, 2, "N", WORDS_MOST, &n, out)) return false;
    stepper_code(s, (uint32_t)address, n, out);
    return true;
}

static bool memory(void *stepper, const struct words *w, FILE *out)
{
    const struct debugger *d = &((struct stepper *)stepper)->d;
    uint64_t address = 0, n = WORDS_SHOWN;

    if (!word_number(w, 1, "ADDRESS", UINT32_MAX, &address, out)) return false;
    if (!word_number(w, 2, "WORDS", WORDS_MOST, &n, out)) return false;
    if (print_memory(out, d, (uint32_t)address, n)) return true;
    fprintf(out, "%08" PRIx64 " is outside of R\n", address);
    return false;
}

static bool physical(void *stepper, const struct words *w, FILE *out)
{
    const struct machine *m = ((struct stepper *)stepper)->d.g->m;
    uint64_t address = 0, n = WORDS_SHOWN;

    if (!word_number(w, 1, "ADDRESS", m->s.memory_size - 4, &address, out)) return false;
    if (!word_number(w, 2, "WORDS", WORDS_MOST, &n, out)) return false;
    print_physical(out, m, (uint32_t)address, n);
    return true;
}

static bool screen(void *stepper, const struct words *w, FILE *out)
{
    (void)w;
    stepper_screen(stepper, SCREEN_ROWS, SCREEN_COLUMNS, out);
    return true;
}

// ---------------------------------------------------------------- changing

// After a change the guest may write other things than it had from here on.
static void changed(struct stepper *s)
{
    const uint64_t n = s->d.g->console.printed;

    fseek(s->console_out, (long)n, SEEK_SET);
    if (s->console_shown > n) s->console_shown = n;
}

static bool set(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    uint64_t value = 0;

    for (size_t k = 0; k < PG32_components_n; k++) {
        const struct pg32_component *c = &pg32_components[k];
        for (unsigned i = 0; i < c->count; i++) {
            const char *name = c->offset == offsetof(struct pg32, x) ? pg32_x_names[i] : c->name;
            if (strcmp(name, w->word[1]) != 0) continue;
            if (!word_number(w, 2, name, (UINT64_C(1) << c->width) - 1, &value, out)) return false;
            if (strcmp(name, "ready") == 0 || strcmp(name, pg32_x_names[0]) == 0)
                return fprintf(out, "%s cannot be set\n", name), false;
            debugger_set_processor(&s->d, c->offset + (size_t)i * c->size, &value, c->size);
            changed(s);
            return true;
        }
    }
    fprintf(out, "there is no register '%s'\n", w->word[1]);
    return false;
}

static bool store(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    uint64_t address = 0, value = 0;
    uint32_t physical_address;

    if (!word_number(w, 1, "ADDRESS", UINT32_MAX, &address, out)) return false;
    if (!word_number(w, 2, "WORD", UINT32_MAX, &value, out)) return false;
    if (debugger_translate(&s->d, (uint32_t)address, 4, &physical_address) < 4)
        return fprintf(out, "%08" PRIx64 " is outside of R\n", address), false;
    const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                             (uint8_t)(value >> 24)};
    debugger_set_memory(&s->d, physical_address, bytes, sizeof bytes);
    changed(s);
    return true;
}

// The text, and a newline.
static bool type(void *stepper, const struct words *w, FILE *out)
{
    struct stepper *s = stepper;
    char text[LINE_MOST + 1];
    struct failure f;
    const int n = snprintf(text, sizeof text, "%s\n", w->rest);

    if (debugger_type(&s->d, text, (size_t)n, &f)) return true;
    fprintf(out, "%s\n", f.text);
    return false;
}

static bool quit(void *stepper, const struct words *w, FILE *out)
{
    (void)w, (void)out;
    ((struct stepper *)stepper)->quit = true;
    return true;
}

static bool help(void *stepper, const struct words *w, FILE *out);

static const struct line_command commands[] = {
    {"step", "s", "[N]", "N steps forward, 1 by default: instructions or traps", 1, 2, step},
    {"back", "b", "[N]", "N steps back", 1, 2, back},
    {"run", "r", "[N]", "forward to a reason to stop, N steps at most", 1, 2, run},
    {"run-back", "R", "", "back to the last reason to stop", 1, 1, run_back},
    {"to", NULL, "ADDRESS", "forward until P is there, or another reason to stop", 2, 2, to},
    {"goto", NULL, "STEP", "to a step of the run, from 0, forward or back", 2, 2, go_to},
    {"count", NULL, "N", "to a machine count, forward or back", 2, 2, count},
    {"break", NULL, "[ADDRESS]", "stop where P is there; without an address here", 1, 2, set_break},
    {"watch", NULL, "ADDRESS [BYTES]", "stop after a store there", 2, 3, watch},
    {"clear", NULL, "[ADDRESS]", "no breakpoint or watchpoint there; without an address none", 1, 2,
     clear},
    {"points", NULL, "", "the reasons to stop", 1, 1, points},
    {"stop-on-trap", "t", "[on|off]", "whether every trap is a reason to stop", 1, 2, stop_on_trap},
    {"screen", NULL, "", "all that follows on one screen", 1, 1, screen},
    {"code", "c", "[ADDRESS [N]]", "instructions", 1, 3, code},
    {"registers", "x", "", "x0 to x31; * marks what the last command changed", 1, 1, registers},
    {"psw", "p", "", "the status word, P, R and the timer", 1, 1, psw},
    {"map", "m", "", "partitions, from the bare machine to the guest's R", 1, 1, map},
    {"traps", NULL, "[N]", "the last traps: count, mode, P, cause, information", 1, 2, traps},
    {"time", NULL, "", "steps, instructions and the machine's count", 1, 1, show_time},
    {"memory", NULL, "ADDRESS [WORDS]", "memory through R", 2, 3, memory},
    {"physical", NULL, "ADDRESS [WORDS]", "memory at a physical address", 2, 3, physical},
    {"set", NULL, "REGISTER VALUE", "change a register, P, l, b, M, IE, T or pending", 3, 3, set},
    {"store", NULL, "ADDRESS WORD", "change memory through R", 3, 3, store},
    {"type", NULL, "TEXT", "the text and a newline arrive at the console", 1, 0, type},
    {"quit", "q", "", "end", 1, 1, quit},
    {"help", "?", "", "print this", 1, 1, help},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static bool help(void *stepper, const struct words *w, FILE *out)
{
    (void)w;
    if (((struct stepper *)stepper)->on_screen) {
        fputs("Keys:\n", out);
        step_terminal_help(out);
        fputs("\nCommands, typed after a colon:\n", out);
    }
    stepper_help(out);
    return true;
}

void stepper_do(struct stepper *s, const char *line, FILE *out)
{
    if (!line_run(commands, COMMANDS, "", s, line, out)) s->wrong = true;
}

char *stepper_answer(struct stepper *s, const char *line)
{
    char *text;
    size_t size;
    FILE *out = text_open(&text, &size);
    stepper_do(s, line, out);
    text_close(out);
    return text;
}

void stepper_help(FILE *out)
{
    line_help(commands, COMMANDS, "  ", out);
}

// ---------------------------------------------------------------- from beginning to end

// Ctrl-C ends what a command does, and not the stepper. There is no input that could be waited for.
static bool look(void *stepper, bool wait)
{
    (void)stepper, (void)wait;
    if (signals_stop != SIGINT) return signals_stop != 0;
    signals_stop = 0;
    return true;
}

bool stepper_open(struct stepper *s, struct guest *g, struct failure *f)
{
    s->console_out = open_memstream(&s->console, &s->console_n);
    if (s->console_out == NULL) return fail(f, "no host memory for the console's output");
    g->console.out = s->console_out;
    if (!debugger_open(&s->d, g, f)) return false;
    s->d.look = look;
    s->d.context = s;
    s->before = g->m->s;
    return true;
}

void stepper_close(struct stepper *s)
{
    if (s->d.g != NULL) {
        s->d.g->console.out = NULL;
        debugger_close(&s->d);
    }
    if (s->console_out != NULL) fclose(s->console_out);
    free(s->console);
}
