// SPDX-License-Identifier: MIT
// The serial port and the keyboard controller: what the PC16550D's data sheet says, and what
// drivers rely on when they look for the devices and use them.

#include "tests/suites.h"

#include "vmm/x86/devices/keyboard.h"
#include "vmm/x86/devices/uart.h"

#include <CUnit/CUnit.h>

enum { RBR, IER, IIR, LCR, MCR, LSR, MSR, SCR };

static struct uart uart;
static uint8_t sent[64];
static unsigned sent_n;
static bool line;
static unsigned edges; // how often the line has risen

static void on_send(void *of, uint8_t byte)
{
    (void)of;
    if (sent_n < sizeof sent) sent[sent_n++] = byte;
}

static void on_line(void *of, bool high)
{
    (void)of;
    edges += high && !line;
    line = high;
}

static void out(unsigned number, uint8_t value)
{
    uart_write(&uart, (uint16_t)(UART_PORT + number), 1, value);
}

static unsigned in(unsigned number)
{
    return uart_read(&uart, (uint16_t)(UART_PORT + number), 1) & 0xff;
}

static void start(void)
{
    uart_open(&uart, on_send, NULL);
    uart.interrupt = on_line;
    sent_n = edges = 0;
    line = false;
}

static void it_is_found_as_a_16550a(void)
{
    start();
    for (unsigned i = 0; i < 256; i++) {
        out(SCR, (uint8_t)i);
        CU_ASSERT_EQUAL(in(SCR), i);
    }
    out(IER, 0);
    CU_ASSERT_EQUAL(in(IER), 0);
    out(IER, 0xff);
    CU_ASSERT_EQUAL(in(IER), 0x0f);
    out(IER, 0);
    for (unsigned m = 0; m < 16; m++) { // RTS, DTR, OUT1, OUT2 come back as CTS, DSR, RI, DCD
        out(MCR, (uint8_t)(0x10 | m));
        const unsigned want =
            (m & 2 ? 0x10 : 0) | (m & 1 ? 0x20 : 0) | (m & 4 ? 0x40 : 0) | (m & 8 ? 0x80 : 0);
        CU_ASSERT_EQUAL(in(MSR)&0xf0, want);
    }
    out(MCR, 0xe0);
    CU_ASSERT_EQUAL(in(MCR), 0);
    CU_ASSERT_EQUAL(in(MSR)&0xf0, 0xb0);
    CU_ASSERT_EQUAL(in(IIR), 1);
    out(IIR, 1);
    CU_ASSERT_EQUAL(in(IIR), 0xc1);
    out(IIR, 0x21); // has no 64 bytes, as a 16750
    CU_ASSERT_EQUAL(in(IIR), 0xc1);
    out(IIR, 0);
    CU_ASSERT_EQUAL(in(IIR), 1);
}

static void the_divisor_lies_behind_its_latch(void)
{
    start();
    out(IER, 5);
    out(LCR, 0x83);
    CU_ASSERT_EQUAL(in(RBR) | in(IER) << 8, 12); // 9600 baud
    out(RBR, 0x34);
    out(IER, 0x12);
    CU_ASSERT_EQUAL(in(RBR) | in(IER) << 8, 0x1234);
    out(LCR, 3);
    CU_ASSERT_EQUAL(in(IER), 5);
    CU_ASSERT_EQUAL(in(LCR), 3);
    CU_ASSERT_EQUAL(sent_n, 0);
    out(RBR, 'x');
    CU_ASSERT(sent_n == 1 && sent[0] == 'x');
    CU_ASSERT_EQUAL(in(LSR), 0x60);
}

