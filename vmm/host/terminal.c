// SPDX-License-Identifier: MIT
// Raw mode and back.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t raw_fd = -1; // whose attributes have been changed
static struct termios before, raw;

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

void terminal_restore(void)
{
    const int kept = errno;

    if (raw_fd >= 0) tcsetattr(raw_fd, TCSANOW, &before);
    errno = kept;
}

void terminal_again(void)
{
    const int kept = errno;

    if (raw_fd >= 0) tcsetattr(raw_fd, TCSANOW, &raw);
    errno = kept;
}
