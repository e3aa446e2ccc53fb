// SPDX-License-Identifier: MIT
// Frames from a list of free ones, memory for virtual machines, the bitmaps of ports and MSRs.

#include "vmm/x86/allocator.h"

#include "vmm/guests/memory.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/traps.h"

// What has been given back, linked through the frames' first words; what was never given.
static void *free_frames, *free_large;
static uint64_t next, end;

static uint64_t round_up(uint64_t value, uint64_t to)
{
    return (value + to - 1) & ~(to - 1);
}

void allocator_open(uint64_t from, uint64_t to)
{
    next = round_up(from, PAGE);
    end = to;
}

static void *pop(void **list)
{
    void *frame = *list;

    if (frame != NULL) *list = *(void **)frame;
    return frame;
}

static void *fresh(uint64_t size)
{
    uint64_t at = round_up(next, size);

    if (at + size > end) panic("no memory is left for %lu bytes", size);
    // What is skipped for the sake of alignment are small frames.
    while (next < at) {
        allocator_give_back((void *)next, PAGE);
        next += PAGE;
    }
    next = at + size;
    return (void *)at;
}

static void clear(void *at, uint64_t size)
{
    uint64_t words = size / 8;
    __asm__ volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(0) : "memory");
}

void *allocator_frame(void)
{
    void *frame = pop(&free_frames);

    if (frame == NULL) frame = fresh(PAGE);
    clear(frame, PAGE);
    return frame;
}

void *allocator_large_frame(void)
{
    void *frame = pop(&free_large);

    if (frame == NULL) frame = fresh(LARGE_PAGE);
    clear(frame, LARGE_PAGE);
    return frame;
}

void allocator_give_back(void *frame, uint64_t size)
{
    void **list = size == LARGE_PAGE ? &free_large : &free_frames;

    *(void **)frame = *list;
    *list = frame;
}

static uint64_t *table_frame(void)
{
    return allocator_frame();
}

void allocator_give_memory(struct vm *v, uint64_t hole, uint64_t hole_size)
{
    uint64_t at = 0;

    v->ept = allocator_frame();
    while (at < v->memory_size) {
        const bool large = at >= LARGE_PAGE && at % LARGE_PAGE == 0 &&
                           v->memory_size - at >= LARGE_PAGE &&
                           (at + LARGE_PAGE <= hole || at >= hole + hole_size || hole_size == 0);
        const uint64_t size = large ? LARGE_PAGE : PAGE;
        if (hole_size == 0 || at < hole || at >= hole + hole_size) {
            void *frame = large ? allocator_large_frame() : allocator_frame();
            ept_map(v->ept, at, (uint64_t)frame, size, table_frame);
        }
        at += size;
    }
}

static void give_back_table(void *table)
{
    allocator_give_back(table, PAGE);
}

void allocator_take_memory(struct vm *v)
{
    ept_release(v->ept, give_back_table, allocator_give_back);
    v->ept = NULL;
}

void *allocator_memory(const struct vm *v, uint64_t guest, uint64_t size)
{
    uint64_t first, other;

    if (size == 0 || !ept_find(v->ept, guest, &first)) return NULL;
    for (uint64_t at = (guest | (PAGE - 1)) + 1; at - guest < size; at += PAGE)
        if (!ept_find(v->ept, at, &other) || other != first + (at - guest)) return NULL;
    return (void *)first;
}

void allocator_give_ports(struct vm *v, struct port_device device)
{
    if (v->port_devices == VM_PORT_DEVICES) panic("no room for another device of %s", v->name);
    v->ports[v->port_devices++] = device;
}

const struct port_device *allocator_port(const struct vm *v, uint16_t port)
{
    for (unsigned i = 0; i < v->port_devices; i++)
        if (port >= v->ports[i].first && port <= v->ports[i].last) return &v->ports[i];
    return NULL;
}

const void *allocator_io_bitmaps(void)
{
    static uint8_t bitmaps[2 * PAGE] __attribute__((aligned(4096)));

    memset(bitmaps, 0xff, sizeof bitmaps);
    return bitmaps;
}

// A bitmap for reads below 0x2000, reads from 0xc0000000, then the same for writes (SDM 3C,
// 24.6.9).
const void *allocator_msr_bitmap(void)
{
    // The VMCS has these, or vm_load and vm_store swap them, so a guest may do with them as it
    // likes.
    static const uint32_t own[] = {
        MSR_SYSENTER_CS, MSR_SYSENTER_ESP, MSR_SYSENTER_EIP,   MSR_PAT,
        MSR_STAR,        MSR_LSTAR,        MSR_CSTAR,          MSR_FMASK,
        MSR_FS_BASE,     MSR_GS_BASE,      MSR_KERNEL_GS_BASE,
    };
    static const uint32_t readable[] = {MSR_TSC, MSR_EFER};
    static uint8_t bitmap[PAGE] __attribute__((aligned(4096)));
    enum { HIGH = 1024, WRITES = 2048 };

    memset(bitmap, 0xff, sizeof bitmap);
    for (unsigned i = 0; i < sizeof own / sizeof own[0]; i++) {
        const unsigned at = (own[i] >> 31) * HIGH + (own[i] & 0x1fff) / 8;
        const uint8_t bit = (uint8_t)(1 << own[i] % 8);
        bitmap[at] &= (uint8_t)~bit;
        bitmap[WRITES + at] &= (uint8_t)~bit;
    }
    for (unsigned i = 0; i < sizeof readable / sizeof readable[0]; i++)
        bitmap[(readable[i] >> 31) * HIGH + (readable[i] & 0x1fff) / 8] &=
            (uint8_t) ~(1 << readable[i] % 8);
    return bitmap;
}
