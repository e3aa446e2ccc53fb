// SPDX-License-Identifier: MIT
// A small printf for guests without a libc.
#include <stdbool.h>
#include <stdint.h>
#include "vmm/guests/format.h"

// The digits of `value` in `base`, at least `least` of them, ending at `end`; where they begin.
static char *digits(char *end, uint32_t value, uint32_t base, int least)
{
    for (; value != 0 || least > 0; least--) {
        *--end = "0123456789abcdef"[value % base];
        value /= base;
    }
    return end;
}

static void pad(void (*put)(char c), int blanks)
{
    while (blanks-- > 0) put(' ');
}

void format(void (*put)(char c), const char *text, va_list arguments)
{
    for (; *text; text++) {
        if (*text != '%') {
            put(*text);
            continue;
        }
        bool left = *++text == '-';
        if (left) text++;
        int width = 0;
        while (*text >= '0' && *text <= '9') width = 10 * width + *text++ - '0';

        char number[16];
        char *end = number + sizeof number - 1, *s = end;
        *end = 0;
        switch (*text) {
        case 's': s = va_arg(arguments, char *); break;
        case 'c': *--s = (char)va_arg(arguments, int); break;
        case 'u': s = digits(end, va_arg(arguments, uint32_t), 10, 1); break;
        case 'x': s = digits(end, va_arg(arguments, uint32_t), 16, 8); break;
        case 'd': {
            int32_t value = va_arg(arguments, int32_t);
            s = digits(end, value < 0 ? -(uint32_t)value : (uint32_t)value, 10, 1);
            if (value < 0) *--s = '-';
            break;
        }
        default: *--s = *text;
        }
        int length = 0;
        while (s[length]) length++;
        if (!left) pad(put, width - length);
        for (int i = 0; i < length; i++) put(s[i]);
        if (left) pad(put, width - length);
    }
}
