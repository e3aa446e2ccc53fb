// SPDX-License-Identifier: MIT
// Where the virtual machines' serial lines end: on the one of the real machine. Either line by line
// with the machine's name in front; or as a terminal, which shows one of them, the one that has the
// focus, and gives it what is typed. The hot key is Ctrl-]; what may follow it, `?` tells.
#ifndef TRAPEZE_VMM_X86_CONSOLE_H
#define TRAPEZE_VMM_X86_CONSOLE_H

#include "vmm/x86/vm.h"

enum { CONSOLE_LINE = 120, CONSOLE_KEPT = 16384, CONSOLES = 4 };

struct console {
    struct vm *vm;
    bool lines; // line by line
    char line[CONSOLE_LINE + 1];
    unsigned length;
    uint8_t kept[CONSOLE_KEPT]; // the last of what was sent, to be shown when the focus comes back
    uint64_t sent, shown;       // how much it was, and how much of it the real line has got
};

// A console for v, line by line.
void console_open_lines(struct console *c, struct vm *v);

// A console for v, which has a board, as a terminal; the first one has the focus. From now on the
// real serial line interrupts when something is typed.
void console_open_terminal(struct console *c, struct vm *v);

// What v's serial port sends; `console` is a struct console.
void console_send(void *console, uint8_t byte);

// Shows what is left of a line that has not ended.
void console_flush(struct console *c);

// Serves the real serial line, which has interrupted or may have something: what has been typed is
// passed on as far as the guest's serial port has room, what waits to be shown is sent as far as it
// goes at once.
void console_serve(void);

// Waits until all has been sent, so that the monitor's own words come behind it.
void console_drain(void);

// Whether somebody has asked for the end of it all.
bool console_is_over(void);

// Prints the text on v's VGA, each row behind the machine's name.
void console_print_vga(struct vm *v);

#endif
