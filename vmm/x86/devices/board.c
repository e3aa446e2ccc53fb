// SPDX-License-Identifier: MIT
// Which device is at which ports, and whose interrupt is which.

#include "vmm/x86/devices/board.h"

#include "vmm/x86/allocator.h"
#include "vmm/x86/traps.h"

enum { TIMER_IRQ = 0 };

static uint64_t guest_time(void *of)
{
    return vm_time(of);
}

static void uart_interrupt(void *of, bool high)
{
    struct board *const b = of;

    pic_line(&b->pic, UART_IRQ, high);
}

static void keyboard_interrupt(void *of, bool high)
{
    struct board *const b = of;

    pic_line(&b->pic, KEYBOARD_IRQ, high);
}

static void reset(void *of)
{
    struct board *const b = of;

    b->vm->asked = VM_RESET;
}

static void off(void *of)
{
    struct board *const b = of;

    b->vm->asked = VM_OFF;
}

static void timing_changed(void *of)
{
    struct board *const b = of;

    b->vm->retime = true;
}

// The chip set's port 0x92: A20, which is always open, and a reset; and 0xCF9's reset.
enum { A20_PORT = 0x92, A20_OPEN = 2, A20_RESET = 1, RESET_PORT = 0xcf9, RESET_NOW = 4 };

static uint32_t a20_read(void *device, uint16_t port, unsigned size)
{
    (void)device, (void)port, (void)size;
    return A20_OPEN;
}

static void a20_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    (void)port, (void)size;
    if (value & A20_RESET) reset(device);
}

// Port 0xCF9 lies within PCI's address register, which is written as a whole.
static void pci_or_reset_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct board *const b = device;

    if (port == RESET_PORT && size == 1) {
        if (value & RESET_NOW) reset(b);
        return;
    }
    pci_write(&b->pci, port, size, value);
}

static uint32_t pci_of_board(void *device, uint16_t port, unsigned size)
{
    struct board *const b = device;

    return pci_read(&b->pci, port, size);
}

static bool asks(void *of)
{
    struct board *const b = of;

    return pic_asks(&b->pic);
}

static unsigned acknowledge(void *of)
{
    struct board *const b = of;

    return pic_acknowledge(&b->pic);
}

void board_open(struct board *b, struct vm *v, uint64_t hz, uint64_t seconds,
                void (*send)(void *of, uint8_t byte), void *of)
{
    *b = (struct board){.vm = v, .clock = {guest_time, v, hz}};
    pic_open(&b->pic);
    pit_open(&b->pit, &b->clock);
    b->pit.changed = timing_changed;
    b->pit.of = b;
    uart_open(&b->uart, send, of);
    b->uart.interrupt = uart_interrupt;
    b->uart.interrupt_of = b;
    keyboard_open(&b->keyboard);
    b->keyboard.interrupt = keyboard_interrupt;
    b->keyboard.reset = reset;
    b->keyboard.of = b;
    cmos_open(&b->cmos, &b->clock, seconds, v->memory_size);
    vga_open(&b->vga);
    b->power = (struct power){.clock = &b->clock, .off = off, .of = b};

    const struct port_device devices[] = {
        {PIC_PORT, PIC_PORT + 1, &b->pic, pic_read, pic_write},
        {PIC2_PORT, PIC2_PORT + 1, &b->pic, pic_read, pic_write},
        {PIC_LEVEL_PORT, PIC_LEVEL_PORT + 1, &b->pic, pic_read, pic_write},
        {PIT_PORT, PIT_PORT + 3, &b->pit, pit_read, pit_write},
        {PIT_SPEAKER_PORT, PIT_SPEAKER_PORT, &b->pit, pit_read, pit_write},
        {UART_PORT, UART_PORT + 7, &b->uart, uart_read, uart_write},
        {KEYBOARD_PORT, KEYBOARD_PORT, &b->keyboard, keyboard_read, keyboard_write},
        {KEYBOARD_COMMAND_PORT, KEYBOARD_COMMAND_PORT, &b->keyboard, keyboard_read, keyboard_write},
        {CMOS_PORT, CMOS_PORT + 1, &b->cmos, cmos_read, cmos_write},
        {PCI_PORT, PCI_LAST_PORT, b, pci_of_board, pci_or_reset_write},
        {VGA_PORT, VGA_LAST_PORT, &b->vga, vga_read, vga_write},
        {POWER_PORT, POWER_LAST_PORT, &b->power, power_read, power_write},
        {A20_PORT, A20_PORT, b, a20_read, a20_write},
    };
    for (unsigned i = 0; i < sizeof devices / sizeof devices[0]; i++)
        allocator_give_ports(v, devices[i]);
    v->board = b;
    v->interrupts = (struct interrupt_controller){asks, acknowledge, b};

    uint8_t *tables = allocator_memory(v, POWER_TABLES, POWER_TABLES_SIZE);
    if (tables == NULL) panic("%s has no memory for its ACPI tables", v->name);
    power_put_tables(tables);
}

// An edge-triggered input: that it has risen is what counts.
void board_advance(struct board *b)
{
    if (pit_edges(&b->pit) == 0) return;
    pic_line(&b->pic, TIMER_IRQ, false);
    pic_line(&b->pic, TIMER_IRQ, true);
    b->vm->retime = true;
}

uint64_t board_deadline(const struct board *b)
{
    return pit_next(&b->pit);
}
