// SPDX-License-Identifier: MIT
// Instructions that do nothing on this machine, or that it does not have.

#include "vmm/x86/cpu.h"
#include "vmm/x86/exits/routines.h"

// v_caches: rows `invd` and `wbinvd` of x86-32.isa. Caches hold what memory holds. The real INVD
// would throw away what the monitor wrote.
enum vm_end v_caches(struct vm *v)
{
    vm_advance(v);
    return VM_RUNS;
}

// v_rdpmc: row `rdpmc` of x86-32.isa. This machine has no performance counters: no number is valid.
enum vm_end v_rdpmc(struct vm *v)
{
    vm_inject_exception(v, VECTOR_GP, true, 0);
    return VM_RUNS;
}

// CPUID tells of no VMX, SMX, MONITOR; in SMM no guest is.
enum vm_end v_undefined(struct vm *v)
{
    vm_inject_exception(v, VECTOR_UD, false, 0);
    return VM_RUNS;
}
