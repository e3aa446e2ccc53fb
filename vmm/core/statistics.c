// SPDX-License-Identifier: MIT
// Sums of what a monitor counts, and the names of the host's resources.

#include "vmm/core/statistics.h"

const char *const control_names[CONTROLS] = {
    [CONTROL_MODE] = "mode",
    [CONTROL_RELOCATION] = "relocation",
    [CONTROL_INTERRUPTS] = "interrupt enable",
    [CONTROL_TIMER] = "timer",
    [CONTROL_DEVICES] = "devices",
    [CONTROL_PROCESSOR] = "processor",
};

static uint64_t sum(const uint64_t *n, size_t size)
{
    uint64_t total = 0;

    for (size_t k = 0; k < size; k++) total += n[k];
    return total;
}

uint64_t vm_emulated(const struct vm_statistics *s)
{
    return sum(s->emulated, PG32_ops);
}

uint64_t vm_traps(const struct vm_statistics *s)
{
    return sum(s->traps, PG32_traps);
}

uint64_t vm_violations(const struct vm_statistics *s)
{
    return sum(s->violations, CONTROLS);
}
