// SPDX-License-Identifier: MIT
// A 16550, as far as a guest that polls sees it: what it sends is shown line by line; nothing is
// ever received, and it does not interrupt.
#ifndef TRAPEZE_VMM_X86_DEVICES_UART_H
#define TRAPEZE_VMM_X86_DEVICES_UART_H

#include "vmm/x86/vm.h"

enum { UART_PORT = 0x3f8, UART_LINE = 120 };

struct uart {
    const char *name; // shown in front of each line
    uint8_t interrupts, line_control, modem_control, scratch, divisor[2];
    char line[UART_LINE + 1];
    unsigned length;
};

// Puts it at v's ports 0x3F8 to 0x3FF; `u` is v's as long as v runs.
void uart_open(struct uart *u, struct vm *v);

// Shows what is left of a line that has not ended.
void uart_flush(struct uart *u);

#endif
