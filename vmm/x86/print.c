// SPDX-License-Identifier: MIT
// A printf of 64 bits, to the serial line and port 0xE9 or into memory.

#include "vmm/x86/print.h"

#include "vmm/x86/cpu.h"

#include <stdbool.h>

enum { COM1 = 0x3f8, DEBUG_PORT = 0xe9, LINE_STATUS = 5, CAN_SEND = 0x20, ALL_SENT = 0x40 };

void print_open(void)
{
    out8(COM1 + 1, 0);    // no interrupts
    out8(COM1 + 3, 0x80); // the divisor's latch
    out8(COM1 + 0, 1);
    out8(COM1 + 1, 0);
    out8(COM1 + 3, 3); // 8 bits, no parity, one stop bit
    out8(COM1 + 2, 7); // buffers on and empty
    out8(COM1 + 4, 3);
}

// Where text goes: memory, or the console where `to` is null.
struct sink {
    char *to;
    size_t room, length;
};

// Not for ever: there may be no serial line.
static void wait_for(uint8_t status)
{
    for (int i = 0; i < 100000 && !(in8(COM1 + LINE_STATUS) & status); i++) continue;
}

void print_flush(void)
{
    wait_for(ALL_SENT);
}

void print_byte(uint8_t byte)
{
    wait_for(CAN_SEND);
    out8(COM1, byte);
}

static void put(struct sink *s, char c)
{
    if (s->to != NULL) {
        if (s->length + 1 < s->room) s->to[s->length++] = c;
        return;
    }
    out8(DEBUG_PORT, (uint8_t)c);
    print_byte((uint8_t)c);
}

static void number(struct sink *s, uint64_t value, unsigned base, bool negative, int width,
                   char pad)
{
    char digits[24];
    int n = 0;

    do {
        digits[n++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    if (negative) digits[n++] = '-';
    for (int i = n; i < width; i++) put(s, pad);
    while (n > 0) put(s, digits[--n]);
}

static void string(struct sink *s, const char *text, int width, bool left)
{
    int length = 0;

    while (text[length]) length++;
    for (int i = length; !left && i < width; i++) put(s, ' ');
    for (int i = 0; i < length; i++) put(s, text[i]);
    for (int i = length; left && i < width; i++) put(s, ' ');
}

static void format(struct sink *s, const char *text, va_list arguments)
{
    for (; *text; text++) {
        if (*text != '%') {
            put(s, *text);
            continue;
        }
        const bool left = *++text == '-';
        if (left) text++;
        const char pad = *text == '0' ? '0' : ' ';
        int width = 0;
        while (*text >= '0' && *text <= '9') width = 10 * width + *text++ - '0';
        const bool wide = *text == 'l';
        if (wide) text++;

        switch (*text) {
        case 's': string(s, va_arg(arguments, const char *), width, left); break;
        case 'c': put(s, (char)va_arg(arguments, int)); break;
        case 'u':
        case 'x': {
            const uint64_t value =
                wide ? va_arg(arguments, unsigned long) : va_arg(arguments, unsigned);
            number(s, value, *text == 'x' ? 16 : 10, false, width, pad);
            break;
        }
        case 'd': {
            const int64_t value = wide ? va_arg(arguments, long) : va_arg(arguments, int);
            number(s, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, value < 0, width, pad);
            break;
        }
        default: put(s, *text);
        }
    }
}

void print(const char *text, ...)
{
    struct sink s = {0};
    va_list arguments;

    va_start(arguments, text);
    format(&s, text, arguments);
    va_end(arguments);
}

size_t print_into_list(char *to, size_t room, const char *text, va_list arguments)
{
    struct sink s = {.to = to, .room = room};

    format(&s, text, arguments);
    if (room > 0) to[s.length] = 0;
    return s.length;
}

size_t print_into(char *to, size_t room, const char *text, ...)
{
    va_list arguments;

    va_start(arguments, text);
    const size_t length = print_into_list(to, room, text, arguments);
    va_end(arguments);
    return length;
}
