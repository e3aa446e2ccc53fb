// SPDX-License-Identifier: MIT
// What PG32's ports lead to: a console, and a disk by programmed input and output (DESIGN 3).
// Terminals, files and recordings are the host's; it supplies the bytes, the sectors and the sink.
#ifndef TRAPEZE_VMM_MACHINE_DEVICES_H
#define TRAPEZE_VMM_MACHINE_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PORT_CONSOLE = 0,        // read: next byte, all ones when none waits; write: low 8 bits out
    PORT_CONSOLE_STATUS = 1, // read: CONSOLE_WAITS, CONSOLE_CAN_WRITE
    PORT_DISK_SECTOR = 2,    // write: sector for the next command; read: sectors, 0 without a disk
    PORT_DISK_DATA = 3,      // the next word of the sector buffer; the index wraps
    PORT_DISK_COMMAND = 4,   // write: enum disk_command; read: enum disk_status
};

enum { CONSOLE_WAITS = 1, CONSOLE_CAN_WRITE = 2 };
enum { SECTOR_SIZE = 512, SECTOR_WORDS = SECTOR_SIZE / 4 };

// Every command sets the buffer's index to 0, whatever its status.
enum disk_command { DISK_READ = 1, DISK_WRITE = 2, DISK_REWIND = 3 };
enum disk_status { DISK_DONE, DISK_NO_SECTOR, DISK_PROTECTED, DISK_NO_COMMAND };

// A console byte and the machine count from which it waits.
struct arrival {
    uint64_t count;
    uint8_t byte;
};

struct devices {
    // Set by the host; machine_reset leaves them.
    const struct arrival *arrivals; // ascending counts; may be moved and extended between runs
    size_t arrivals_n;
    bool live; // more may come: an idle that only they can end returns RUN_INPUT
    void (*put)(void *context, uint8_t byte); // console output; null: discarded
    void *context;
    uint8_t *disk; // sectors * SECTOR_SIZE bytes, the host's; null: no disk, or `transfer`
    uint32_t sectors;
    // Moves a sector that the disk has to it (write) or from it; null: the disk is in memory.
    enum disk_status (*transfer)(void *context, bool write, uint32_t sector, uint8_t *buffer);
    bool disk_read_only;

    // The devices' own state.
    size_t arrivals_next; // the first byte that the guest has not read
    uint64_t now;         // machine count, as the machine last told
    uint32_t sector, index;
    enum disk_status status;
    uint8_t buffer[SECTOR_SIZE];
};

// Back to power-on: no input read, nothing in the sector buffer. What the host set stays.
void devices_reset(struct devices *d);

// What struct pg32's port_read and port_write are set to; `devices` is a struct devices. Ports
// that lead nowhere read all ones and ignore writes. Time is d->now.
uint32_t devices_read(void *devices, uint32_t port);
void devices_write(void *devices, uint32_t port, uint32_t value);

// The count from which the next unread byte waits (perhaps past); UINT64_MAX where none is known.
static inline uint64_t devices_next(const struct devices *d)
{
    return d->arrivals_next < d->arrivals_n ? d->arrivals[d->arrivals_next].count : UINT64_MAX;
}

// Tells the devices the time; returns whether a console byte waits: the device interrupt's level.
static inline bool devices_at(struct devices *d, uint64_t now)
{
    d->now = now;
    return d->arrivals_next < d->arrivals_n && d->arrivals[d->arrivals_next].count <= now;
}

#endif
