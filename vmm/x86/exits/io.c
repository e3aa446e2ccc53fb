// SPDX-License-Identifier: MIT
// IN and OUT: rows `in`, `in_dx`, `out` and `out_dx` of x86-32.isa; and INS and OUTS, which have no
// row.

#include "vmm/x86/allocator.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/exits/routines.h"
#include "vmm/x86/guest_memory.h"
#include "vmm/x86/vmx.h"

// The exit qualification (SDM 3C, table 27-5).
enum { IO_SIZE = 7, IO_IN = 1 << 3, IO_STRING = 1 << 4, IO_REP = 1 << 5 };
enum { PENDING_DEBUG_STEP = 1 << 14 };
enum { STRING_AT_ONCE = 1024 }; // then the guest is entered and exits again
#define BASIC_STRING_INFORMATION (UINT64_C(1) << 54)

static uint32_t port_read(struct vm *v, uint16_t port, unsigned size)
{
    const struct port_device *d = allocator_port(v, port);

    return d != NULL && d->read != NULL ? d->read(d->device, port, size) : UINT32_MAX;
}

static void port_write(struct vm *v, uint16_t port, unsigned size, uint32_t value)
{
    const struct port_device *d = allocator_port(v, port);

    if (d != NULL && d->write != NULL) d->write(d->device, port, size, value);
}

static uint32_t mask_of(unsigned size)
{
    return size == 4 ? UINT32_MAX : (UINT32_C(1) << 8 * size) - 1;
}

// A register's part that the address size names; writing 32 bits clears those above.
static void set_part(uint64_t *r, uint64_t mask, uint64_t value)
{
    *r = mask == UINT16_MAX ? (*r & ~mask) | (value & mask) : value & mask;
}

// INS and OUTS (SDM 2, INS; SDM 3C, table 27-8 for what the exit says of them). The registers are
// as the iterations before a fault left them.
static enum vm_end string(struct vm *v, uint64_t q, uint16_t port, unsigned size)
{
    const uint64_t information = vmcs_read(INSTRUCTION_INFORMATION);
    const uint64_t flags = vmcs_read(GUEST_RFLAGS);
    const unsigned address_size = information >> 7 & 7;
    const uint64_t mask = address_size == 0   ? UINT16_MAX
                          : address_size == 1 ? UINT32_MAX
                                              : UINT64_MAX;
    const bool in = q & IO_IN;
    const enum segment segment = in ? SEGMENT_ES : (enum segment)(information >> 15 & 7);
    uint64_t *const index = &v->g.r[in ? RDI : RSI];

    if (!(v->capabilities->basic & BASIC_STRING_INFORMATION)) return VM_UNHANDLED;
    for (unsigned n = 0; !(q & IO_REP) || v->g.r[RCX] & mask; n++) {
        struct guest_place place;
        if (n == STRING_AT_ONCE) return VM_RUNS;
        if (n == 1 && flags & FLAG_TF) { // a single step is one iteration
            vmcs_write(GUEST_PENDING_DEBUG, vmcs_read(GUEST_PENDING_DEBUG) | PENDING_DEBUG_STEP);
            return VM_RUNS;
        }
        switch (guest_find(v, segment, *index & mask, size, in, &place)) {
        case GUEST_NOWHERE: return VM_UNHANDLED;
        case GUEST_FAULTS: return VM_RUNS;
        case GUEST_DONE: break;
        }
        if (in)
            guest_write(&place, port_read(v, port, size));
        else
            port_write(v, port, size, (uint32_t)guest_read(&place) & mask_of(size));
        set_part(index, mask, flags & FLAG_DF ? *index - size : *index + size);
        if (!(q & IO_REP)) break;
        set_part(&v->g.r[RCX], mask, v->g.r[RCX] - 1);
    }
    vm_advance(v);
    return VM_RUNS;
}

// v_io: rax or memory := the virtual port, or the reverse; bytes, words or double words
enum vm_end v_io(struct vm *v)
{
    const uint64_t q = vmcs_read(EXIT_QUALIFICATION);
    const uint16_t port = q >> 16 & 0xffff;
    const unsigned size = (q & IO_SIZE) + 1;
    const uint32_t mask = mask_of(size);

    if (q & IO_STRING) return string(v, q, port, size);
    if (q & IO_IN) {
        const uint32_t value = port_read(v, port, size);
        v->g.r[RAX] = size == 4 ? value : (v->g.r[RAX] & ~(uint64_t)mask) | (value & mask);
    } else {
        port_write(v, port, size, (uint32_t)v->g.r[RAX] & mask);
    }
    vm_advance(v);
    return VM_RUNS;
}
