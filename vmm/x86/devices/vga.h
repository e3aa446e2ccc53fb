// SPDX-License-Identifier: MIT
// A VGA as far as text mode needs it: its registers keep what is written, its text lies in the
// guest's memory at 0xB8000 and can be shown.
#ifndef TRAPEZE_VMM_X86_DEVICES_VGA_H
#define TRAPEZE_VMM_X86_DEVICES_VGA_H

#include <stdint.h>

enum { VGA_PORT = 0x3c0, VGA_LAST_PORT = 0x3df };
enum { VGA_TEXT = 0xb8000, VGA_TEXT_SIZE = 0x8000, VGA_COLUMNS = 80, VGA_ROWS = 25 };

struct vga {
    uint8_t index, crtc[32], others[VGA_LAST_PORT - VGA_PORT + 1];
    uint8_t status; // toggles at each read, so that no guest waits for the beam in vain
};

void vga_open(struct vga *v);

// Row `row` (0 to 24) of what is on the screen, without blanks at its end; what is not ASCII is a
// dot. `text` is the guest's memory at VGA_TEXT, VGA_TEXT_SIZE bytes; `to` has VGA_COLUMNS + 1.
void vga_row(const struct vga *v, const uint8_t *text, unsigned row, char *to);

// For struct port_device; `device` is the struct vga.
uint32_t vga_read(void *device, uint16_t port, unsigned size);
void vga_write(void *device, uint16_t port, unsigned size, uint32_t value);

#endif
