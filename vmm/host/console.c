// SPDX-License-Identifier: MIT
// Console output.

#include "vmm/host/console.h"

void console_put(void *console, uint8_t byte)
{
    struct console *c = console;

    c->bytes++;
    c->hash = (c->hash ^ byte) * 0x100000001b3; // FNV-1a
    if (c->out == NULL) return;
    putc(byte, c->out);
    c->mid_line = byte != '\n';
}

void console_end_line(struct console *c)
{
    if (c->mid_line) putc('\n', c->out);
    c->mid_line = false;
}
