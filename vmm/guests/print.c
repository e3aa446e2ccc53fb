// SPDX-License-Identifier: MIT
// print for bare guests in C.
#include "vmm/guests/format.h"
#include "vmm/guests/pg32.h"
#include "vmm/guests/print.h"

static void put(char c)
{
    out((unsigned char)c, PORT_CONSOLE);
}

void print(const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    format(put, text, arguments);
    va_end(arguments);
}
