// SPDX-License-Identifier: MIT
// The VGA's registers, and the rows of its text.

#include "vmm/x86/devices/vga.h"

enum {
    CRTC_INDEX = 0x3d4,
    CRTC_DATA = 0x3d5,
    STATUS = 0x3da,
    MISCELLANEOUS_READ = 0x3cc,
    MISCELLANEOUS_WRITE = 0x3c2,
    START_HIGH = 0xc,
    START_LOW = 0xd,
    RETRACE = 9, // both of the status's bits
};

void vga_open(struct vga *v)
{
    *v = (struct vga){0};
    v->others[MISCELLANEOUS_READ - VGA_PORT] = 0x67; // colour: its registers are at 0x3D0
    v->crtc[1] = VGA_COLUMNS - 1;
    v->crtc[9] = 0x4f; // 16 lines a row
    v->crtc[0x12] = 0x8f;
    v->crtc[0x13] = VGA_COLUMNS / 2;
}

void vga_row(const struct vga *v, const uint8_t *text, unsigned row, char *to)
{
    const unsigned start = v->crtc[START_HIGH] << 8 | v->crtc[START_LOW];
    unsigned length = 0;

    for (unsigned i = 0; i < VGA_COLUMNS; i++) {
        const uint8_t c = text[2 * (start + row * VGA_COLUMNS + i) % VGA_TEXT_SIZE];
        to[i] = (char)(c == 0 ? ' ' : c);
        if (c < ' ' || c > '~') to[i] = (char)(c == 0 ? ' ' : '.');
        if (to[i] != ' ') length = i + 1;
    }
    to[length] = 0;
}

uint32_t vga_read(void *device, uint16_t port, unsigned size)
{
    struct vga *const v = device;

    (void)size;
    if (port == CRTC_INDEX) return v->index;
    if (port == CRTC_DATA) return v->crtc[v->index];
    if (port == STATUS) return v->status ^= RETRACE;
    return v->others[port - VGA_PORT];
}

void vga_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct vga *const v = device;
    const uint8_t byte = value & 0xff;

    if (port == CRTC_INDEX) {
        v->index = byte & 31;
        if (size == 2) v->crtc[v->index] = value >> 8 & 0xff; // index and data at once
    } else if (port == CRTC_DATA) {
        v->crtc[v->index] = byte;
    } else if (port == MISCELLANEOUS_WRITE) {
        v->others[MISCELLANEOUS_READ - VGA_PORT] = byte;
    } else if (port != MISCELLANEOUS_READ) {
        v->others[port - VGA_PORT] = byte;
    }
}
