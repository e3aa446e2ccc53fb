// SPDX-License-Identifier: MIT
// Raw mode and back.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t raw_fd = -1; // whose attributes have been changed
static volatile sig_atomic_t again;       // it has been, since it was drawn on
static struct termios before, raw;
static const char *leave_text = "", *enter_text = ""; // of the screen

static void say(const char *text)
{
    const ssize_t written = write(STDOUT_FILENO, text, strlen(text));

    (void)written; // a terminal that cannot be written to has nothing to be put back
}

void terminal_raw(int fd)
{
    if (raw_fd >= 0 || !isatty(fd) || tcgetpgrp(fd) != getpgrp()) return;
    if (tcgetattr(fd, &before) != 0) return;
    raw = before;
    raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO | IEXTEN);
    raw.c_iflag &= (tcflag_t) ~(IXON | ISTRIP);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    raw_fd = fd;
    atexit(terminal_restore);
    terminal_again();
}

void terminal_taken(int fd, const struct termios *found, const char *leave, const char *enter)
{
    before = *found;
    if (tcgetattr(fd, &raw) != 0) return;
    leave_text = leave;
    enter_text = enter;
    raw_fd = fd;
    atexit(terminal_restore);
}

void terminal_left(void)
{
    raw_fd = -1;
}

bool terminal_was_restored(void)
{
    return again != 0;
}

void terminal_is_drawn(void)
{
    again = 0;
}

void terminal_restore(void)
{
    const int kept = errno;

    if (raw_fd >= 0) {
        say(leave_text);
        tcsetattr(raw_fd, TCSANOW, &before);
    }
    errno = kept;
}

void terminal_again(void)
{
    const int kept = errno;

    if (raw_fd >= 0) {
        tcsetattr(raw_fd, TCSANOW, &raw);
        say(enter_text);
        again = 1;
    }
    errno = kept;
}
