// SPDX-License-Identifier: MIT
// PCI configuration by ports 0xCF8 and 0xCFC (PCI Local Bus Specification 2.2, 3.2.2.3.2): one bus,
// and on it nothing but the host bridge, an Intel 440FX without functions of its own.
#ifndef TRAPEZE_VMM_X86_DEVICES_PCI_H
#define TRAPEZE_VMM_X86_DEVICES_PCI_H

#include <stdint.h>

enum { PCI_PORT = 0xcf8, PCI_LAST_PORT = 0xcff };

struct pci {
    uint32_t address;
};

// For struct port_device; `device` is the struct pci. Its ports are 0xCF8 to 0xCFF.
uint32_t pci_read(void *device, uint16_t port, unsigned size);
void pci_write(void *device, uint16_t port, unsigned size, uint32_t value);

#endif