// As Linux's 8250 driver tests it: turned on, it comes each time; told of, it goes.
static void an_empty_transmitter_interrupts(void)
{
    start();
    out(MCR, 0x0b);
    CU_ASSERT_FALSE(line);
    for (unsigned i = 0; i < 3; i++) {
        out(IER, 2);
        CU_ASSERT(line);
        CU_ASSERT_EQUAL(in(LSR), 0x60); // which does not end it
        CU_ASSERT(line);
        CU_ASSERT_EQUAL(in(IIR), 2);
        CU_ASSERT_FALSE(line);
        CU_ASSERT_EQUAL(in(IIR), 1);
        out(IER, 2); // was on: nothing new
        CU_ASSERT_FALSE(line);
        out(IER, 0);
    }
    out(IER, 2);
    in(IIR);
    edges = 0;
    for (unsigned i = 0; i < 10; i++) {
        out(RBR, 'a');
        CU_ASSERT_EQUAL(edges, i + 1);
        CU_ASSERT_EQUAL(in(IIR), 2);
    }
    CU_ASSERT_EQUAL(sent_n, 10);
}

static void interrupts_have_priorities(void)
{
    start();
    out(IIR, 0x81); // a trigger of 8
    out(MCR, 0x18);
    in(MSR);
    out(MCR, 0x08);
    out(IER, 0x0f);
    for (unsigned i = 0; i < 17; i++) uart_receive(&uart, (uint8_t)i);
    CU_ASSERT_EQUAL(in(IIR), 0xc6);
    CU_ASSERT_EQUAL(in(LSR), 0x63);
    CU_ASSERT_EQUAL(in(LSR), 0x61);
    for (unsigned i = 0; i < 16; i++) {
        CU_ASSERT_EQUAL(in(IIR), i < 9 ? 0xc4 : 0xcc); // 16 - i are there
        CU_ASSERT(line);
        CU_ASSERT_EQUAL(in(RBR), i);
    }
    CU_ASSERT_EQUAL(in(LSR), 0x60);
    CU_ASSERT_EQUAL(in(IIR), 0xc2);
    CU_ASSERT_EQUAL(in(IIR), 0xc0);
    CU_ASSERT_NOT_EQUAL(in(MSR)&0x0f, 0);
    CU_ASSERT_EQUAL(in(MSR), 0xb0);
    CU_ASSERT_EQUAL(in(IIR), 0xc1);
    CU_ASSERT_FALSE(line);
}

static void out2_gates_the_line(void)
{
    start();
    out(IER, 1);
    uart_receive(&uart, 'a');
    CU_ASSERT_FALSE(line);
    CU_ASSERT_EQUAL(in(IIR), 4);
    out(MCR, 8);
    CU_ASSERT(line);
    out(MCR, 7);
    CU_ASSERT_FALSE(line);
    out(MCR, 0x18); // looped back, the pin is off
    CU_ASSERT_FALSE(line);
    out(MCR, 8);
    CU_ASSERT(line);
    CU_ASSERT_EQUAL(in(RBR), 'a');
    CU_ASSERT_FALSE(line);
}

static void what_has_no_room_is_told(void)
{
    start();
    CU_ASSERT_EQUAL(uart_room(&uart), 1);
    uart_receive(&uart, 'a');
    CU_ASSERT_EQUAL(uart_room(&uart), 0);
    CU_ASSERT_EQUAL(in(LSR), 0x61);
    uart_receive(&uart, 'b');
    CU_ASSERT_EQUAL(in(LSR), 0x63);
    CU_ASSERT_EQUAL(in(LSR), 0x61);
    CU_ASSERT_EQUAL(in(RBR), 'b'); // a single register keeps the last
    CU_ASSERT_EQUAL(in(LSR), 0x60);

    uart_receive(&uart, 'c');
    out(IIR, 1); // FIFOs turned on or off are empty
    CU_ASSERT_EQUAL(in(LSR), 0x60);
    for (unsigned i = 0; i < 5; i++) uart_receive(&uart, (uint8_t)i);
    CU_ASSERT_EQUAL(uart_room(&uart), UART_FIFO - 5);
    for (unsigned i = 0; i < 5; i++) CU_ASSERT_EQUAL(in(RBR), i);
    for (unsigned i = 0; i < 18; i++) uart_receive(&uart, (uint8_t)i); // round its end
    CU_ASSERT_EQUAL(uart_room(&uart), 0);
    CU_ASSERT_EQUAL(in(LSR), 0x63);
    for (unsigned i = 0; i < 4; i++) CU_ASSERT_EQUAL(in(RBR), i);
    out(IIR, 3);
    CU_ASSERT_EQUAL(in(LSR), 0x60);
    CU_ASSERT_EQUAL(uart_room(&uart), UART_FIFO);
    uart_receive(&uart, 'd');
    out(IIR, 0);
    uart_receive(&uart, 'e');
    out(IIR, 2); // without FIFOs the other bits mean nothing
    CU_ASSERT_EQUAL(in(RBR), 'e');
}

