// SPDX-License-Identifier: MIT
// The boot protocol: what the kernel's header says, where things go, the page of parameters.

#include "vmm/x86/linux.h"

#include "vmm/guests/memory.h"
#include "vmm/x86/allocator.h"
#include "vmm/x86/devices/power.h"
#include "vmm/x86/vmx.h"

// Offsets in the image, and the same in the page of parameters ("The real-mode kernel header").
enum {
    SETUP_SECTORS = 0x1f1,
    HEADER_JUMP = 0x201, // where the header ends, from 0x202
    MAGIC = 0x202,
    VERSION = 0x206,
    LOADER = 0x210,
    INITRD = 0x218,
    INITRD_SIZE = 0x21c,
    COMMAND_LINE = 0x228,
    INITRD_MAX = 0x22c,
    RELOCATABLE = 0x234,
    XLOADFLAGS = 0x236,
    COMMAND_LINE_MAX = 0x238,
    PREFERRED = 0x258,
    INIT_SIZE = 0x260,
    HEADER = 0x1f1,
    LEAST_IMAGE = 0x268,
    // Of the parameters only ("The zero page").
    VIDEO_MODE = 0x06,
    VIDEO_COLUMNS = 0x07,
    VIDEO_LINES = 0x0e,
    VIDEO_IS_VGA = 0x0f,
    VIDEO_POINTS = 0x10,
    ACPI_RSDP = 0x70,
    E820_COUNT = 0x1e8,
    E820 = 0x2d0,
};
enum { MTRR_ON_WRITE_BACK = 0x806 };
enum { LEAST_VERSION = 0x20c, KERNEL_64 = 1, LOADER_UNKNOWN = 0xff, ENTRY_64 = 0x200 };
#define MAGIC_HDRS UINT32_C(0x53726448)

// Where things are in the machine's memory.
enum {
    GDT_AT = 0x20000,
    PARAMETERS_AT = 0x21000,
    LEVEL4_AT = 0x22000,
    LEVEL3_AT = 0x23000,
    LEVEL2_AT = 0x24000, // four of them: the first 4 GiB where they are
    COMMAND_LINE_AT = 0x28000,
    LOW_END = 0x9f000, // of the memory below 1 MiB that the kernel may use
    ROM = 0xe0000,     // to 1 MiB: ROM, in which ACPI's tables are
    HIGH = 0x100000,
    BOOT_CS = 0x10,
    BOOT_DS = 0x18,
    BARE_AT = 64 << 20, // on the real machine, where the monitor and what it loads are in the way
};

// Where a kernel is to go, in a machine whose memory `memory` reaches: where [at, at + size) is for
// the monitor, or null; `of` is its first argument.
struct target {
    void *(*memory)(const struct vm *of, uint64_t at, uint64_t size);
    const struct vm *of;
    uint64_t memory_size, kernel_at, initrd_at;
    uint64_t rsdp; // 0: the kernel looks for it
};

static uint64_t get(const uint8_t *at, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++) value |= (uint64_t)at[i] << 8 * i;
    return value;
}

static void put(uint8_t *at, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) at[i] = value >> 8 * i & 0xff;
}

static uint64_t setup_size(const struct linux_image *i)
{
    const uint64_t sectors = i->kernel[SETUP_SECTORS];

    return (1 + (sectors == 0 ? 4 : sectors)) * 512;
}

static bool is_kernel(const struct linux_image *i)
{
    return i->kernel_size > LEAST_IMAGE && get(i->kernel + MAGIC, 4) == MAGIC_HDRS &&
           get(i->kernel + VERSION, 2) >= LEAST_VERSION && setup_size(i) < i->kernel_size;
}

// Where the kernel wants to be and what it needs there until it knows the memory's map.
static uint64_t place(const struct linux_image *i)
{
    const uint64_t preferred = get(i->kernel + PREFERRED, 8);

    return preferred < HIGH ? HIGH : preferred;
}

