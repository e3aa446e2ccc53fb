// SPDX-License-Identifier: MIT
// Consoles on one serial line, and the hot key.

#include "vmm/x86/console.h"

#include "vmm/guests/memory.h"
#include "vmm/x86/allocator.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/devices/board.h"
#include "vmm/x86/dispatcher.h"
#include "vmm/x86/print.h"
#include "vmm/x86/traps.h"

enum { COM1 = 0x3f8, INTERRUPTS = 1, IDENTIFICATION = 2, LINE_STATUS = 5, BURST = 16 };
enum { RECEIVED = 1, CAN_SEND = 0x20 }; // of LINE_STATUS
enum { ON_RECEIVED = 1, ON_SENT = 2 };  // of INTERRUPTS
enum { HOT_KEY = 0x1d, TYPED = 256 };

static struct console *consoles[CONSOLES];
static unsigned count, focus;
static uint8_t typed[TYPED]; // and not yet taken by the guest
static unsigned typed_first, typed_count;
static bool hot, over, asking; // `asking`: to be interrupted when all is sent

void console_open_lines(struct console *c, struct vm *v)
{
    *c = (struct console){.vm = v, .lines = true};
}

// The real interrupt controllers let nothing through but the serial line; vectors from 0x20 as
// guests of the real machine would have them, though it is only exits that see them.
static void open_serial_line(void)
{
    static const struct {
        uint16_t port;
        uint8_t value;
    } steps[] = {
        {0x20, 0x11},
        {0xa0, 0x11},
        {0x21, 0x20},
        {0xa1, 0x28},
        {0x21, 0x04},
        {0xa1, 0x02},
        {0x21, 0x01},
        {0xa1, 0x01},
        {0x21, 0xef},
        {0xa1, 0xff},
        {COM1 + INTERRUPTS, ON_RECEIVED},
        {COM1 + 4, 0xb},
    };
    for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++)
        out8(steps[i].port, steps[i].value);
}

void console_open_terminal(struct console *c, struct vm *v)
{
    if (count == CONSOLES) panic("no room for the console of %s", v->name);
    *c = (struct console){.vm = v};
    if (count == 0) open_serial_line();
    consoles[count++] = c;
}

void console_flush(struct console *c)
{
    if (c->length == 0) return;
    c->line[c->length] = 0;
    print("%s | %s\n", c->vm->name, c->line);
    c->length = 0;
}

// Bytes that are no text are shown as dots: the guest's output cannot look like the monitor's.
static void send_in_lines(struct console *c, uint8_t byte)
{
    if (byte == '\n' || c->length == CONSOLE_LINE) {
        if (c->length == 0) print("%s |\n", c->vm->name);
        console_flush(c);
    }
    if (byte == '\n' || byte == '\r') return;
    c->line[c->length++] = byte >= ' ' && byte < 0x7f ? (char)byte : '.';
}

static void ask(bool on)
{
    if (on != asking) out8(COM1 + INTERRUPTS, on ? ON_RECEIVED | ON_SENT : ON_RECEIVED);
    asking = on;
}

// Sends as much as the real port takes at once, and asks to be told when it has.
static void transmit(void)
{
    struct console *const c = consoles[focus];

    if (in8(COM1 + LINE_STATUS) & CAN_SEND)
        for (unsigned i = 0; i < BURST && c->shown < c->sent; i++)
            out8(COM1, c->kept[c->shown++ % CONSOLE_KEPT]);
    ask(c->shown < c->sent);
}

void console_drain(void)
{
    while (count > 0 && consoles[focus]->shown < consoles[focus]->sent) transmit();
}

void console_send(void *console, uint8_t byte)
{
    struct console *const c = console;

    if (c->lines) {
        send_in_lines(c, byte);
        return;
    }
    const bool shown = c == consoles[focus];
    if (shown && c->sent - c->shown == CONSOLE_KEPT) console_drain();
    c->kept[c->sent++ % CONSOLE_KEPT] = byte;
    if (shown && !asking) transmit();
}

void console_print_vga(struct vm *v)
{
    static uint8_t text[VGA_TEXT_SIZE];
    char row[VGA_COLUMNS + 1];

    for (uint64_t at = 0; at < VGA_TEXT_SIZE; at += PAGE) { // pages are no one piece here
        const void *page = allocator_memory(v, VGA_TEXT + at, PAGE);
        if (page != NULL) memcpy(text + at, page, PAGE);
    }
    for (unsigned i = 0; i < VGA_ROWS; i++) {
        vga_row(&v->board->vga, text, i, row);
        print("%s |%s%s\n", v->name, row[0] ? " " : "", row);
    }
}

// ------------------------------------------------------------------ the hot key

static void set_focus(unsigned to)
{
    struct console *const c = consoles[to];

    console_drain();
    print("\033[m\033[2J\033[H"); // an empty screen
    print("vmm: the console of %s\r\n", c->vm->name);
    focus = to;
    typed_count = 0;
    c->shown = c->sent > CONSOLE_KEPT ? c->sent - CONSOLE_KEPT : 0;
    transmit();
}

static void print_statistics(void)
{
    static char exits[512];

    for (unsigned i = 0; i < count; i++) {
        exits_text(consoles[i]->vm, exits, sizeof exits);
        print("\r\nvmm: %s: turns=%lu exits=%s", consoles[i]->vm->name, consoles[i]->vm->turns,
              exits);
    }
    print("\r\n");
}

static void pass_on(uint8_t byte)
{
    if (typed_count < TYPED) typed[(typed_first + typed_count++) % TYPED] = byte;
}

static void command(uint8_t byte)
{
    console_drain();
    if (byte >= '1' && byte < '1' + count) {
        set_focus(byte - '1');
        return;
    }
    switch (byte) {
    case HOT_KEY: pass_on(byte); break;
    case 'v':
        print("\r\n");
        console_print_vga(consoles[focus]->vm);
        break;
    case 's': print_statistics(); break;
    case 'q': over = true; break;
    default:
        print("\r\nvmm: behind Ctrl-]: 1 to %u another console, v the VGA's text, s statistics, q "
              "the "
              "end, Ctrl-] itself\r\n",
              count);
    }
}

void console_serve(void)
{
    if (count == 0) return;
    in8(COM1 + IDENTIFICATION); // which ends the interrupt
    while (in8(COM1 + LINE_STATUS) & RECEIVED) {
        const uint8_t byte = in8(COM1);
        if (hot)
            command(byte);
        else if (byte != HOT_KEY)
            pass_on(byte);
        hot = !hot && byte == HOT_KEY;
    }
    struct uart *const u = &consoles[focus]->vm->board->uart;
    while (typed_count > 0 && uart_room(u) > 0) {
        uart_receive(u, typed[typed_first]);
        typed_first = (typed_first + 1) % TYPED;
        typed_count--;
    }
    transmit();
}

bool console_is_over(void)
{
    return over;
}
