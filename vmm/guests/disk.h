// SPDX-License-Identifier: MIT
// The disk format that guests load from: sector 0 is a directory, the rest is contents. Numbers
// are 32-bit little-endian. Written by mkimage.c, read by the kernel
// and by the self-hosted monitor.
#ifndef TRAPEZE_VMM_GUESTS_DISK_H
#define TRAPEZE_VMM_GUESTS_DISK_H

#include <stdint.h>

#define DISK_MAGIC 0x50415254 // the bytes "TRAP"
#define DISK_NAME 12          // with its final 0
#define DISK_ENTRIES 15

enum {
    DISK_PROGRAM = 1, // a flat image, loaded at virtual 0 of a partition of `memory` bytes
    DISK_FILE = 2,    // any bytes; memory and entry are 0
    DISK_GUEST = 3,   // a flat image, loaded at 0 of a virtual machine with `memory` bytes
    DISK_DISK = 4,    // the disk of the guest before it; memory and entry are 0
};

struct disk_entry {
    char name[DISK_NAME]; // unique, filled with zeros
    uint32_t type;
    uint32_t sector; // the first; contents are contiguous
    uint32_t size;   // bytes on the disk
    uint32_t memory; // bytes in memory: size, then zeros (data, stack)
    uint32_t entry;  // address to start at
};

struct disk_directory {
    uint32_t magic;
    uint32_t count; // entries used
    uint32_t zero[6];
    struct disk_entry entry[DISK_ENTRIES];
};

_Static_assert(sizeof(struct disk_directory) == 512, "the directory is one sector");

#endif
