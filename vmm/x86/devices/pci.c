// SPDX-License-Identifier: MIT
// The host bridge's configuration header.

#include "vmm/x86/devices/pci.h"

enum { DATA_PORT = 0xcfc };
#define ENABLED (UINT32_C(1) << 31)

// Registers 0 to 15 of the bridge at bus 0, device 0, function 0; the rest are 0.
static uint32_t bridge(unsigned number)
{
    switch (number) {
    case 0: return 0x12378086; // 440FX
    case 2: return 0x06000002; // class: host bridge; revision
    default: return 0;
    }
}

uint32_t pci_read(void *device, uint16_t port, unsigned size)
{
    const struct pci *const p = device;
    const unsigned shift = (port & 3) * 8;

    // The address is one register of 32 bits; smaller accesses are for other things.
    if (port < DATA_PORT) return port == PCI_PORT && size == 4 ? p->address : UINT32_MAX;
    if (!(p->address & ENABLED)) return UINT32_MAX;
    if (p->address >> 8 & 0xffff) return UINT32_MAX; // another bus, device or function
    return bridge(p->address >> 2 & 63) >> shift;
}

void pci_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct pci *const p = device;

    if (port == PCI_PORT && size == 4) p->address = value & ~UINT32_C(0x7f000003);
}
