// SPDX-License-Identifier: MIT
// The two 8259A interrupt controllers of a PC (Intel, 8259A, order 231468), the second one at the
// first one's input 2, and the ports 0x4D0 and 0x4D1 that make inputs level-triggered.
#ifndef TRAPEZE_VMM_X86_DEVICES_PIC_H
#define TRAPEZE_VMM_X86_DEVICES_PIC_H

#include <stdbool.h>
#include <stdint.h>

enum { PIC_PORT = 0x20, PIC2_PORT = 0xa0, PIC_LEVEL_PORT = 0x4d0 };

struct pic {
    struct pic_chip {
        uint8_t lines;     // the inputs as they are
        uint8_t requests;  // the edges in IRR
        uint8_t masked;    // IMR
        uint8_t served;    // ISR
        uint8_t level;     // level-triggered inputs
        uint8_t vectors;   // ICW2: of input 0
        uint8_t lowest;    // the input of the lowest priority; 7 unless rotated
        uint8_t words;     // the initialization command word that is due, 0: none
        bool wants_word3;  // ICW1
        bool wants_word4;  // ICW1
        bool automatic;    // ICW4: an acknowledged request is over at once
        bool rotates;      // with `automatic`
        bool special_mask; // OCW3
        bool reads_served; // OCW3: a read gives ISR, not IRR
        bool polled;       // OCW3: the next read acknowledges
    } chips[2];
};

void pic_open(struct pic *p);

// Input `irq` (0 to 15) rises or falls.
void pic_line(struct pic *p, unsigned irq, bool high);

// Whether the processor is asked for an interrupt.
bool pic_asks(const struct pic *p);

// The processor takes it: the vector. Where nothing asks any more, input 7's (the spurious one).
unsigned pic_acknowledge(struct pic *p);

// For struct port_device; `device` is the struct pic.
uint32_t pic_read(void *device, uint16_t port, unsigned size);
void pic_write(void *device, uint16_t port, unsigned size, uint32_t value);

#endif