static void looped_back_it_hears_itself_alone(void)
{
    start();
    out(IIR, 1);
    out(MCR, 0x10);
    for (unsigned i = 0; i < 17; i++) out(RBR, (uint8_t)(i + 1));
    CU_ASSERT_EQUAL(sent_n, 0);
    CU_ASSERT_EQUAL(in(LSR), 0x63);
    CU_ASSERT_EQUAL(in(RBR), 1);
    CU_ASSERT_EQUAL(uart_room(&uart), 0); // from outside
    uart_receive(&uart, 'x');
    for (unsigned i = 1; i < 16; i++) CU_ASSERT_EQUAL(in(RBR), i + 1);
    CU_ASSERT_EQUAL(in(LSR), 0x60);
    out(MCR, 0x14);
    in(MSR);
    out(MCR, 0x10); // the ring's end
    CU_ASSERT_EQUAL(in(MSR), 0x04);
    out(MCR, 0x14); // but not its beginning
    CU_ASSERT_EQUAL(in(MSR), 0x40);
    out(MCR, 0x17);
    CU_ASSERT_EQUAL(in(MSR), 0x73);
    out(MCR, 0x1f);
    CU_ASSERT_EQUAL(in(MSR), 0xf8);
}

// ------------------------------------------------------------------ the keyboard

static struct keyboard keyboard;
static unsigned resets;

static void on_reset(void *of)
{
    (void)of;
    resets++;
}

static void command(uint8_t byte)
{
    keyboard_write(&keyboard, KEYBOARD_COMMAND_PORT, 1, byte);
}

static void data(uint8_t byte)
{
    keyboard_write(&keyboard, KEYBOARD_PORT, 1, byte);
}

static unsigned status(void)
{
    return keyboard_read(&keyboard, KEYBOARD_COMMAND_PORT, 1) & 0xff;
}

// The next byte of output, or -1.
static int answer(void)
{
    return status() & 1 ? (int)(keyboard_read(&keyboard, KEYBOARD_PORT, 1) & 0xff) : -1;
}

static void start_keyboard(void)
{
    keyboard_open(&keyboard);
    keyboard.interrupt = on_line;
    keyboard.reset = on_reset;
    resets = edges = 0;
    line = false;
}

static void the_controller_answers_its_commands(void)
{
    start_keyboard();
    CU_ASSERT_EQUAL(status() & 0x17, 0x14); // tested, not locked, nothing to read or in the way
    static const struct {
        uint8_t command;
        int answer;
    } commands[] = {{0xaa, 0x55}, {0xab, 0}, {0xa9, 1}, {0xc0, 0x80}, {0xd0, 3}, {0xae, -1}};
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        command(commands[i].command);
        CU_ASSERT_EQUAL(answer(), commands[i].answer);
        CU_ASSERT_EQUAL(answer(), -1);
    }
    command(0x60);
    data(0x65);
    command(0x20);
    CU_ASSERT_EQUAL(answer(), 0x65);
    command(0xad);
    command(0xa7);
    command(0x20);
    CU_ASSERT_EQUAL(answer(), 0x75);
    command(0xae);
    command(0xa8);
    command(0x20);
    CU_ASSERT_EQUAL(answer(), 0x45);
    command(0xd2);
    data(0x5a);
    CU_ASSERT_EQUAL(answer(), 0x5a);
    command(0xd3); // there is no mouse to loop back
    data(0x5a);
    CU_ASSERT_NOT_EQUAL(answer(), 0x5a);
    command(0x60);
    command(0x20); // another command: the first one's byte does not come
    CU_ASSERT_EQUAL(answer(), 0x45);
    data(0xee);
    CU_ASSERT_EQUAL(answer(), 0xee);
    CU_ASSERT_EQUAL(resets, 0);
    command(0xd1);
    data(0xdf);
    CU_ASSERT_EQUAL(resets, 0);
    command(0xd1);
    data(0xde);
    CU_ASSERT_EQUAL(resets, 1);
    command(0xfe);
    CU_ASSERT_EQUAL(resets, 2);
}

