// SPDX-License-Identifier: MIT
// The two interrupt controllers: what the 8259A's data sheet says of initialization, priorities,
// ends of interrupts, modes and the cascade.

#include "tests/random.h"
#include "tests/suites.h"

#include "vmm/x86/devices/pic.h"

#include <CUnit/CUnit.h>

enum { END = 0x20, SPECIFIC_END = 0x60, ROTATE_END = 0xa0, ROTATE_SPECIFIC_END = 0xe0 };
enum { SET_PRIORITY = 0xc0, ROTATE_AUTOMATIC = 0x80, ROTATE_AUTOMATIC_OFF = 0 };
enum { READ_REQUESTS = 0x0a, READ_SERVED = 0x0b, POLL = 0x0c, MASK_ON = 0x68, MASK_OFF = 0x48 };

static struct pic pic;

static void out(uint16_t port, uint8_t value)
{
    pic_write(&pic, port, 1, value);
}

static unsigned in(uint16_t port)
{
    return pic_read(&pic, port, 1) & 0xff;
}

static void initialize(uint16_t port, uint8_t vectors, uint8_t wiring, uint8_t word4)
{
    out(port, 0x11);
    out(port + 1, vectors);
    out(port + 1, wiring);
    out(port + 1, word4);
}

// As a PC's firmware and Linux do it, with nothing masked.
static void start(uint8_t word4)
{
    pic_open(&pic);
    initialize(PIC_PORT, 0x30, 4, word4);
    initialize(PIC2_PORT, 0x38, 2, word4);
}

static unsigned requests(uint16_t port)
{
    out(port, READ_REQUESTS);
    return in(port);
}

static unsigned served(uint16_t port)
{
    out(port, READ_SERVED);
    return in(port);
}

static void pulse(unsigned irq)
{
    pic_line(&pic, irq, false);
    pic_line(&pic, irq, true);
}

static void nothing_asks_before_initialization(void)
{
    pic_open(&pic);
    for (unsigned i = 0; i < 16; i++) pulse(i);
    CU_ASSERT_FALSE(pic_asks(&pic));
    CU_ASSERT_EQUAL(in(PIC_PORT + 1), 0xff);
    initialize(PIC_PORT, 0x30, 4, 1);
    initialize(PIC2_PORT, 0x38, 2, 1);
    CU_ASSERT_FALSE(pic_asks(&pic)); // the edges are forgotten
    CU_ASSERT_EQUAL(in(PIC_PORT + 1), 0);
    pic_line(&pic, 5, true); // still up: no edge
    CU_ASSERT_FALSE(pic_asks(&pic));
    pulse(5);
    CU_ASSERT(pic_asks(&pic));
}

static void each_input_has_its_vector(void)
{
    start(1);
    for (unsigned i = 0; i < 16; i++) {
        if (i == 2) continue;
        pulse(i);
        CU_ASSERT(pic_asks(&pic));
        CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x30 + i);
        CU_ASSERT_FALSE(pic_asks(&pic));
        CU_ASSERT_EQUAL(served(PIC_PORT), i < 8 ? 1u << i : 4);
        CU_ASSERT_EQUAL(served(PIC2_PORT), i < 8 ? 0 : 1u << (i - 8));
        pic_line(&pic, i, true); // the same edge asks once
        if (i >= 8) out(PIC2_PORT, END);
        out(PIC_PORT, END);
        CU_ASSERT_FALSE(pic_asks(&pic));
        CU_ASSERT_EQUAL(served(PIC_PORT) | served(PIC2_PORT), 0);
    }
}

static void a_single_controller_has_no_third_word(void)
{
    start(1);
    out(PIC_PORT, 0x13);
    out(PIC_PORT + 1, 0x50);
    out(PIC_PORT + 1, 3);    // ICW4: automatic end
    out(PIC_PORT + 1, 0xbf); // and then the mask
    CU_ASSERT_EQUAL(in(PIC_PORT + 1), 0xbf);
    pulse(6);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x56);
    CU_ASSERT_EQUAL(served(PIC_PORT), 0);

    out(PIC_PORT, 0x10); // no fourth word either: to the three first come zeroes
    out(PIC_PORT + 1, 0x60);
    out(PIC_PORT + 1, 4);
    out(PIC_PORT + 1, 0x12);
    CU_ASSERT_EQUAL(in(PIC_PORT + 1), 0x12);
    pulse(6);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x66);
    CU_ASSERT_EQUAL(served(PIC_PORT), 0x40);
}

