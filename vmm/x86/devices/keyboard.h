// SPDX-License-Identifier: MIT
// The 8042 keyboard controller with a keyboard on which nobody types, and no mouse: commands are
// answered as on a PC (IBM PS/2 Hardware Interface Technical Reference, keyboard controller).
#ifndef TRAPEZE_VMM_X86_DEVICES_KEYBOARD_H
#define TRAPEZE_VMM_X86_DEVICES_KEYBOARD_H

#include <stdbool.h>
#include <stdint.h>

enum { KEYBOARD_PORT = 0x60, KEYBOARD_COMMAND_PORT = 0x64, KEYBOARD_IRQ = 1 };

struct keyboard {
    void (*interrupt)(void *of, bool high);
    void (*reset)(void *of); // the controller pulls the processor's reset line
    void *of;
    uint8_t command_byte, expecting; // `expecting`: the command whose data byte is due
    uint8_t argument;                // the keyboard's command that has one more byte
    uint8_t scan_codes;              // which set, 1 to 3
    bool self_tested;
    uint8_t output[4];
    unsigned count;
};

void keyboard_open(struct keyboard *k);

// For struct port_device; `device` is the struct keyboard.
uint32_t keyboard_read(void *device, uint16_t port, unsigned size);
void keyboard_write(void *device, uint16_t port, unsigned size, uint32_t value);

#endif
