// SPDX-License-Identifier: MIT
// The 16550's registers.

#include "vmm/x86/devices/uart.h"

#include <stddef.h>

enum { DATA, INTERRUPTS, IDENTIFICATION, LINE_CONTROL, MODEM_CONTROL, LINE_STATUS, MODEM_STATUS };
enum { DIVISOR_LATCH = 0x80 };                                 // of LINE_CONTROL
enum { LOOP = 0x10, OUT2 = 0x08 };                             // of MODEM_CONTROL
enum { READY = 1, OVERRUN = 2, CAN_SEND = 0x20, SENT = 0x40 }; // of LINE_STATUS
enum { ON_DATA = 1, ON_SENT = 2, ON_ERROR = 4, ON_MODEM = 8 }; // of INTERRUPTS
enum { ID_NONE = 1, ID_MODEM = 0, ID_SENT = 2, ID_DATA = 4, ID_TIMEOUT = 12, ID_ERROR = 6 };
enum { FIFOS_ON = 1, CLEAR_RECEIVED = 2 }; // of IDENTIFICATION, when written
enum { CONNECTED = 0xb0 };                 // of MODEM_STATUS: carrier, ready, clear to send

// The interrupt that waits, by its priority.
static uint8_t identification(const struct uart *u)
{
    if (u->interrupts & ON_ERROR && u->overrun) return ID_ERROR;
    if (u->interrupts & ON_DATA && u->count > 0)
        return u->count >= u->trigger ? ID_DATA : ID_TIMEOUT; // nothing more comes just now
    if (u->interrupts & ON_SENT && u->sent) return ID_SENT;
    if (u->interrupts & ON_MODEM && u->modem_changes) return ID_MODEM;
    return ID_NONE;
}

// A PC's serial port has its interrupt behind OUT2.
static void update(struct uart *u)
{
    if (u->interrupt != NULL)
        u->interrupt(u->interrupt_of, u->modem_control & OUT2 && !(u->modem_control & LOOP) &&
                                          identification(u) != ID_NONE);
}

void uart_open(struct uart *u, void (*send)(void *of, uint8_t byte), void *of)
{
    *u = (struct uart){.send = send, .of = of, .divisor = {12}, .trigger = 1, .sent = true};
}

static unsigned room(const struct uart *u)
{
    const unsigned most = u->fifos ? UART_FIFO : 1;

    return u->count < most ? most - u->count : 0;
}

unsigned uart_room(const struct uart *u)
{
    return u->modem_control & LOOP ? 0 : room(u);
}

// Where there is no room, a FIFO keeps what it has, and a single register the last byte (8.4).
static void put(struct uart *u, uint8_t byte)
{
    if (room(u) > 0) {
        u->received[(u->first + u->count++) % UART_FIFO] = byte;
        return;
    }
    u->overrun = true;
    if (!u->fifos) u->received[u->first] = byte;
}

void uart_receive(struct uart *u, uint8_t byte)
{
    if (u->modem_control & LOOP) return; // its input is cut off
    put(u, byte);
    update(u);
}

// Looped back: RTS, DTR, OUT1 and OUT2 come in as CTS, DSR, RI and DCD.
static uint8_t modem_lines(const struct uart *u)
{
    const uint8_t m = u->modem_control;

    if (!(m & LOOP)) return CONNECTED;
    return (uint8_t)((m & 2) << 3 | (m & 1) << 5 | (m & 4) << 4 | (m & 8) << 4);
}

static uint8_t take(struct uart *u)
{
    if (u->count == 0) return 0;
    const uint8_t byte = u->received[u->first];
    u->first = (u->first + 1) % UART_FIFO;
    u->count--;
    return byte;
}

static uint8_t read_register(struct uart *u, unsigned number)
{
    const bool latch = u->line_control & DIVISOR_LATCH;
    uint8_t value;

    switch (number) {
    case DATA: return latch ? u->divisor[0] : take(u);
    case INTERRUPTS: return latch ? u->divisor[1] : u->interrupts;
    case IDENTIFICATION:
        value = identification(u);
        if (value == ID_SENT) u->sent = false; // it has been told
        return (uint8_t)(value | (u->fifos ? 0xc0 : 0));
    case LINE_CONTROL: return u->line_control;
    case MODEM_CONTROL: return u->modem_control;
    case LINE_STATUS:
        value =
            (uint8_t)(CAN_SEND | SENT | (u->count > 0 ? READY : 0) | (u->overrun ? OVERRUN : 0));
        u->overrun = false;
        return value;
    case MODEM_STATUS:
        value = (uint8_t)(modem_lines(u) | u->modem_changes);
        u->modem_changes = 0;
        return value;
    default: return u->scratch;
    }
}

uint32_t uart_read(void *device, uint16_t port, unsigned size)
{
    const uint8_t value = read_register(device, port & 7);

    (void)size;
    update(device);
    return value;
}

static void write_fifo_control(struct uart *u, uint8_t byte)
{
    static const uint8_t triggers[] = {1, 4, 8, 14};
    const bool on = byte & FIFOS_ON;

    if (on != u->fifos || (on && byte & CLEAR_RECEIVED)) u->count = 0;
    u->fifos = on;
    u->trigger = on ? triggers[byte >> 6] : 1;
}

static void write_modem_control(struct uart *u, uint8_t byte)
{
    const uint8_t before = modem_lines(u);

    u->modem_control = byte & 0x1f;
    const uint8_t now = modem_lines(u), changed = before ^ now;
    // The ring indicator's change is its falling edge.
    u->modem_changes |= (uint8_t)((changed >> 4 & 0xb) | ((before & ~now) >> 4 & 4));
}

static void write_register(struct uart *u, unsigned number, uint8_t byte)
{
    const bool latch = u->line_control & DIVISOR_LATCH;

    switch (number) {
    case DATA:
        if (latch) {
            u->divisor[0] = byte;
        } else {
            u->sent = true;
            if (!(u->modem_control & LOOP))
                u->send(u->of, byte);
            else
                put(u, byte);
        }
        break;
    case INTERRUPTS:
        if (latch) {
            u->divisor[1] = byte;
        } else {
            // Asked for anew, the interrupt comes where nothing is left to send.
            if (byte & ~u->interrupts & ON_SENT) u->sent = true;
            u->interrupts = byte & 0xf;
        }
        break;
    case IDENTIFICATION: write_fifo_control(u, byte); break;
    case LINE_CONTROL: u->line_control = byte; break;
    case MODEM_CONTROL: write_modem_control(u, byte); break;
    case LINE_STATUS:
    case MODEM_STATUS: break;
    default: u->scratch = byte;
    }
}

void uart_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    (void)size;
    write_register(device, port & 7, value & 0xff);
    update(device);
}
