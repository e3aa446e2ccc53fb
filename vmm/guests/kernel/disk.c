// SPDX-License-Identifier: MIT
// The disk, by programmed input and output.
#include "vmm/guests/kernel/kernel.h"

// Reads one sector of 512 bytes. False if there is none.
bool disk_read(uint32_t sector, void *buffer)
{
    out(sector, PORT_DISK_SECTOR);
    out(DISK_READ, PORT_DISK_COMMAND);
    if (in(PORT_DISK_COMMAND) != 0) return false;
    uint32_t *word = buffer;
    for (unsigned i = 0; i < SECTOR_SIZE / 4; i++) word[i] = in(PORT_DISK_DATA);
    return true;
}
