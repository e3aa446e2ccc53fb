// SPDX-License-Identifier: MIT
// A stub's virtual machine: its state and its ports; and the comparison of what became of it with
// its row.

#include "vmm/x86/tests/stubs.h"

#include "vmm/x86/allocator.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/dispatcher.h"
#include "vmm/x86/guests/stub.h"
#include "vmm/x86/print.h"
#include "vmm/x86/tests/stub_memory.h"
#include "vmm/x86/traps.h"
#include "vmm/x86/vmx.h"

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

// ------------------------------------------------------------------ state

static void *at(void *machine, uint64_t guest, uint64_t size)
{
    const struct vm *v = machine;
    void *p = allocator_memory(v, guest, size);

    if (p == NULL) panic("%s has no memory at %lx", v->name, guest);
    return p;
}

void stub_create(struct vm *v, const struct capabilities *c, const struct stub *s)
{
    vm_create(v, c, s->name, STUB_MEMORY, STUB_HOLE, STUB_HOLE_SIZE, STUB_CODE);
    const struct stub_tables t = stub_fill(s, at, v);
    vmcs_write(GUEST_GDTR_BASE, t.gdt);
    vmcs_write(GUEST_GDTR_LIMIT, t.gdt_limit);
    vmcs_write(GUEST_IDTR_BASE, t.idt);
    vmcs_write(GUEST_IDTR_LIMIT, t.idt_limit);
    if (t.mode == STUB_PROTECTED) vm_set_protected(STUB_CODE);
    if (t.mode == STUB_LONG) vm_set_long(STUB_CODE, STUB_LEVEL4);
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
    const bool ok = text_same(exits, s->exits) && text_same(vm_end_name(v.end), s->end) &&
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
        if (!text_begins(s->name, prefix)) continue;
        if (run(c, s))
            passed++;
        else
            failed++;
    }
    print("vtx-tests passed=%u failed=%u\n", passed, failed);
    return failed > 0 ? failed : passed == 0;
}