static void higher_inputs_interrupt_lower_ones(void)
{
    start(1);
    pulse(6);
    pulse(4);
    CU_ASSERT_EQUAL(requests(PIC_PORT), 0x50);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x34);
    CU_ASSERT_FALSE(pic_asks(&pic));
    pulse(4); // its own next one waits for the end
    CU_ASSERT_FALSE(pic_asks(&pic));
    pulse(1);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x31);
    CU_ASSERT_EQUAL(served(PIC_PORT), 0x12);
    out(PIC_PORT, END); // of 1
    CU_ASSERT_EQUAL(served(PIC_PORT), 0x10);
    out(PIC_PORT, SPECIFIC_END | 3); // of what is not served
    CU_ASSERT_EQUAL(served(PIC_PORT), 0x10);
    CU_ASSERT_FALSE(pic_asks(&pic));
    out(PIC_PORT, SPECIFIC_END | 4);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x34);
    out(PIC_PORT, END);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x36);
    out(PIC_PORT, END);
    out(PIC_PORT, END); // one too many
    CU_ASSERT_FALSE(pic_asks(&pic));
}

static void masked_inputs_wait(void)
{
    start(1);
    out(PIC_PORT + 1, 0x08);
    pulse(3);
    CU_ASSERT_FALSE(pic_asks(&pic));
    CU_ASSERT_EQUAL(requests(PIC_PORT), 8);
    out(PIC_PORT + 1, 0);
    CU_ASSERT(pic_asks(&pic));
    pulse(12);
    out(PIC_PORT + 1, 0x0c); // the cascade's
    CU_ASSERT_FALSE(pic_asks(&pic));
    out(PIC_PORT + 1, 0x08);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x3c);
}

static void the_second_controller_nests_in_the_first(void)
{
    start(1);
    pulse(12);
    pulse(3);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x3c); // input 2 is above 3
    pulse(9);
    CU_ASSERT_EQUAL(requests(PIC_PORT), 0x0c);
    CU_ASSERT_FALSE(pic_asks(&pic)); // input 2 is being served
    out(PIC_PORT, END);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x39);
    CU_ASSERT_EQUAL(served(PIC2_PORT), 0x12);
    out(PIC2_PORT, END);
    out(PIC_PORT, END);
    CU_ASSERT_EQUAL(served(PIC2_PORT), 0x10);
    pulse(14); // below 12, which is still served
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x33);
    out(PIC2_PORT, END);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x3e);
}

static void rotation_gives_each_its_turn(void)
{
    start(1);
    out(PIC_PORT, SET_PRIORITY | 4); // 5 is the highest
    pulse(4);
    pulse(5);
    pulse(0);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x35);
    out(PIC_PORT, ROTATE_END); // 6 the highest, 5 the lowest
    pulse(5);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x30);
    pulse(7);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x37);
    out(PIC_PORT, END); // of 7, which is above 0 now
    CU_ASSERT_EQUAL(served(PIC_PORT), 1);
    out(PIC_PORT, ROTATE_SPECIFIC_END | 0);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x34);
    out(PIC_PORT, 0x40 | 4); // no operation
    CU_ASSERT_EQUAL(served(PIC_PORT), 0x10);
    out(PIC_PORT, 0x11); // initialization: 0 is the highest again
    out(PIC_PORT + 1, 0x30);
    out(PIC_PORT + 1, 4);
    out(PIC_PORT + 1, 1);
    pulse(1);
    pulse(0);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x30);
}

static void an_automatic_end_serves_nothing(void)
{
    start(3);
    pulse(3);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x33);
    CU_ASSERT_EQUAL(served(PIC_PORT), 0);
    pulse(10);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x3a);
    CU_ASSERT_EQUAL(served(PIC_PORT) | served(PIC2_PORT), 0);
    CU_ASSERT_FALSE(pic_asks(&pic));

    out(PIC_PORT, ROTATE_AUTOMATIC);
    pulse(3);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x33); // now the lowest
    pulse(3);
    pulse(7);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x37);
    out(PIC_PORT, ROTATE_AUTOMATIC_OFF);
    pulse(0);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x30);
    pulse(0);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x30);
}

static void special_mask_lets_lower_ones_through(void)
{
    start(1);
    pulse(3);
    pic_acknowledge(&pic);
    pulse(5);
    CU_ASSERT_FALSE(pic_asks(&pic));
    out(PIC_PORT + 1, 0x08);
    CU_ASSERT_FALSE(pic_asks(&pic));
    out(PIC_PORT, MASK_ON);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x35);
    CU_ASSERT_EQUAL(served(PIC_PORT), 0x28);
    out(PIC_PORT, END); // not of 3, which is masked (8259A, "special mask mode")
    CU_ASSERT_EQUAL(served(PIC_PORT), 0x08);
    out(PIC_PORT, END);
    CU_ASSERT_EQUAL(served(PIC_PORT), 0x08);
    out(PIC_PORT, MASK_OFF);
    pulse(5);
    CU_ASSERT_FALSE(pic_asks(&pic));
    out(PIC_PORT, END);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x35);
}

