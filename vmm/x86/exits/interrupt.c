// SPDX-License-Identifier: MIT
// Exits that no instruction makes: interrupts of the machine's own, the window in which a guest
// takes its own, exceptions that the monitor looks at first, the triple fault.

#include "vmm/x86/console.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/devices/board.h"
#include "vmm/x86/exits/routines.h"
#include "vmm/x86/vmx.h"

enum { PIC_COMMAND = 0x20, PIC2_COMMAND = 0xa0, PIC_END_OF_INTERRUPT = 0x20 };
enum { DR6_SET_BY_EXIT = 0x600f };
enum { DR7_GENERAL_DETECT = 1 << 13, DR6_GENERAL_DETECT = 1 << 13 };

// The exit has acknowledged it, the controllers are told that it is over. It is the serial line's:
// something has been typed, or has been sent.
enum vm_end v_external_interrupt(struct vm *v)
{
    console_serve();
    if (v->waiting) v->turn_over = true;
    out8(PIC2_COMMAND, PIC_END_OF_INTERRUPT);
    out8(PIC_COMMAND, PIC_END_OF_INTERRUPT);
    return VM_RUNS;
}

// The guest has let interrupts in: vm_inject_waiting does the rest before the next entry.
enum vm_end v_interrupt_window(struct vm *v)
{
    vm_control(v, PROCESSOR_INTERRUPT_WINDOW, false);
    return VM_RUNS;
}

// Debug exceptions and alignment checks are the guest's. They exit because a guest can make a
// processor raise them without end while it delivers one, where no interrupt gets through.
enum vm_end v_exception(struct vm *v)
{
    const uint64_t event = vmcs_read(EXIT_EVENT);
    const unsigned vector = event & 0xff;

    if ((event & EVENT_TYPE) == EVENT_NMI) return VM_RUNS; // nothing of ours sends any
    if (vector != VECTOR_DB && vector != VECTOR_AC) return VM_UNHANDLED;
    if (vector == VECTOR_DB) {
        const uint64_t q = vmcs_read(EXIT_QUALIFICATION);
        uint64_t dr6;
        // The exit has not set DR6, nor cleared the bit in DR7 (SDM 3C, 27.1).
        __asm__ volatile("mov %%dr6, %0" : "=r"(dr6));
        dr6 = (dr6 & ~UINT64_C(15)) | (q & DR6_SET_BY_EXIT);
        __asm__ volatile("mov %0, %%dr6" : : "r"(dr6));
        vmcs_write(GUEST_DR7, vmcs_read(GUEST_DR7) & ~(uint64_t)DR7_GENERAL_DETECT);
    }
    vmcs_write(ENTRY_EVENT, EVENT_VALID | (event & (EVENT_HAS_CODE | EVENT_TYPE | 0xff)));
    if (event & EVENT_HAS_CODE) vmcs_write(ENTRY_ERROR_CODE, vmcs_read(EXIT_ERROR_CODE));
    if ((event & EVENT_TYPE) >= EVENT_SOFTWARE)
        vmcs_write(ENTRY_INSTRUCTION_LENGTH, vmcs_read(INSTRUCTION_LENGTH));
    v->injecting = true;
    return VM_RUNS;
}

// The guest's turn is over, which vm_turn sees; or a device has something to do.
enum vm_end v_preemption_timer(struct vm *v)
{
    if (v->board != NULL) board_advance(v->board);
    v->retime = true;
    return VM_RUNS;
}

// A machine of the guest's own would start anew; what was to be seen of this one is lost then.
enum vm_end v_triple_fault(struct vm *v)
{
    (void)v;
    return VM_RESET;
}
