// SPDX-License-Identifier: MIT
// Disks: the real one by programmed input and output, and a guest's, which is some of its sectors.

#include "vmm/pg32/self/self.h"

bool disk_read(uint32_t sector, void *buffer)
{
    uint32_t *word = buffer;

    out(sector, PORT_DISK_SECTOR);
    out(DISK_READ, PORT_DISK_COMMAND);
    if (in(PORT_DISK_COMMAND) != DISK_DONE) return false;
    for (int i = 0; i < SECTOR_WORDS; i++) word[i] = in(PORT_DISK_DATA);
    return true;
}

static enum disk_status disk_write(uint32_t sector, const uint8_t *buffer)
{
    out(sector, PORT_DISK_SECTOR);
    out(DISK_REWIND, PORT_DISK_COMMAND);
    for (int i = 0; i < SECTOR_WORDS; i++) {
        uint32_t word;
        memcpy(&word, buffer + 4 * i, 4);
        out(word, PORT_DISK_DATA);
    }
    out(DISK_WRITE, PORT_DISK_COMMAND);
    return (enum disk_status)in(PORT_DISK_COMMAND);
}

enum disk_status disk_transfer(void *context, bool write, uint32_t sector, uint8_t *buffer)
{
    const struct guest *g = context;

    if (sector >= g->disk_sectors) return DISK_NO_SECTOR;
    if (write) return disk_write(g->disk_sector + sector, buffer);
    return disk_read(g->disk_sector + sector, buffer) ? DISK_DONE : DISK_NO_SECTOR;
}