static uint64_t extent(const struct linux_image *i)
{
    const uint64_t init = get(i->kernel + INIT_SIZE, 4), file = i->kernel_size - setup_size(i);

    return init > file ? init : file;
}

uint64_t linux_least_memory(const struct linux_image *i)
{
    if (!is_kernel(i)) return 0;
    return (place(i) + extent(i) + i->initrd_size + 2 * LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
}

// One entry of the memory's map: [start, end).
static void put_e820(uint8_t *parameters, uint64_t start, uint64_t end, bool usable)
{
    uint8_t *const entry = parameters + E820 + 20 * parameters[E820_COUNT]++;

    put(entry, start, 8);
    put(entry + 8, end - start, 8);
    put(entry + 16, usable ? 1 : 2, 4);
}

static uint64_t length(const char *text)
{
    uint64_t n = 0;

    while (text[n]) n++;
    return n;
}

static void put_parameters(uint8_t *p, const struct linux_image *i, const struct target *t)
{
    const unsigned header_end = 0x202 + i->kernel[HEADER_JUMP];

    for (unsigned k = 0; k < PAGE; k++) p[k] = 0;
    memcpy(p + HEADER, i->kernel + HEADER, header_end - HEADER);
    p[LOADER] = LOADER_UNKNOWN;
    put(p + COMMAND_LINE, COMMAND_LINE_AT, 4);
    if (i->initrd != NULL) {
        put(p + INITRD, t->initrd_at, 4);
        put(p + INITRD_SIZE, i->initrd_size, 4);
    }
    p[VIDEO_MODE] = 3;
    p[VIDEO_COLUMNS] = 80;
    p[VIDEO_LINES] = 25;
    p[VIDEO_IS_VGA] = 1;
    p[VIDEO_POINTS] = 16;
    put(p + ACPI_RSDP, t->rsdp, 8);
    put_e820(p, 0, LOW_END, true);
    put_e820(p, LOW_END, 0xa0000, false);
    put_e820(p, ROM, HIGH, false);
    put_e820(p, HIGH, t->memory_size, true);
}

// The first 4 GiB where they are, in pages of 2 MiB; flat segments.
static bool put_tables(const struct target *t)
{
    static const uint64_t gdt[] = {0, 0, 0x00af9b000000ffff, 0x00cf93000000ffff};
    uint64_t *const level4 = t->memory(t->of, LEVEL4_AT, PAGE);
    uint64_t *const level3 = t->memory(t->of, LEVEL3_AT, PAGE);
    void *const descriptors = t->memory(t->of, GDT_AT, sizeof gdt);

    if (level4 == NULL || level3 == NULL || descriptors == NULL) return false;
    memcpy(descriptors, gdt, sizeof gdt);
    for (unsigned k = 0; k < 512; k++) level4[k] = level3[k] = 0;
    level4[0] = LEVEL3_AT | 3;
    for (uint64_t n = 0; n < 4; n++) {
        uint64_t *const level2 = t->memory(t->of, LEVEL2_AT + n * PAGE, PAGE);
        if (level2 == NULL) return false;
        level3[n] = (LEVEL2_AT + n * PAGE) | 3;
        for (uint64_t k = 0; k < 512; k++) level2[k] = (n * 512 + k) * LARGE_PAGE | 0x83;
    }
    return true;
}

// A page at a time: pages are no one piece here.
static bool copy(const struct target *t, uint64_t at, const void *from, uint64_t size)
{
    const uint8_t *bytes = from;

    while (size > 0) {
        const uint64_t room = PAGE - at % PAGE, part = size < room ? size : room;
        void *to = t->memory(t->of, at, part);
        if (to == NULL) return false;
        memcpy(to, bytes, part);
        at += part, bytes += part, size -= part;
    }
    return true;
}

static const char *load(const struct target *t, const struct linux_image *i)
{
    const uint64_t line = length(i->command_line) + 1;

    if (!is_kernel(i)) return "it is no kernel with the boot protocol 2.12 or later";
    if (!(get(i->kernel + XLOADFLAGS, 2) & KERNEL_64)) return "it has no 64-bit entry";
    if (line > get(i->kernel + COMMAND_LINE_MAX, 4) + 1) return "its command line is too long";
    if (i->initrd != NULL && t->initrd_at + i->initrd_size - 1 > get(i->kernel + INITRD_MAX, 4))
        return "its initrd cannot be that high; give it less memory";
    // The command line first: on the real machine it lies in low memory, too.
    uint8_t *const parameters = t->memory(t->of, PARAMETERS_AT, PAGE);
    if (parameters == NULL || !copy(t, COMMAND_LINE_AT, i->command_line, line) || !put_tables(t) ||
        !copy(t, t->kernel_at, i->kernel + setup_size(i), i->kernel_size - setup_size(i)) ||
        (i->initrd != NULL && !copy(t, t->initrd_at, i->initrd, i->initrd_size)))
        return "its memory has a hole";
    put_parameters(parameters, i, t);
    return NULL;
}

static uint64_t below(uint64_t end, uint64_t size)
{
    return (end - size) & ~(uint64_t)(PAGE - 1);
}

const char *linux_load(struct vm *v, const struct linux_image *i)
{
    if (!is_kernel(i)) return "it is no kernel with the boot protocol 2.12 or later";
    if (v->memory_size < linux_least_memory(i)) return "it needs more memory";
    const struct target t = {
        allocator_memory, v, v->memory_size, place(i), below(v->memory_size, i->initrd_size),
        POWER_TABLES};
    const char *why = load(&t, i);
    if (why != NULL) return why;

    vm_set_long(t.kernel_at + ENTRY_64, LEVEL4_AT);
    vmcs_write(GUEST_CS, BOOT_CS);
    for (enum segment n = SEGMENT_ES; n < SEGMENT_LDTR; n++)
        if (n != SEGMENT_CS) vmcs_write(segment_selector(n), BOOT_DS);
    vmcs_write(GUEST_GDTR_BASE, GDT_AT);
    vmcs_write(GUEST_GDTR_LIMIT, 4 * 8 - 1);
    vmcs_write(GUEST_RSP, PARAMETERS_AT);
    v->g.r[RSI] = PARAMETERS_AT;
    v->mtrr_default = MTRR_ON_WRITE_BACK; // as firmware leaves it
    return NULL;
}

static void *real_memory(const struct vm *of, uint64_t at, uint64_t size)
{
    (void)of, (void)size;
    return (void *)at;
}

const char *linux_start_bare(const struct linux_image *i, uint64_t memory_size)
{
    const struct target t = {.memory = real_memory,
                             .memory_size = memory_size,
                             .kernel_at = BARE_AT,
                             .initrd_at = below(memory_size, i->initrd_size)};

    if (!is_kernel(i)) return "it is no kernel with the boot protocol 2.12 or later";
    if (!i->kernel[RELOCATABLE]) return "it wants to be where the monitor is";
    if (BARE_AT + extent(i) > t.initrd_at) return "the machine needs more memory";
    const char *why = load(&t, i);
    if (why != NULL) return why;

    static const struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) table = {4 * 8 - 1, GDT_AT};
    __asm__ volatile("mov %0, %%cr3; lgdt %1; mov %w2, %%ds; mov %w2, %%es; mov %w2, %%ss;"
                     "mov %3, %%rsp; pushq %4; pushq %5; lretq"
                     :
                     : "r"((uint64_t)LEVEL4_AT), "m"(table), "r"(BOOT_DS),
                       "r"((uint64_t)PARAMETERS_AT), "i"(BOOT_CS), "r"(t.kernel_at + ENTRY_64),
                       "S"((uint64_t)PARAMETERS_AT)
                     : "memory");
    __builtin_unreachable();
}
