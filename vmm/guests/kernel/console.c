// SPDX-License-Identifier: MIT
// The console: output with the writer's name before each line, input through a buffer.
#include "vmm/guests/kernel/kernel.h"
#include "vmm/guests/format.h"

static char input[256];
static unsigned input_from, input_n;
static const struct task *writer; // whose line is unfinished, if one is

static void put(char c)
{
    out((unsigned char)c, PORT_CONSOLE);
}

static void end_line(void)
{
    if (writer) put('\n');
    writer = 0;
}

// The kernel's own output.
void print(const char *text, ...)
{
    va_list arguments;
    end_line();
    va_start(arguments, text);
    format(put, text, arguments);
    va_end(arguments);
}

// A task's output. Another task's unfinished line is ended first.
void print_of(const struct task *t, const char *text, uint32_t n)
{
    if (writer != t) end_line();
    for (uint32_t i = 0; i < n; i++) {
        if (!writer) print("%8s | ", t->name);
        put(text[i]);
        writer = text[i] == '\n' ? 0 : t;
    }
}

// Take all bytes that wait: the console interrupts until it has none. What the buffer has no room
// for is lost.
void console_fill(void)
{
    uint32_t byte;
    while ((byte = in(PORT_CONSOLE)) != -1u)
        if (input_n < sizeof input) input[(input_from + input_n++) % sizeof input] = (char)byte;
}

// The next byte of input, if there is one.
bool console_get(char *c)
{
    if (!console_waits()) return false;
    *c = input[input_from];
    input_from = (input_from + 1) % sizeof input;
    input_n--;
    return true;
}

bool console_waits(void)
{
    if (input_n == 0 && (CONSOLE_READY & in(PORT_CONSOLE_STATUS)) != 0) console_fill();
    return input_n != 0;
}
