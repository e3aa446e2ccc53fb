// SPDX-License-Identifier: MIT
// A 16550 serial port (National Semiconductor, PC16550D, section 8). What is sent goes out at once,
// so that the guest never waits.
#ifndef TRAPEZE_VMM_X86_DEVICES_UART_H
#define TRAPEZE_VMM_X86_DEVICES_UART_H

#include <stdbool.h>
#include <stdint.h>

enum { UART_PORT = 0x3f8, UART_IRQ = 4, UART_FIFO = 16 };

struct uart {
    void (*send)(void *of, uint8_t byte); // where what is sent goes
    void *of;
    void (*interrupt)(void *of, bool high); // null: its line is not connected
    void *interrupt_of;

    uint8_t interrupts, line_control, modem_control, scratch, divisor[2];
    uint8_t modem_changes;     // the lower half of the modem status
    bool fifos, overrun, sent; // `sent`: nothing is left to send, and nobody has been told
    uint8_t received[UART_FIFO];
    unsigned first, count, trigger;
};

// With an interrupt line or without; no input so far.
void uart_open(struct uart *u, void (*send)(void *of, uint8_t byte), void *of);

// How many bytes it takes now, none while it is looped back. Where there is no room one is lost, as
// the guest is told unless it has cut the input off by the loop.
unsigned uart_room(const struct uart *u);
void uart_receive(struct uart *u, uint8_t byte);

// For struct port_device; `device` is the struct uart. Eight ports.
uint32_t uart_read(void *device, uint16_t port, unsigned size);
void uart_write(void *device, uint16_t port, unsigned size, uint32_t value);

#endif
