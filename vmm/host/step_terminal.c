// SPDX-License-Identifier: MIT
// Drawing with ncurses, and what the keys do.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/step_terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/host/line_command.h"
#include "vmm/host/signals.h"
#include "vmm/host/step_screen.h"
#include "vmm/host/terminal.h"

#include <curses.h> // last: these two have macros with everybody's names
#include <term.h>

enum {
    BELOW = 2,
    MARKED = 14,
    LOOK = 100,
    CONTROL_L = 'L' & 31,
    CONTROL_U = 'U' & 31,
    ESCAPE = 27
};

static const struct {
    int key, also; // 0: none
    const char *command, *name, *help;
} keys[] = {
    {'s', ' ', "step", "s, blank", "a step forward"},
    {KEY_RIGHT, KEY_DOWN, "step", "right, down", "the same"},
    {'b', KEY_BACKSPACE, "back", "b, backspace", "a step back"},
    {KEY_LEFT, KEY_UP, "back", "left, up", "the same"},
    {KEY_NPAGE, 0, "step 100", "page down", "100 steps forward"},
    {KEY_PPAGE, 0, "back 100", "page up", "100 steps back"},
    {KEY_HOME, 0, "goto 0", "home", "to the first step"},
    {'r', 0, "run", "r", "forward to a reason to stop; Ctrl-C is one"},
    {'R', 0, "run-back", "R", "back to the last one"},
    {'.', 0, "break", ".", "a breakpoint here"},
    {'t', 0, "stop-on-trap", "t", "traps are a reason to stop, or not any more"},
    {':', 0, NULL, ":", "type a command"},
    {'?', 0, "help", "?", "this"},
    {'q', 0, "quit", "q", "end"},
};

enum { KEYS = sizeof keys / sizeof keys[0] };

void step_terminal_help(FILE *out)
{
    for (size_t k = 0; k < KEYS; k++) fprintf(out, "  %-14s %s\n", keys[k].name, keys[k].help);
}

// ---------------------------------------------------------------- drawing

// The next key, or ERR where the user wants to end: now and then signals are looked at.
static int next_key(void)
{
    int key;

    do key = getch();
    while (key == ERR && signals_stop == 0 && !terminal_was_restored());
    return key;
}

// A line of text, with what is marked in it.
static void draw_line(int row, const char *line, int n)
{
    const bool here = n >= 2 && line[0] == '=' && line[1] == '>';
    int left = 0; // characters of what a * marks

    attrset(row == 0 ? A_REVERSE : here ? A_BOLD : A_NORMAL);
    move(row, 0);
    for (int k = 0; k < n; k++) {
        if (line[k] == '*') left = MARKED;
        if (left == MARKED) attron(A_BOLD);
        addch((unsigned char)line[k]);
        if (left > 0 && --left > 0) continue;
        if (!here && row != 0) attroff(A_BOLD);
    }
    attrset(A_NORMAL);
}

static void draw_text(const char *text, int row, int end)
{
    for (; *text != '\0' && row < end; row++) {
        const int n = (int)strcspn(text, "\n");
        draw_line(row, text, n < COLS ? n : COLS);
        text += n + (text[n] == '\n');
    }
}

static void draw(const struct stepper *s, const char *message)
{
    const int n = (int)strcspn(message, "\n");

    erase();
    if (LINES < SCREEN_ROWS_LEAST || COLS < SCREEN_COLUMNS_LEAST) {
        mvaddnstr(0, 0, "the terminal is too small", COLS);
        refresh();
        return;
    }
    char *text = stepper_screen_text(s, (unsigned)(LINES - BELOW), (unsigned)COLS);
    draw_text(text, 0, LINES - BELOW);
    free(text);
    draw_line(LINES - 2, message, n < COLS ? n : COLS);
    mvaddnstr(LINES - 1, 0, "s step  b back  r run  R run back  : command  ? help  q quit",
              COLS - 1);
    refresh();
}

// Text that needs more than a line, screen after screen.
static void show(const char *text)
{
    while (*text != '\0' && signals_stop == 0) {
        erase();
        for (int row = 0; row < LINES - 1 && *text != '\0'; row++) {
            const int n = (int)strcspn(text, "\n");
            mvaddnstr(row, 0, text, n < COLS ? n : COLS);
            text += n + (text[n] == '\n');
        }
        mvaddnstr(LINES - 1, 0, *text != '\0' ? "any key: more" : "any key: back", COLS - 1);
        refresh();
        next_key();
    }
}

// ---------------------------------------------------------------- commands

// A command typed on the last line; false where the user has thought better of it.
static bool type_command(char *line, size_t size)
{
    size_t n = 0;

    for (;;) {
        line[n] = '\0';
        move(LINES - 1, 0);
        clrtoeol();
        mvaddnstr(LINES - 1, 0, ":", 1);
        addnstr(line, COLS > 2 ? COLS - 2 : 0);
        refresh();
        const int key = next_key();
        if (key == '\n' || key == '\r' || key == KEY_ENTER) return true;
        if (key == ERR || key == ESCAPE) return false;
        if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
            if (n == 0) return false;
            n--;
        } else if (key == CONTROL_U) {
            n = 0;
        } else if (key >= ' ' && key < 127 && n + 1 < size) {
            line[n++] = (char)key;
        }
    }
}

// Does a command; its only line goes to the message, more are shown by themselves.
static void obey(struct stepper *s, const char *command, char *message, size_t size)
{
    char *text = stepper_answer(s, command);

    message[0] = '\0';
    const char *end = strchr(text, '\n');
    if (end != NULL && end[1] != '\0')
        show(text);
    else
        snprintf(message, size, "%s", text);
    free(text);
}

static void loop(struct stepper *s)
{
    char message[256] = "", line[LINE_MOST];

    while (!s->quit && signals_stop == 0) {
        draw(s, message);
        const int key = next_key();
        if (terminal_was_restored() || key == CONTROL_L || key == KEY_RESIZE) {
            terminal_is_drawn();
            clearok(curscr, TRUE);
            continue;
        }
        for (size_t k = 0; k < KEYS; k++) {
            if (key == ERR || (keys[k].key != key && keys[k].also != key)) continue;
            if (keys[k].command != NULL)
                obey(s, keys[k].command, message, sizeof message);
            else if (type_command(line, sizeof line))
                obey(s, line, message, sizeof message);
            break;
        }
    }
}

// What the terminal does something by; nothing where it does not do it.
static const char *capability(const char *name)
{
    const char *text = tigetstr((char *)name);

    return text != NULL && text != (char *)-1 ? text : "";
}

bool step_terminal(struct stepper *s, struct failure *f)
{
    static char leave[128], enter[128]; // of the screen, and the cursor
    struct termios found;

    if (tcgetattr(STDIN_FILENO, &found) != 0) return fail(f, "standard input is no terminal");
    SCREEN *screen = newterm(NULL, stdout, stdin);
    if (screen == NULL)
        return fail(f, "TERM names no terminal that can be drawn on; commands from a pipe do "
                       "without: echo step | vmm step GUEST.elf");
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
    timeout(LOOK);
    curs_set(0);
    snprintf(leave, sizeof leave, "%s%s", capability("rmcup"), capability("cnorm"));
    snprintf(enter, sizeof enter, "%s%s", capability("smcup"), capability("civis"));
    terminal_taken(STDIN_FILENO, &found, leave, enter);
    s->on_screen = true;
    loop(s);
    terminal_left();
    curs_set(1);
    endwin();
    delscreen(screen);
    return true;
}
