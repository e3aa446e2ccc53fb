// SPDX-License-Identifier: MIT
// A virtual machine: the state that the VMCS does not hold, what the allocator gave it, and what
// has become of it.
#ifndef TRAPEZE_VMM_X86_VM_H
#define TRAPEZE_VMM_X86_VM_H

#include "vmm/x86/controls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXIT_REASONS = 70 };

// In the order in which instructions number them; enter.S knows it, too. RSP is in the VMCS.
enum general { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, GENERAL = 16 };
struct registers {
    uint64_t r[GENERAL];
    uint64_t cr2;
};

// Registers that the processor has once, and that are swapped when another VM's turn comes.
enum {
    SWAPPED_STAR,
    SWAPPED_LSTAR,
    SWAPPED_CSTAR,
    SWAPPED_FMASK,
    SWAPPED_KERNEL_GS_BASE,
    SWAPPED_TSC_AUX,
    SWAPPED_MSRS
};

enum { MTRR_VARIABLE = 16, MTRR_FIXED = 11 };

// What has become of the machine.
enum vm_end {
    VM_RUNS,
    VM_HALTED,    // HLT with interrupts off: it asked to end
    VM_IDLE,      // HLT, and nothing is there that could wake it
    VM_OFF,       // it has switched itself off
    VM_RESET,     // a triple fault, or a device's reset
    VM_UNHANDLED, // it did what no routine knows
    VM_FAILED,    // VM entry failed: the monitor's mistake
};

// A piece of the virtual machine's port space, and the device there. `size` is 1, 2 or 4 bytes;
// what a read gives beyond the size is ignored. A null function: reads all ones, ignores writes.
struct port_device {
    uint16_t first, last;
    void *device;
    uint32_t (*read)(void *device, uint16_t port, unsigned size);
    void (*write)(void *device, uint16_t port, unsigned size, uint32_t value);
};
enum { VM_PORT_DEVICES = 16 };

// What external interrupts come from, where there is a controller; null functions: there is none.
struct interrupt_controller {
    bool (*asks)(void *of);
    unsigned (*acknowledge)(void *of); // the vector; it is being taken
    void *of;
};

struct vm {
    struct registers g;
    const char *name;

    // The allocator's.
    void *vmcs;
    uint64_t *ept;        // the table of the fourth level
    uint64_t memory_size; // bytes of guest-physical memory from 0, some of which may be holes
    uint16_t vpid;
    struct port_device ports[VM_PORT_DEVICES];
    unsigned port_devices;

    const struct capabilities *capabilities;
    bool launched;
    bool loaded; // its VMCS and swapped registers are the processor's
    uint32_t processor_controls;
    uint32_t processor2_controls;

    uint64_t msrs[SWAPPED_MSRS];
    uint64_t xcr0, cr8;
    uint64_t dr[4], dr6;
    uint64_t mtrr_default, mtrr_variable[MTRR_VARIABLE], mtrr_fixed[MTRR_FIXED];
    uint64_t apic_base, misc_enable;
    uint8_t xsave[4096] __attribute__((aligned(64)));

    uint64_t pending[4]; // external interrupts that wait, a bit a vector
    struct interrupt_controller interrupts;
    struct board *board; // the devices, or null
    bool injecting;      // a routine has put an event into this entry

    uint64_t tsc_offset; // from the processor's time-stamp counter to the guest's
    bool timed;          // the preemption timer is on
    bool turn_over;
    bool waiting;            // HLT: nothing to do before an interrupt
    bool retime;             // `wake` may have changed
    uint64_t turn_end, wake; // the processor's counter when the turn ends, and when it must exit
    uint64_t turns;
    enum vm_end asked; // a device's wish, which its exit's end becomes

    bool quiet; // its end by what no routine knows is no news
    enum vm_end end;
    uint64_t exits[EXIT_REASONS];
};

// A new virtual machine as after reset (SDM 3A, 9.1.1), but for RIP: real mode at CS:IP = 0:`ip`,
// all of `memory_size` bytes its own (a multiple of 4 KiB, at most 1 GiB) except the hole that
// [hole, hole + hole_size) is, where hole_size is not 0. Its VMCS is current.
void vm_create(struct vm *v, const struct capabilities *c, const char *name, uint64_t memory_size,
               uint64_t hole, uint64_t hole_size, uint16_t ip);

// What has become of it, in a word.
const char *vm_end_name(enum vm_end end);

// Gives back all that the allocator gave.
void vm_destroy(struct vm *v);

// Sets the guest up in protected mode, flat segments, paging off; in 64-bit mode, with the page
// tables that the guest's memory has at `cr3`. Descriptor tables are for the guest to load.
void vm_set_protected(uint64_t rip);
void vm_set_long(uint64_t rip, uint64_t cr3);

// Makes v's registers the processor's, or puts them by.
void vm_load(struct vm *v);
void vm_store(struct vm *v);

// The state components that a guest may turn on in XCR0; 0 where there is no XSAVE.
uint64_t vm_xcr0_offered(void);

// v's preemption timer is on from now on: turns can end, devices are served in time. The processor
// has one. v's VMCS is current.
void vm_set_timed(struct vm *v);

// What is added to the processor's time-stamp counter for the guest's. v's VMCS is current.
void vm_set_offset(struct vm *v, uint64_t offset);

// The guest's time-stamp counter as it is now.
uint64_t vm_time(const struct vm *v);

// Runs v until it ends, waits for an interrupt or, where it is timed, the processor's time-stamp
// counter has reached `until`. Its state is put by then, so that another one's turn may come.
void vm_turn(struct vm *v, uint64_t until);

// Lets the processor sleep for v, which waits, until then or until an interrupt.
void vm_sleep(struct vm *v, uint64_t until);

// Runs v, which is not timed, until it ends.
void vm_run(struct vm *v);

// The instruction that exited is done: RIP moves behind it.
void vm_advance(struct vm *v);

// On the next entry the guest gets this exception, at the instruction that exited.
void vm_inject_exception(struct vm *v, unsigned vector, bool has_code, uint32_t code);

// Likewise the general-protection fault with error code 0, for a routine to end with.
enum vm_end vm_fault(struct vm *v);

// The guest gets this external interrupt when it lets interrupts in.
void vm_interrupt(struct vm *v, unsigned vector);

// Whether an external interrupt waits, for the guest to let it in.
bool vm_interrupt_waits(const struct vm *v);

// Before an entry: injects what waits, if the guest takes it; else asks for an exit when it does.
void vm_inject_waiting(struct vm *v);

// Changes one of the processor-based controls.
void vm_control(struct vm *v, uint32_t bit, bool on);

#endif
