// SPDX-License-Identifier: MIT
// Touching memory that is not the guest's. No device has any so far, so the guest ends.

#include "vmm/x86/exits/routines.h"

enum vm_end v_ept_violation(struct vm *v)
{
    (void)v;
    return VM_UNHANDLED;
}
