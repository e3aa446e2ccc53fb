// SPDX-License-Identifier: MIT
// The terminal on which the guest's input is typed.
#ifndef TRAPEZE_VMM_HOST_TERMINAL_H
#define TRAPEZE_VMM_HOST_TERMINAL_H

#include <stdbool.h>
#include <termios.h>

// Where `fd` is a terminal that this process is in the foreground of: from now on each key reaches
// read() at once and is not echoed, which is the guest's affair. Enter stays a newline, output is
// processed as before, and Ctrl-C, Ctrl-\ and Ctrl-Z still make signals. The terminal is put back
// at exit. For the signals that end or suspend the process see signals.h.
void terminal_raw(int fd);

// The same for a program that draws on the whole terminal: it has found it with the attributes
// `found`, and has changed them; `leave` and `enter` are what is written to give the screen back
// and to take it again, and stay. terminal_left: it has put all of it back itself.
void terminal_taken(int fd, const struct termios *found, const char *leave, const char *enter);
void terminal_left(void);

// Whether the process was suspended since terminal_is_drawn was last called: then what was drawn is
// gone.
bool terminal_was_restored(void);
void terminal_is_drawn(void);

// Puts the terminal back as terminal_raw found it; terminal_again makes it raw again. Both may be
// called at any time, in signal handlers too, and do nothing where terminal_raw did nothing.
void terminal_restore(void);
void terminal_again(void);

#endif
