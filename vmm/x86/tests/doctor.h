// SPDX-License-Identifier: MIT
// Tries the broken states on the processor, and asks the doctor about each.
#ifndef TRAPEZE_VMM_X86_TESTS_DOCTOR_H
#define TRAPEZE_VMM_X86_TESTS_DOCTOR_H

#include "vmm/x86/controls.h"

// Those whose names begin with `prefix`. A line for each: `vtx-test doctor.NAME ok FIELD`, or
// `vtx-test doctor.NAME not-ok: ...`, then the sum as stubs_run has it. The number of failures, or
// 1 where there were none.
unsigned doctor_run(const struct capabilities *c, const char *prefix);

#endif
