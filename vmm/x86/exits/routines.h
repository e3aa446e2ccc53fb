// SPDX-License-Identifier: MIT
// P&G's interpreter routines v_i: one for each reason to exit. All have one signature: the VM that
// exited, whose VMCS is current; what has become of it (VM_RUNS: it goes on). A routine reads what
// it needs of the exit from the VMCS, does the instruction on the virtual state, and moves RIP
// behind it; or it injects the exception that the instruction raises on a machine of the guest's
// own, and leaves RIP.
#ifndef TRAPEZE_VMM_X86_EXITS_ROUTINES_H
#define TRAPEZE_VMM_X86_EXITS_ROUTINES_H

#include "vmm/x86/vm.h"

typedef enum vm_end routine(struct vm *v);

routine v_cpuid, v_hlt, v_io, v_rdmsr, v_wrmsr, v_control_register, v_xsetbv;
routine v_external_interrupt, v_interrupt_window, v_exception, v_triple_fault;
routine v_preemption_timer;
routine v_ept_violation;
routine v_caches;    // INVD, WBINVD
routine v_undefined; // instructions that this machine does not have
routine v_rdpmc;

#endif
