// SPDX-License-Identifier: MIT
// The PC around a virtual processor: its devices, each at its ports, and the lines between them.
#ifndef TRAPEZE_VMM_X86_DEVICES_BOARD_H
#define TRAPEZE_VMM_X86_DEVICES_BOARD_H

#include "vmm/x86/devices/cmos.h"
#include "vmm/x86/devices/keyboard.h"
#include "vmm/x86/devices/pci.h"
#include "vmm/x86/devices/pic.h"
#include "vmm/x86/devices/pit.h"
#include "vmm/x86/devices/power.h"
#include "vmm/x86/devices/uart.h"
#include "vmm/x86/devices/vga.h"
#include "vmm/x86/vm.h"

struct board {
    struct vm *vm;
    struct clock clock;
    struct pic pic;
    struct pit pit;
    struct uart uart;
    struct keyboard keyboard;
    struct cmos cmos;
    struct pci pci;
    struct vga vga;
    struct power power;
};

// Puts the devices at v's ports and its ACPI tables into its memory. `hz` is the rate of the
// time-stamp counter, `seconds` the date since 1970; what the serial port sends goes to `send` of
// `of`. The board is v's as long as v runs.
void board_open(struct board *b, struct vm *v, uint64_t hz, uint64_t seconds,
                void (*send)(void *of, uint8_t byte), void *of);

// Does what the devices have to do by now: the timer's interrupt.
void board_advance(struct board *b);

// When they have something to do by themselves: the guest's time-stamp counter, or UINT64_MAX.
uint64_t board_deadline(const struct board *b);

#endif
