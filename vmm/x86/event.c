// SPDX-License-Identifier: MIT
// What a guest is told: exceptions, external interrupts when it lets them in (SDM 3C, 24.8.3,
// 26.6); and the instruction pointer behind an instruction that has been done for it.

#include "vmm/x86/cpu.h"
#include "vmm/x86/vmx.h"

enum { BLOCKED_BY_STI = 1, BLOCKED_BY_MOV_SS = 2 };
enum { PENDING_DEBUG_STEP = 1 << 14 };

void vm_advance(struct vm *v)
{
    (void)v;
    uint64_t rip = vmcs_read(GUEST_RIP) + vmcs_read(INSTRUCTION_LENGTH);

    // Outside 64-bit mode the instruction pointer has 32 bits.
    if (!(vmcs_read(GUEST_CS_RIGHTS) & RIGHTS_L)) rip &= 0xffffffff;
    vmcs_write(GUEST_RIP, rip);
    const uint64_t blocked = vmcs_read(GUEST_INTERRUPTIBILITY);
    if (blocked & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS))
        vmcs_write(GUEST_INTERRUPTIBILITY,
                   blocked & ~(uint64_t)(BLOCKED_BY_STI | BLOCKED_BY_MOV_SS));
    if (vmcs_read(GUEST_RFLAGS) & FLAG_TF)
        vmcs_write(GUEST_PENDING_DEBUG, vmcs_read(GUEST_PENDING_DEBUG) | PENDING_DEBUG_STEP);
}

void vm_inject_exception(struct vm *v, unsigned vector, bool has_code, uint32_t code)
{
    // In real mode exceptions have no error codes.
    has_code = has_code && vmcs_read(GUEST_CR0) & CR0_PE;
    vmcs_write(ENTRY_EVENT,
               EVENT_VALID | EVENT_EXCEPTION | (has_code ? EVENT_HAS_CODE : 0) | vector);
    if (has_code) vmcs_write(ENTRY_ERROR_CODE, code);
    v->injecting = true;
}

enum vm_end vm_fault(struct vm *v)
{
    vm_inject_exception(v, VECTOR_GP, true, 0);
    return VM_RUNS;
}

void vm_interrupt(struct vm *v, unsigned vector)
{
    v->pending[vector / 64] |= UINT64_C(1) << vector % 64;
}

void vm_control(struct vm *v, uint32_t bit, bool on)
{
    const uint32_t bits = on ? v->processor_controls | bit : v->processor_controls & ~bit;

    if (bits != v->processor_controls) vmcs_write(PROCESSOR_CONTROLS, bits);
    v->processor_controls = bits;
}

// The highest vector that waits.
static unsigned highest(const struct vm *v)
{
    for (unsigned word = 3;; word--)
        if (v->pending[word] != 0)
            return word * 64 + 63 - (unsigned)__builtin_clzll(v->pending[word]);
}

static bool is_pending(const struct vm *v)
{
    return v->pending[0] | v->pending[1] | v->pending[2] | v->pending[3];
}

bool vm_interrupt_waits(const struct vm *v)
{
    return is_pending(v) || (v->interrupts.asks != NULL && v->interrupts.asks(v->interrupts.of));
}

static unsigned take(struct vm *v)
{
    if (!is_pending(v)) return v->interrupts.acknowledge(v->interrupts.of);
    const unsigned vector = highest(v);
    v->pending[vector / 64] &= ~(UINT64_C(1) << vector % 64);
    return vector;
}

void vm_inject_waiting(struct vm *v)
{
    if (!vm_interrupt_waits(v)) {
        vm_control(v, PROCESSOR_INTERRUPT_WINDOW, false);
        return;
    }
    const bool open = vmcs_read(GUEST_RFLAGS) & FLAG_IF && vmcs_read(GUEST_INTERRUPTIBILITY) == 0;

    if (v->injecting || !open) {
        vm_control(v, PROCESSOR_INTERRUPT_WINDOW, true);
        return;
    }
    vmcs_write(ENTRY_EVENT, EVENT_VALID | EVENT_INTERRUPT | take(v));
    v->injecting = true;
    vm_control(v, PROCESSOR_INTERRUPT_WINDOW, vm_interrupt_waits(v));
}
