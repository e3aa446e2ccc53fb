// SPDX-License-Identifier: MIT
// Console output.

#include "vmm/host/console.h"

void console_flush(struct console *c)
{
    if (c->line_n == 0) return;
    fprintf(c->out, "%s: ", c->prefix);
    fwrite(c->line, 1, c->line_n, c->out);
    if (c->line[c->line_n - 1] != '\n') putc('\n', c->out);
    c->line_n = 0;
    c->mid_line = false;
}

void console_put(void *console, uint8_t byte)
{
    struct console *c = console;

    c->bytes++;
    c->hash = (c->hash ^ byte) * 0x100000001b3; // FNV-1a
    if (c->out == NULL || c->bytes <= c->printed) return;
    c->printed = c->bytes;
    c->mid_line = byte != '\n';
    if (c->prefix == NULL) {
        putc(byte, c->out);
        return;
    }
    c->line[c->line_n++] = (char)byte;
    if (byte == '\n' || c->line_n == sizeof c->line) console_flush(c);
}

void console_end_line(struct console *c)
{
    if (c->prefix != NULL)
        console_flush(c);
    else if (c->mid_line)
        putc('\n', c->out);
    c->mid_line = false;
}
