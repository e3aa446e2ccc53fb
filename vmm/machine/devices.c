// SPDX-License-Identifier: MIT
// The console's and the disk's port protocols. Everything a guest may do wrong ends in a status.

#include "vmm/machine/devices.h"

#include <string.h>

static const uint32_t all_ones = 0xffffffff;

void devices_reset(struct devices *d)
{
    d->arrivals_next = 0;
    d->now = 0;
    d->sector = d->index = 0;
    d->status = DISK_DONE;
    memset(d->buffer, 0, sizeof d->buffer);
}

static uint32_t console_read(struct devices *d)
{
    if (!devices_at(d, d->now)) return all_ones;
    return d->arrivals[d->arrivals_next++].byte;
}

// Words are little-endian whatever the host is.
static uint32_t disk_read_word(struct devices *d)
{
    const uint8_t *p = d->buffer + 4 * d->index;

    d->index = (d->index + 1) % SECTOR_WORDS;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void disk_write_word(struct devices *d, uint32_t value)
{
    uint8_t *p = d->buffer + 4 * d->index;

    d->index = (d->index + 1) % SECTOR_WORDS;
    for (int k = 0; k < 4; k++) p[k] = (uint8_t)(value >> 8 * k);
}

static uint32_t sectors(const struct devices *d)
{
    return d->disk != NULL || d->transfer != NULL ? d->sectors : 0;
}

static enum disk_status disk_command(struct devices *d, uint32_t command)
{
    d->index = 0;
    if (command == DISK_REWIND) return DISK_DONE;
    if (command != DISK_READ && command != DISK_WRITE) return DISK_NO_COMMAND;
    if (d->sector >= sectors(d)) return DISK_NO_SECTOR;
    if (command == DISK_WRITE && d->disk_read_only) return DISK_PROTECTED;
    if (d->transfer != NULL)
        return d->transfer(d->context, command == DISK_WRITE, d->sector, d->buffer);
    uint8_t *at = d->disk + (size_t)d->sector * SECTOR_SIZE;
    if (command == DISK_WRITE)
        memcpy(at, d->buffer, SECTOR_SIZE);
    else
        memcpy(d->buffer, at, SECTOR_SIZE);
    return DISK_DONE;
}

uint32_t devices_read(void *devices, uint32_t port)
{
    struct devices *d = devices;

    switch (port) {
    case PORT_CONSOLE: return console_read(d);
    case PORT_CONSOLE_STATUS:
        return CONSOLE_CAN_WRITE | (devices_at(d, d->now) ? CONSOLE_WAITS : 0);
    case PORT_DISK_SECTOR: return sectors(d);
    case PORT_DISK_DATA: return disk_read_word(d);
    case PORT_DISK_COMMAND: return d->status;
    default: return all_ones;
    }
}

void devices_write(void *devices, uint32_t port, uint32_t value)
{
    struct devices *d = devices;

    switch (port) {
    case PORT_CONSOLE:
        if (d->put != NULL) d->put(d->context, (uint8_t)value);
        break;
    case PORT_DISK_SECTOR: d->sector = value; break;
    case PORT_DISK_DATA: disk_write_word(d, value); break;
    case PORT_DISK_COMMAND: d->status = disk_command(d, value); break;
    default: break;
    }
}
