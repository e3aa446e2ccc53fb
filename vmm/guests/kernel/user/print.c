// SPDX-License-Identifier: MIT
// print for user programs: a line is collected and written by one system call.
#include "vmm/guests/format.h"
#include "vmm/guests/kernel/user/user.h"

static char line[80];
static uint32_t line_n;

static void put(char c)
{
    line[line_n++] = c;
    if (c == '\n' || line_n == sizeof line) {
        write(line, line_n);
        line_n = 0;
    }
}

void print(const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    format(put, text, arguments);
    va_end(arguments);
}
