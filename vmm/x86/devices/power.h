// SPDX-License-Identifier: MIT
// ACPI's fixed hardware: power-off, and the power management timer; and the tables that tell of it
// (ACPI Specification 2.0, chapters 4 and 5).
#ifndef TRAPEZE_VMM_X86_DEVICES_POWER_H
#define TRAPEZE_VMM_X86_DEVICES_POWER_H

#include "vmm/x86/devices/clock.h"

enum { POWER_PORT = 0x600, POWER_LAST_PORT = 0x60b, POWER_IRQ = 9, POWER_TIMER_HZ = 3579545 };
enum { POWER_TABLES = 0xe0000, POWER_TABLES_SIZE = 0x1000 };

struct power {
    const struct clock *clock;
    void (*off)(void *of);
    void *of;
    uint16_t enabled;
};

// Writes the tables: RSDP, RSDT, FADT, FACS and a DSDT that knows how to power off. `to` is the
// guest's memory at POWER_TABLES, POWER_TABLES_SIZE bytes of zeroes.
void power_put_tables(uint8_t *to);

// For struct port_device; `device` is the struct power.
uint32_t power_read(void *device, uint16_t port, unsigned size);
void power_write(void *device, uint16_t port, unsigned size, uint32_t value);

#endif
