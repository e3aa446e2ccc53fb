// SPDX-License-Identifier: MIT
// Mapping disk images.

#define _DEFAULT_SOURCE
#include "vmm/host/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/signals.h"

static size_t size_of(const struct disk *d)
{
    return (size_t)d->sectors * SECTOR_SIZE;
}

// How many sectors the file has; 0 where it cannot be a disk.
static uint32_t sectors_of(const struct stat *status, const char *path, struct failure *f)
{
    const int64_t size = status->st_size, sector = SECTOR_SIZE, sectors = size / sector;

    if (S_ISDIR(status->st_mode))
        fail(f, "%s: is a directory; expected a disk image", path);
    else if (!S_ISREG(status->st_mode))
        fail(f, "%s: is not a regular file; expected a disk image", path);
    else if (size == 0)
        fail(f,
             "%s: the disk image is empty; expected sectors of %d bytes: try `truncate -s 64K %s`",
             path, SECTOR_SIZE, path);
    else if (size % sector != 0)
        fail(f,
             "%s: %" PRId64 " bytes are not whole sectors of %d bytes; to pad it: truncate "
             "-s %" PRId64 " %s",
             path, size, SECTOR_SIZE, (sectors + 1) * sector, path);
    else if (sectors > UINT32_MAX)
        fail(f, "%s: %" PRId64 " sectors are more than a disk can have, %" PRIu32, path, sectors,
             UINT32_MAX);
    else
        return (uint32_t)sectors;
    return 0;
}

static bool map(struct disk *d, bool writable, bool shared, struct failure *f)
{
    void *bytes = mmap(NULL, size_of(d), writable ? PROT_READ | PROT_WRITE : PROT_READ,
                       shared ? MAP_SHARED : MAP_PRIVATE, d->fd, 0);

    if (bytes == MAP_FAILED) {
        fail(f, "%s: cannot be mapped: %s", d->path, strerror(errno));
        return false;
    }
    d->bytes = bytes;
    signals_guard(bytes, size_of(d));
    return true;
}

bool disk_open(struct disk *d, const char *path, bool snapshot, struct failure *f)
{
    struct stat status;

    *d = (struct disk){.path = path, .fd = -1};
    if (!snapshot) d->fd = open(path, O_RDWR | O_CLOEXEC);
    if (d->fd < 0) {
        d->read_only = !snapshot;
        d->fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (d->fd < 0) return fail(f, "%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(d->fd, &status) != 0)
        return fail(f, "%s: cannot be examined: %s", path, strerror(errno));
    d->sectors = sectors_of(&status, path, f);
    if (d->sectors == 0) return false;
    // The superuser may write what nobody should.
    if (!snapshot && (status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) d->read_only = true;
    if (!map(d, !d->read_only, !snapshot, f)) return false;
    if (d->read_only) return true;
    d->before = calloc(d->sectors, sizeof *d->before);
    if (d->before == NULL)
        return fail(f, "%s: no host memory for a disk of %" PRIu32 " sectors", path, d->sectors);
    return true;
}

void disk_keep(struct disk *d, uint32_t sector)
{
    if (d->before == NULL || sector >= d->sectors || d->before[sector] != NULL) return;
    d->before[sector] = malloc(SECTOR_SIZE);
    if (d->before[sector] == NULL) panic("no host memory for a sector");
    memcpy(d->before[sector], d->bytes + (size_t)sector * SECTOR_SIZE, SECTOR_SIZE);
}

bool disk_rewind(struct disk *d, struct failure *f)
{
    if (d->read_only || d->bytes == NULL) return true;
    munmap(d->bytes, size_of(d));
    d->bytes = NULL;
    if (!map(d, true, false, f)) return false;
    for (uint32_t s = 0; s < d->sectors; s++) {
        if (d->before[s] == NULL) continue;
        memcpy(d->bytes + (size_t)s * SECTOR_SIZE, d->before[s], SECTOR_SIZE);
    }
    return true;
}

void disk_close(struct disk *d)
{
    for (uint32_t s = 0; d->before != NULL && s < d->sectors; s++) free(d->before[s]);
    free(d->before);
    if (d->bytes != NULL) munmap(d->bytes, size_of(d));
    if (d->fd >= 0) close(d->fd);
    *d = (struct disk){.fd = -1};
}
