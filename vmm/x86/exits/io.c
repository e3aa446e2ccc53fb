// SPDX-License-Identifier: MIT
// IN and OUT: rows `in`, `in_dx`, `out` and `out_dx` of x86-32.isa. INS and OUTS, which have no
// row, are not done yet.

#include "vmm/x86/allocator.h"
#include "vmm/x86/exits/routines.h"
#include "vmm/x86/vmx.h"

// The exit qualification (SDM 3C, table 27-5).
enum { IO_SIZE = 7, IO_IN = 1 << 3, IO_STRING = 1 << 4 };

// v_io: rax := the virtual port, or the virtual port := rax; bytes, words or double words
enum vm_end v_io(struct vm *v)
{
    const uint64_t q = vmcs_read(EXIT_QUALIFICATION);
    const uint16_t port = q >> 16 & 0xffff;
    const unsigned size = (q & IO_SIZE) + 1;
    const uint32_t mask = size == 4 ? UINT32_MAX : (UINT32_C(1) << 8 * size) - 1;
    const struct port_device *d = allocator_port(v, port);

    if (q & IO_STRING) return VM_UNHANDLED;
    if (q & IO_IN) {
        const uint32_t value =
            d != NULL && d->read != NULL ? d->read(d->device, port, size) : UINT32_MAX;
        v->g.r[RAX] = size == 4 ? value : (v->g.r[RAX] & ~(uint64_t)mask) | (value & mask);
    } else if (d != NULL && d->write != NULL) {
        d->write(d->device, port, size, (uint32_t)v->g.r[RAX] & mask);
    }
    vm_advance(v);
    return VM_RUNS;
}
