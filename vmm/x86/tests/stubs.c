// SPDX-License-Identifier: MIT
// A stub's virtual machine: descriptors, vectors, page tables, two ports; and the comparison of
// what became of it with its row.

#include "vmm/x86/tests/stubs.h"

#include "vmm/guests/memory.h"
#include "vmm/x86/allocator.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/dispatcher.h"
#include "vmm/x86/guests/stub.h"
#include "vmm/x86/print.h"
#include "vmm/x86/traps.h"
#include "vmm/x86/vmx.h"

static bool same(const char *a, const char *b)
{
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

static bool begins(const char *text, const char *prefix)
{
    while (*prefix && *text == *prefix) text++, prefix++;
    return *prefix == 0;
}

// ------------------------------------------------------------------ ports

static uint32_t echo_read(void *device, uint16_t port, unsigned size)
{
    const uint32_t *written = device;

    (void)port, (void)size;
    return ~*written;
}

static void echo_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    (void)port, (void)size;
    *(uint32_t *)device = value;
}

static void interrupt_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    (void)port, (void)size;
    vm_interrupt(device, value & 0xff);
}

// The interval timer, channel 0 in mode 0: one interrupt after 84 microseconds, by a controller
// that is set up anew and so has none waiting.
static void tick_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    static const struct {
        uint16_t port;
        uint8_t value;
    } steps[] = {
        {0x43, 0x30}, {0x40, 100},  {0x40, 0},    {0x20, 0x11}, {0xa0, 0x11},
        {0x21, 0x20}, {0xa1, 0x28}, {0x21, 0x04}, {0xa1, 2},    {0x21, 0x01},
        {0xa1, 0x01}, {0x21, 0xfe}, {0xa1, 0xff},
    };
    (void)device, (void)port, (void)size, (void)value;
    for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++)
        out8(steps[i].port, steps[i].value);
}

// ------------------------------------------------------------------ memory

static void *at(const struct vm *v, uint64_t guest, uint64_t size)
{
    void *p = allocator_memory(v, guest, size);

    if (p == NULL) panic("%s has no memory at %lx", v->name, guest);
    return p;
}

static void put_descriptors(const struct vm *v)
{
    static const uint64_t table[] = {
        0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff, 0, 0};
    memcpy(at(v, STUB_GDT, sizeof table), table, sizeof table);
    vmcs_write(GUEST_GDTR_BASE, STUB_GDT);
    vmcs_write(GUEST_GDTR_LIMIT, sizeof table - 1);
}

// A page at a time: pages are no one piece here.
static void put_code(const struct vm *v, uint64_t guest, const char *code, uint64_t size)
{
    while (size > 0) {
        const uint64_t part = size < PAGE ? size : PAGE;
        memcpy(at(v, guest, part), code, part);
        guest += part, code += part, size -= part;
    }
}

static void put_pages(const struct vm *v)
{
    uint64_t *level2 = at(v, STUB_LEVEL2, PAGE);

    *(uint64_t *)at(v, STUB_LEVEL4, 8) = STUB_LEVEL3 | 3;
    *(uint64_t *)at(v, STUB_LEVEL3, 8) = STUB_LEVEL2 | 3;
    for (uint64_t i = 0; i < 512; i++) level2[i] = i * LARGE_PAGE | 0x83;
}

static void vectors_of_real_mode(const struct vm *v)
{
    uint16_t *table = at(v, 0, 4 * STUB_VECTOR_COUNT);

    put_code(v, STUB_VECTORS, vectors_real, (uint64_t)(vectors_protected - vectors_real));
    for (unsigned n = 0; n < STUB_VECTOR_COUNT; n++) {
        table[2 * n] = (uint16_t)(STUB_VECTORS + n * STUB_VECTOR_SIZE);
        table[2 * n + 1] = 0;
    }
}

// Interrupt gates of 8 bytes, or of 16.
static void gates(const struct vm *v, uint16_t selector, unsigned words)
{
    uint64_t *table = at(v, STUB_IDT, PAGE);

    for (uint64_t n = 0; n < STUB_VECTOR_COUNT; n++) {
        const uint64_t to = STUB_VECTORS + n * STUB_VECTOR_SIZE;
        table[words * n] =
            (to & 0xffff) | (uint64_t)selector << 16 | UINT64_C(0x8e00) << 32 | (to >> 16) << 48;
    }
    vmcs_write(GUEST_IDTR_BASE, STUB_IDT);
    vmcs_write(GUEST_IDTR_LIMIT, STUB_VECTOR_COUNT * 8 * words - 1);
}

void stub_create(struct vm *v, const struct capabilities *c, const struct stub *s)
{
    vm_create(v, c, s->name, STUB_MEMORY, STUB_HOLE, STUB_HOLE_SIZE, STUB_CODE);
    put_descriptors(v);
    put_pages(v);
    if (same(s->mode, "real")) {
        vectors_of_real_mode(v);
    } else if (same(s->mode, "protected")) {
        put_code(v, STUB_VECTORS, vectors_protected, (uint64_t)(vectors_long - vectors_protected));
        gates(v, 0x08, 1);
        vm_set_protected(STUB_CODE);
    } else if (same(s->mode, "long")) {
        put_code(v, STUB_VECTORS, vectors_long, (uint64_t)(vectors_end - vectors_long));
        gates(v, 0x18, 2);
        vm_set_long(STUB_CODE, STUB_LEVEL4);
    } else {
        panic("stub %s: no mode '%s'", s->name, s->mode);
    }
    put_code(v, STUB_CODE, s->code, s->size);
    vmcs_write(GUEST_RSP, STUB_STACK);
    static uint32_t written;
    written = 0;
    allocator_give_ports(v, (struct port_device){STUB_PORT_ECHO, STUB_PORT_ECHO + 3, &written,
                                                 echo_read, echo_write});
    allocator_give_ports(
        v, (struct port_device){STUB_PORT_TICK, STUB_PORT_TICK, NULL, NULL, tick_write});
    allocator_give_ports(v, (struct port_device){STUB_PORT_INTERRUPT, STUB_PORT_INTERRUPT, v, NULL,
                                                 interrupt_write});
}

// ------------------------------------------------------------------ runs

static bool run(const struct capabilities *c, const struct stub *s)
{
    static struct vm v;
    char exits[256];

    stub_create(&v, c, s);
    vm_run(&v);
    vm_destroy(&v);
    exits_text(&v, exits, sizeof exits);
    const bool ok = same(exits, s->exits) && same(vm_end_name(v.end), s->end) &&
                    (v.g.r[RAX] == s->rax || (s->most && v.g.r[RAX] < s->rax));
    if (ok)
        print("vtx-test %s ok exits=%s end=%s rax=%lx\n", s->name, exits, vm_end_name(v.end),
              v.g.r[RAX]);
    else
        print("vtx-test %s not-ok: exits=%s end=%s rax=%lx, expected exits=%s end=%s rax=%lx\n",
              s->name, exits, vm_end_name(v.end), v.g.r[RAX], s->exits, s->end, s->rax);
    return ok;
}

unsigned stubs_run(const struct capabilities *c, const char *prefix)
{
    unsigned passed = 0, failed = 0;

    for (const struct stub *s = stubs_start; s < stubs_end; s++) {
        if (!begins(s->name, prefix)) continue;
        if (run(c, s))
            passed++;
        else
            failed++;
    }
    print("vtx-tests passed=%u failed=%u\n", passed, failed);
    return failed > 0 ? failed : passed == 0;
}