static void a_poll_acknowledges(void)
{
    start(1);
    out(PIC_PORT, POLL);
    CU_ASSERT_EQUAL(in(PIC_PORT)&0x80, 0);
    pulse(6);
    pulse(11);
    out(PIC_PORT, POLL);
    CU_ASSERT_EQUAL(in(PIC_PORT), 0x82);
    CU_ASSERT_EQUAL(served(PIC_PORT), 4);
    out(PIC2_PORT, POLL);
    CU_ASSERT_EQUAL(in(PIC2_PORT), 0x83);
    CU_ASSERT_EQUAL(served(PIC2_PORT), 8);
    out(PIC_PORT, END);
    out(PIC_PORT, POLL);
    CU_ASSERT_EQUAL(in(PIC_PORT), 0x86);
    CU_ASSERT_EQUAL(in(PIC_PORT), 0x40); // the next read is an ordinary one: what is served
}

static void what_asks_no_more_is_spurious(void)
{
    start(1);
    pulse(5);
    pic_line(&pic, 5, false);
    CU_ASSERT_FALSE(pic_asks(&pic));
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x37);
    CU_ASSERT_EQUAL(served(PIC_PORT), 0);
    pulse(13);
    pic_line(&pic, 13, false);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x37);
    CU_ASSERT_EQUAL(served(PIC_PORT) | served(PIC2_PORT), 0);
}

static void levels_ask_as_long_as_they_are_up(void)
{
    start(1);
    out(PIC_LEVEL_PORT, 0xff);
    out(PIC_LEVEL_PORT + 1, 0xff);
    CU_ASSERT_EQUAL(in(PIC_LEVEL_PORT), 0xf8);
    CU_ASSERT_EQUAL(in(PIC_LEVEL_PORT + 1), 0xde);
    pic_line(&pic, 11, true);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x3b);
    CU_ASSERT_FALSE(pic_asks(&pic));
    out(PIC2_PORT, END);
    out(PIC_PORT, END);
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x3b);
    pic_line(&pic, 11, false);
    out(PIC2_PORT, END);
    out(PIC_PORT, END);
    CU_ASSERT_FALSE(pic_asks(&pic));

    out(PIC_LEVEL_PORT, 0);
    pic_line(&pic, 5, true);
    initialize(PIC_PORT, 0x30, 4, 1);
    CU_ASSERT_FALSE(pic_asks(&pic));
    out(PIC_LEVEL_PORT, 0x20); // a level needs no edge
    CU_ASSERT(pic_asks(&pic));
    initialize(PIC_PORT, 0x30, 4, 1); // nor does it forget
    CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x35);
    pic_line(&pic, 5, false);
    CU_ASSERT_EQUAL(requests(PIC_PORT), 0);
}

// Whatever has happened before: among unmasked edges of one controller, the order of service is
// that of the rotated priorities.
static void priorities_order_random_requests(void)
{
    struct random r = random_seeded(tests_seed());

    for (unsigned k = 0; k < 20000; k++) {
        const unsigned lowest = random_below(&r, 8), mask = random_below(&r, 256);
        const unsigned lines = random_below(&r, 256) & ~4u;
        start(1);
        for (unsigned i = 0; i < 8; i++)
            if (lines >> i & 1) pulse(i);
        out(PIC_PORT, (uint8_t)(SET_PRIORITY | lowest));
        out(PIC_PORT + 1, (uint8_t)mask);
        for (unsigned i = lowest + 1; i <= lowest + 8; i++) {
            if (!((lines & ~mask) >> (i & 7) & 1)) continue;
            CU_ASSERT_FATAL(pic_asks(&pic));
            CU_ASSERT_EQUAL(pic_acknowledge(&pic), 0x30 + (i & 7));
            CU_ASSERT_FALSE(pic_asks(&pic));
            out(PIC_PORT, END);
        }
        CU_ASSERT_FALSE(pic_asks(&pic));
        CU_ASSERT_EQUAL(requests(PIC_PORT), lines & mask);
    }
}

void suite_devices_pic(void)
{
    CU_pSuite s = CU_add_suite("interrupt controllers", NULL, NULL);

    CU_add_test(s, "nothing asks before initialization", nothing_asks_before_initialization);
    CU_add_test(s, "each input has its vector", each_input_has_its_vector);
    CU_add_test(s, "a single controller has no third word", a_single_controller_has_no_third_word);
    CU_add_test(s, "higher inputs interrupt lower ones", higher_inputs_interrupt_lower_ones);
    CU_add_test(s, "masked inputs wait", masked_inputs_wait);
    CU_add_test(s, "the second nests in the first", the_second_controller_nests_in_the_first);
    CU_add_test(s, "rotation gives each its turn", rotation_gives_each_its_turn);
    CU_add_test(s, "an automatic end serves nothing", an_automatic_end_serves_nothing);
    CU_add_test(s, "special mask lets lower ones through", special_mask_lets_lower_ones_through);
    CU_add_test(s, "a poll acknowledges", a_poll_acknowledges);
    CU_add_test(s, "what asks no more is spurious", what_asks_no_more_is_spurious);
    CU_add_test(s, "levels ask while they are up", levels_ask_as_long_as_they_are_up);
    CU_add_test(s, "priorities order random requests", priorities_order_random_requests);
}
