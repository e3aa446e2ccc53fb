// SPDX-License-Identifier: MIT
// Head and rows.

#include "vmm/host/comparison_table.h"

#include <inttypes.h>
#include <stdio.h>

const char *comparison_end(enum run_reason reason)
{
    static const char *const names[] = {[RUN_LIMIT] = "stopped by --max-steps",
                                        [RUN_STOP] = "halted with code",
                                        [RUN_CHECK_STOP] = "check stop",
                                        [RUN_IDLE] = "idle for ever"};

    return names[reason];
}

void comparison_head(const char *guest, enum run_reason end, uint64_t value, uint64_t completed,
                     uint64_t count)
{
    printf("%s: %s", guest, comparison_end(end));
    if (end == RUN_STOP) printf(" %" PRIu64, value);
    printf(" after %" PRIu64 " instructions, at count %" PRIu64 "\n\n", completed, count);
    printf("%-10s %5s  %-11s  %-7s  %8s  %10s  %10s  %9s\n", "monitor", "depth", "equivalence",
           "control", "direct", "traps", "emulated", "slowdown");
}

static const char *holds(bool good)
{
    return good ? "holds" : "FAILS";
}

void comparison_row(const struct comparison_row *r)
{
    printf("%-10s %5" PRIu64 "  %-11s  %-7s  %6.2f %%  %10" PRIu64 "  %10" PRIu64 "  %9.2f\n",
           r->monitor, r->depth, holds(r->equivalent), holds(r->control), 100 * r->direct, r->traps,
           r->emulated, r->slowdown);
}
