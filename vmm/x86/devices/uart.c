// SPDX-License-Identifier: MIT
// The 16550's registers (National Semiconductor, PC16550D, section 8).

#include "vmm/x86/devices/uart.h"

#include "vmm/x86/allocator.h"
#include "vmm/x86/print.h"

enum { DATA, INTERRUPTS, IDENTIFICATION, LINE_CONTROL, MODEM_CONTROL, LINE_STATUS, MODEM_STATUS };
enum { DIVISOR_LATCH = 0x80 };         // of LINE_CONTROL
enum { CAN_SEND = 0x20, SENT = 0x40 }; // of LINE_STATUS
enum { NO_INTERRUPT = 1 };             // of IDENTIFICATION
enum { CONNECTED = 0xb0 };             // of MODEM_STATUS: carrier, ready, clear to send

void uart_flush(struct uart *u)
{
    if (u->length == 0) return;
    u->line[u->length] = 0;
    print("%s | %s\n", u->name, u->line);
    u->length = 0;
}

// Bytes that are no text are shown as dots: the guest's output cannot look like the monitor's.
static void send(struct uart *u, uint8_t byte)
{
    if (byte == '\n' || u->length == UART_LINE) {
        if (u->length == 0) print("%s |\n", u->name);
        uart_flush(u);
    }
    if (byte == '\n' || byte == '\r') return;
    u->line[u->length++] = byte >= ' ' && byte < 0x7f ? (char)byte : '.';
}

static uint32_t uart_read(void *device, uint16_t port, unsigned size)
{
    const struct uart *u = device;
    const bool latch = u->line_control & DIVISOR_LATCH;

    (void)size;
    switch (port - UART_PORT) {
    case DATA: return latch ? u->divisor[0] : 0;
    case INTERRUPTS: return latch ? u->divisor[1] : u->interrupts;
    case IDENTIFICATION: return NO_INTERRUPT;
    case LINE_CONTROL: return u->line_control;
    case MODEM_CONTROL: return u->modem_control;
    case LINE_STATUS: return CAN_SEND | SENT;
    case MODEM_STATUS: return CONNECTED;
    default: return u->scratch;
    }
}

static void uart_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct uart *u = device;
    const uint8_t byte = value & 0xff;
    const bool latch = u->line_control & DIVISOR_LATCH;

    (void)size;
    switch (port - UART_PORT) {
    case DATA:
        if (latch)
            u->divisor[0] = byte;
        else
            send(u, byte);
        break;
    case INTERRUPTS:
        if (latch)
            u->divisor[1] = byte;
        else
            u->interrupts = byte & 0xf;
        break;
    case LINE_CONTROL: u->line_control = byte; break;
    case MODEM_CONTROL: u->modem_control = byte & 0x1f; break;
    case IDENTIFICATION: // the buffers' control, for writes
    case LINE_STATUS:
    case MODEM_STATUS: break;
    default: u->scratch = byte;
    }
}

void uart_open(struct uart *u, struct vm *v)
{
    *u = (struct uart){.name = v->name};
    allocator_give_ports(v,
                         (struct port_device){UART_PORT, UART_PORT + 7, u, uart_read, uart_write});
}
