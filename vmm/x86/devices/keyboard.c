// SPDX-License-Identifier: MIT
// The controller's commands and the keyboard's.

#include "vmm/x86/devices/keyboard.h"

#include <stddef.h>

enum { OUTPUT_FULL = 1, SELF_TESTED = 4, UNLOCKED = 0x10 };       // of the status
enum { INTERRUPT_ON = 1, KEYBOARD_OFF = 0x10, MOUSE_OFF = 0x20 }; // of the command byte
enum { ACKNOWLEDGED = 0xfa, PASSED = 0xaa, RESEND = 0xfe, SCAN_CODES = 0xf0 };

static void update(const struct keyboard *k)
{
    if (k->interrupt != NULL) k->interrupt(k->of, k->count > 0 && k->command_byte & INTERRUPT_ON);
}

static void answer(struct keyboard *k, uint8_t byte)
{
    if (k->count < sizeof k->output) k->output[k->count++] = byte;
}

void keyboard_open(struct keyboard *k)
{
    *k = (struct keyboard){
        .command_byte = MOUSE_OFF | INTERRUPT_ON, .self_tested = true, .scan_codes = 2};
}

uint32_t keyboard_read(void *device, uint16_t port, unsigned size)
{
    struct keyboard *const k = device;

    (void)size;
    if (port == KEYBOARD_COMMAND_PORT)
        return (k->count > 0 ? OUTPUT_FULL : 0) | (k->self_tested ? SELF_TESTED : 0) | UNLOCKED;
    const uint8_t byte = k->output[0];
    for (unsigned i = 1; i < k->count; i++) k->output[i - 1] = k->output[i];
    if (k->count > 0) k->count--;
    // The line falls with each byte that is taken, so that the next one is an edge of its own.
    if (k->interrupt != NULL) k->interrupt(k->of, false);
    update(k);
    return byte;
}

static void controller(struct keyboard *k, uint8_t command)
{
    switch (command) {
    case 0x20: answer(k, k->command_byte); break;
    case 0xa7: k->command_byte |= MOUSE_OFF; break;
    case 0xa8: k->command_byte &= (uint8_t)~MOUSE_OFF; break;
    case 0xa9: answer(k, 1); break; // the mouse's clock line is stuck low: there is none
    case 0xaa:
        k->self_tested = true;
        answer(k, 0x55);
        break;
    case 0xab: answer(k, 0); break; // the keyboard's lines are in order
    case 0xad: k->command_byte |= KEYBOARD_OFF; break;
    case 0xae: k->command_byte &= (uint8_t)~KEYBOARD_OFF; break;
    case 0xc0: answer(k, 0x80); break; // the input port: not locked
    case 0xd0: answer(k, 3); break;    // the output port: A20 open, no reset
    case 0x60:
    case 0xd1:
    case 0xd2:
    case 0xd3:
    case 0xd4: k->expecting = command; break;
    case 0xfe: k->reset(k->of); break;
    default: break;
    }
}

static void keyboard(struct keyboard *k, uint8_t byte)
{
    if (k->argument != 0) {
        answer(k, ACKNOWLEDGED);
        if (k->argument == SCAN_CODES && byte == 0) answer(k, k->scan_codes);
        if (k->argument == SCAN_CODES && byte >= 1 && byte <= 3) k->scan_codes = byte;
        k->argument = 0;
        return;
    }
    switch (byte) {
    case 0xff: // reset
        k->scan_codes = 2;
        answer(k, ACKNOWLEDGED);
        answer(k, PASSED);
        break;
    case 0xf2: // who are you? An MF2 keyboard
        answer(k, ACKNOWLEDGED);
        answer(k, 0xab);
        answer(k, 0x83);
        break;
    case 0xee: answer(k, 0xee); break; // echo
    case 0xed:                         // lamps, scan codes, rate
    case SCAN_CODES:
    case 0xf3:
        k->argument = byte;
        answer(k, ACKNOWLEDGED);
        break;
    case 0xf4:
    case 0xf5:
    case 0xf6: // on, off, as after a reset
        if (byte != 0xf4) k->scan_codes = 2;
        answer(k, ACKNOWLEDGED);
        break;
    default: answer(k, RESEND);
    }
}

void keyboard_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct keyboard *const k = device;
    const uint8_t byte = value & 0xff;

    (void)size;
    if (port == KEYBOARD_COMMAND_PORT) {
        k->expecting = 0;
        controller(k, byte);
    } else if (k->expecting == 0) {
        keyboard(k, byte);
    } else {
        const uint8_t command = k->expecting;
        k->expecting = 0;
        if (command == 0x60) k->command_byte = byte;
        if (command == 0xd1 && !(byte & 1)) k->reset(k->of); // A20 stays open
        if (command == 0xd2) answer(k, byte);
        if (command == 0xd3 || command == 0xd4) answer(k, RESEND); // the mouse's
    }
    update(k);
}
