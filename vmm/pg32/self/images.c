// SPDX-License-Identifier: MIT
// From the monitor's disk to virtual machines at reset.

#include "vmm/pg32/self/self.h"

#include "vmm/pg32/monitors.h"

enum { PAGE = 4096 };

struct guest guests[GUESTS];
uint32_t guests_n;

// Every DISK_GUEST, with the DISK_DISK behind it if there is one.
static void read_directory(void)
{
    static struct disk_directory directory;

    if (!disk_read(0, &directory) || directory.magic != DISK_MAGIC ||
        directory.count > DISK_ENTRIES)
        fail("no disk with guests; make one with mkimage -g and give it with --disk");
    for (uint32_t k = 0; k < directory.count; k++) {
        const struct disk_entry *e = &directory.entry[k];
        if (e->type == DISK_GUEST) {
            guests[guests_n++].image = *e;
        } else if (e->type == DISK_DISK && guests_n != 0) {
            guests[guests_n - 1].disk_sector = e->sector;
            guests[guests_n - 1].disk_sectors = (e->size + SECTOR_SIZE - 1) / SECTOR_SIZE;
        }
    }
    if (guests_n == 0) fail("no guest on the disk; mkimage -g puts one there");
}

// The image at the beginning of the partition, which is zeros.
static void load(struct guest *g)
{
    uint8_t *to = g->v.m.s.E;
    static uint8_t sector[SECTOR_SIZE];

    for (uint32_t at = 0; at < g->image.size; at += SECTOR_SIZE) {
        const uint32_t left = g->image.size - at;
        if (!disk_read(g->image.sector + at / SECTOR_SIZE, sector))
            fail("%s: the disk ends within it", g->image.name);
        memcpy(to + at, sector, left < SECTOR_SIZE ? left : SECTOR_SIZE);
    }
}

static void attach(struct guest *g)
{
    struct devices *d = &g->v.m.devices;

    d->put = console_put;
    d->context = g;
    d->sectors = g->disk_sectors;
    d->transfer = disk_transfer;
}

void images_load(void)
{
    struct machine *host = hardware_here();
    uint32_t start = (uint32_t)(uintptr_t)monitor_end;

    read_directory();
    for (uint32_t k = 0; k < guests_n; k++) {
        struct guest *g = &guests[k];
        const uint32_t size = g->image.memory;
        if (size > host->s.memory_size - start)
            fail("%s wants %u KiB of memory and %u KiB are left; give more with --memory",
                 g->image.name, size / 1024, (host->s.memory_size - start) / 1024);
        if (g->image.size > size || !vm_init(&g->v, &monitor_trap, host, start, size))
            fail("%s: its entry in the disk's directory makes no sense", g->image.name);
        load(g);
        attach(g);
        vm_share(&g->v);
        machine_reset(&g->v.m, g->image.entry);
        start += size;
    }
}
