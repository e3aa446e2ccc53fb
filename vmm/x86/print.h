// SPDX-License-Identifier: MIT
// The monitor's console: text on COM1 and on port 0xE9, which Bochs and QEMU pass on at once.
#ifndef TRAPEZE_VMM_X86_PRINT_H
#define TRAPEZE_VMM_X86_PRINT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

// Sets the serial line up: 115200 baud, 8 bits, no interrupts. Before any other call.
void print_open(void);

// One byte as it is, on COM1 only: a guest's.
void print_byte(uint8_t byte);

// Waits until all of it has left the machine.
void print_flush(void);

// printf with %s %c %u %d %x, of which l makes the numbers 64 bits wide, a width, and 0 or - before
// it. Lines end with \n.
__attribute__((format(printf, 1, 2))) void print(const char *text, ...);

// The same into `room` bytes at `to`, always ended by a zero; what does not fit is left out. The
// length of what is there.
__attribute__((format(printf, 3, 4))) size_t print_into(char *to, size_t room, const char *text,
                                                        ...);
__attribute__((format(printf, 3, 0))) size_t print_into_list(char *to, size_t room,
                                                             const char *text, va_list arguments);

#endif
