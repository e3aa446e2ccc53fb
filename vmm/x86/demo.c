// SPDX-License-Identifier: MIT
// The demonstration: vmm/x86/guests/tour.S on a virtual machine with a serial line.

#include "vmm/x86/demo.h"

#include "vmm/guests/memory.h"
#include "vmm/x86/allocator.h"
#include "vmm/x86/console.h"
#include "vmm/x86/console.h"
#include "vmm/x86/devices/uart.h"
#include "vmm/x86/dispatcher.h"
#include "vmm/x86/print.h"
#include "vmm/x86/traps.h"
#include "vmm/x86/vmx.h"

extern const char tour_start[], tour_end[]; // guests/tour.S

enum { TOUR_CODE = 0x8000, TOUR_MEMORY = 2 << 20 };

bool demo_run(const struct capabilities *c)
{
    static struct vm v;
    static struct uart u;
    static struct console console;
    const uint64_t size = (uint64_t)(tour_end - tour_start);

    vm_create(&v, c, "tour", TOUR_MEMORY, 0, 0, TOUR_CODE);
    void *code = allocator_memory(&v, TOUR_CODE, size);
    if (code == NULL) panic("the guest has no memory");
    memcpy(code, tour_start, size);
    console_open_lines(&console, &v);
    uart_open(&u, console_send, &console);
    allocator_give_ports(&v,
                         (struct port_device){UART_PORT, UART_PORT + 7, &u, uart_read, uart_write});
    print("A virtual machine with %u KiB of memory, in real mode\n", TOUR_MEMORY >> 10);
    vm_run(&v);
    console_flush(&console);
    vm_destroy(&v);

    uint64_t exits = 0;
    print("It has ended: %s. Its exits:\n", v.end == VM_HALTED ? "halted" : "not as it should");
    for (unsigned i = 0; i < EXIT_REASONS; i++) {
        if (v.exits[i] != 0) print("%8lu  %s\n", v.exits[i], exit_name(i));
        exits += v.exits[i];
    }
    print("%8lu  in all\n", exits);
    return v.end == VM_HALTED;
}
