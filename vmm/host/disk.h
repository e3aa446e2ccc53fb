// SPDX-License-Identifier: MIT
// The guest's disk: a file, mapped. It keeps what stood in each sector before it was first written,
// so that a run can be repeated from its beginning.
#ifndef TRAPEZE_VMM_HOST_DISK_H
#define TRAPEZE_VMM_HOST_DISK_H

#include <stddef.h>
#include <stdint.h>

#include "vmm/host/failure.h"
#include "vmm/machine/devices.h"

struct disk {
    uint8_t *bytes; // null: no disk
    uint32_t sectors;
    bool read_only;
    const char *path;
    int fd;
    uint8_t **before; // for each sector, its contents before it was first written; null: it is not
};

// Maps the image `path`, a multiple of SECTOR_SIZE bytes and not empty. Writes reach the file, or
// with `snapshot` only the mapping. Otherwise, where the file may not be written, or has no write
// permission for anybody, the disk is write-protected.
bool disk_open(struct disk *d, const char *path, bool snapshot, struct failure *f);

// To be called before `sector` is written; it may be one that the disk does not have.
void disk_keep(struct disk *d, uint32_t sector);

// The disk as it was when it was opened, at a new place, and from now on apart from the file.
bool disk_rewind(struct disk *d, struct failure *f);

void disk_close(struct disk *d);

#endif
