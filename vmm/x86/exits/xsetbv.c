// SPDX-License-Identifier: MIT
// XSETBV, which always exits; x86-32.isa has no row for it.

#include "vmm/x86/cpu.h"
#include "vmm/x86/exits/routines.h"

enum { X87 = 1, SSE = 2, AVX = 4, AVX512 = 0xe0 };

// Which values the processor takes (SDM 1, 13.3).
static bool valid(uint64_t value)
{
    if (value & ~vm_xcr0_offered() || !(value & X87)) return false;
    if (value & AVX && !(value & SSE)) return false;
    return !(value & AVX512) || ((value & AVX512) == AVX512 && value & AVX);
}

// v_xsetbv: XCR0 := edx:eax. The guest's is in the processor while the guest is loaded.
enum vm_end v_xsetbv(struct vm *v)
{
    const uint64_t value = v->g.r[RDX] << 32 | (uint32_t)v->g.r[RAX];

    if ((uint32_t)v->g.r[RCX] != 0 || !valid(value)) {
        vm_inject_exception(v, VECTOR_GP, true, 0);
        return VM_RUNS;
    }
    xsetbv(value);
    vm_advance(v);
    return VM_RUNS;
}