static void the_keyboard_answers_its_commands(void)
{
    // What is sent to it, in groups that end with a 0; then its answers, until -1.
    static const struct {
        uint8_t sent[3];
        int answers[4];
    } commands[] = {
        {{0xff}, {0xfa, 0xaa, -1}},
        {{0xf2}, {0xfa, 0xab, 0x83, -1}},
        {{0xee}, {0xee, -1}},
        {{0xf4}, {0xfa, -1}},
        {{0xf5}, {0xfa, -1}},
        {{0xf6}, {0xfa, -1}},
        {{0xed, 7}, {0xfa, 0xfa, -1}},
        {{0xf3, 0x2b}, {0xfa, 0xfa, -1}},
        {{0xed, 0xed, 0xee}, {0xfa, 0xfa, 0xee, -1}},
        {{0x17}, {0xfe, -1}},
    };

    start_keyboard();
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        for (unsigned k = 0; k < 3 && commands[i].sent[k]; k++) data(commands[i].sent[k]);
        for (unsigned k = 0; k < 4; k++) {
            CU_ASSERT_EQUAL(answer(), commands[i].answers[k]);
            if (commands[i].answers[k] < 0) break;
        }
    }
    for (unsigned set = 3; set >= 1; set--) {
        data(0xf0);
        data((uint8_t)set);
        CU_ASSERT(answer() == 0xfa && answer() == 0xfa && answer() == -1);
        data(0xf0);
        data(0);
        CU_ASSERT(answer() == 0xfa && answer() == 0xfa);
        CU_ASSERT_EQUAL(answer(), (int)set);
    }
    for (unsigned i = 0; i < 100; i++) data(0xee); // more than it keeps
    for (unsigned i = 0; i < 100 && answer() >= 0; i++) continue;
    CU_ASSERT_EQUAL(answer(), -1);
}

// At an edge-triggered input, a byte that comes without an edge is never read.
static void each_byte_is_an_edge(void)
{
    start_keyboard();
    data(0xf2);
    for (unsigned i = 0; i < 3; i++) {
        CU_ASSERT(line);
        CU_ASSERT_EQUAL(edges, i + 1);
        CU_ASSERT_NOT_EQUAL(answer(), -1);
    }
    CU_ASSERT_FALSE(line);
    CU_ASSERT_EQUAL(edges, 3);
    command(0x60);
    data(0x20);
    data(0xee);
    CU_ASSERT_FALSE(line);
    CU_ASSERT_EQUAL(answer(), 0xee);
}

void suite_devices_uart(void)
{
    CU_pSuite s = CU_add_suite("serial port", NULL, NULL);

    CU_add_test(s, "it is found as a 16550A", it_is_found_as_a_16550a);
    CU_add_test(s, "the divisor lies behind its latch", the_divisor_lies_behind_its_latch);
    CU_add_test(s, "an empty transmitter interrupts", an_empty_transmitter_interrupts);
    CU_add_test(s, "interrupts have priorities", interrupts_have_priorities);
    CU_add_test(s, "OUT2 gates the line", out2_gates_the_line);
    CU_add_test(s, "what has no room is told", what_has_no_room_is_told);
    CU_add_test(s, "looped back it hears itself alone", looped_back_it_hears_itself_alone);
    s = CU_add_suite("keyboard", NULL, NULL);
    CU_add_test(s, "the controller answers its commands", the_controller_answers_its_commands);
    CU_add_test(s, "the keyboard answers its commands", the_keyboard_answers_its_commands);
    CU_add_test(s, "each byte is an edge", each_byte_is_an_edge);
}
