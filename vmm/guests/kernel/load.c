// SPDX-License-Identifier: MIT
// Loads the programs on the disk, each into a partition of its own.
#include "vmm/guests/kernel/kernel.h"

struct task tasks[TASKS];
unsigned tasks_n;

// Fill the task's partition with `e`'s contents and zeros.
static bool load(struct task *t, const struct disk_entry *e)
{
    uint32_t buffer[SECTOR_SIZE / 4];
    for (uint32_t at = 0; at < e->memory; at += SECTOR_SIZE) {
        uint32_t n = e->memory - at < SECTOR_SIZE ? e->memory - at : SECTOR_SIZE;
        for (unsigned i = 0; i < SECTOR_SIZE / 4; i++) buffer[i] = 0;
        // mkimage fills a program's last sector with zeros
        if (at < e->size && !disk_read(e->sector + at / SECTOR_SIZE, buffer)) return false;
        if (copy((void *)(uintptr_t)(t->l + at), buffer, n, t->l + t->b) != 0) return false;
    }
    return true;
}

// One task a program, in the order of the directory, from kernel_end up. A task's R is exactly what
// the program asks for; it starts in user mode with interrupts enabled.
bool load_tasks(uint32_t memory_size)
{
    static struct disk_directory directory;
    if (!disk_read(0, &directory) || directory.magic != DISK_MAGIC ||
        directory.count > DISK_ENTRIES) {
        print("no disk with programs\n");
        return false;
    }
    if (memory_size > 0x80000000) memory_size = 0x80000000; // see copy_in in call.c
    uint32_t base = (uint32_t)(uintptr_t)kernel_end;
    for (unsigned i = 0; i < directory.count; i++) {
        const struct disk_entry *e = &directory.entry[i];
        if (e->type != DISK_PROGRAM) continue;
        if (e->memory > memory_size - base) {
            print("%s: no room for its %u bytes\n", e->name, e->memory);
            continue;
        }
        struct task *t = &tasks[tasks_n++];
        *t = (struct task){.l = base, .b = e->memory, .state = TASK_READY, .left = SLICE};
        for (unsigned c = 0; c < DISK_NAME - 1; c++) t->name[c] = e->name[c];
        t->psw = (struct psw){PSW_USER | PSW_IE, e->entry, t->l, t->b};
        if (!load(t, e)) {
            print("%s: cannot be read\n", t->name);
            return false;
        }
        print("%8s | R = (%x, %x)\n", t->name, t->l, t->b);
        base = (base + e->memory + 0xfff) & ~(uint32_t)0xfff;
        if (base > memory_size) base = memory_size;
    }
    return true;
}
