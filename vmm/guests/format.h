// SPDX-License-Identifier: MIT
// A small printf for guests without a libc.
#ifndef TRAPEZE_VMM_GUESTS_FORMAT_H
#define TRAPEZE_VMM_GUESTS_FORMAT_H

#include <stdarg.h>

// Gives the text to `put`, a character at a time. %s %c %u %d %x %%, with a width (blanks on the
// left; after -, on the right). %x has eight digits. Numbers are 32 bits.
void format(void (*put)(char c), const char *text, va_list arguments);

#endif
