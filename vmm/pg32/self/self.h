// SPDX-License-Identifier: MIT
// The self-hosted monitor: the core that vmm runs, in supervisor mode on a PG32 machine. What its
// few files know of each other; each platform file stands for something that vmm/host does there.
#ifndef TRAPEZE_VMM_PG32_SELF_SELF_H
#define TRAPEZE_VMM_PG32_SELF_SELF_H

#include "vmm/core/scheduler.h"
#include "vmm/guests/disk.h"

// After the core: its numbers are macros here, for assembly's sake.
#include "vmm/guests/pg32.h"
#include "vmm/guests/print.h"

enum { GUESTS = DISK_ENTRIES };

// One guest: its entry in the disk's directory, the sectors that are its disk, its console line.
struct guest {
    struct vm v;
    struct disk_entry image;
    uint32_t disk_sector, disk_sectors; // on the monitor's disk; 0 sectors: none
    char line[128];                     // of output, not yet on the console (several guests)
    uint32_t line_n;
};

extern struct guest guests[GUESTS];
extern uint32_t guests_n;

// hardware.c: the machine that the monitor runs on, as a struct machine. Its memory is all there
// is; only what lies from monitor_end on is free for partitions.
struct machine *hardware_here(void);
extern char monitor_end[];

// images.c: reads the directory of the monitor's disk, makes a virtual machine for each guest in
// it, one behind the other from monitor_end on, loads it and resets it. Halts with a message where
// something is wrong.
void images_load(void);

// disk.c: the devices' `transfer` of a guest's disk, of which `context` is the guest; and one
// sector of the monitor's own. False where it cannot be read.
enum disk_status disk_transfer(void *context, bool write, uint32_t sector, uint8_t *buffer);
bool disk_read(uint32_t sector, void *buffer);

// console.c: a guest's output, and input, which goes to the first guest. console_drain takes what
// waits on the real console, so that its interrupt goes down; where there is no room it has the
// guest interpreted, since the interrupt would not let it run. console_wait waits for more; it
// stops the machine where none can come.
void console_put(void *context, uint8_t byte);
void console_flush(struct guest *g);
void console_open(void);
void console_drain(void);
void console_wait(void);

// Prints the message and halts with code 2: there is nothing that can be run.
_Noreturn void fail(const char *text, ...);

// A trap that the monitor did not expect of itself: says so and halts.
_Noreturn void panic(void);

#endif
