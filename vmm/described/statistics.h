// SPDX-License-Identifier: MIT
// What a monitor counts while it runs a virtual machine of any description, and the first time
// that an instruction which the host executed touched what is the control program's.
#ifndef TRAPEZE_VMM_DESCRIBED_STATISTICS_H
#define TRAPEZE_VMM_DESCRIBED_STATISTICS_H

#include "vmm/described/machine.h"

// An instruction that the host executed, and what it did that only the allocator may.
struct described_violation {
    bool any;
    uint64_t count, P; // of the virtual machine, before the instruction
    uint64_t mode;     // likewise
    uint64_t word;
    unsigned width; // of the word, in bits; 0: it cannot be fetched
    char what[64];  // "T", "M", "R[3]", "memory at 1f0", "processor"
    uint64_t set, found;
};

struct described_statistics {
    uint64_t direct;      // instructions that the host executed
    uint64_t interpreted; // in software, one after the other
    uint64_t *emulated;   // by their routines after a trap, by their place in the description
    uint64_t *traps;      // of the host's that the dispatcher got, by their place
    uint64_t *violations; // by the component's place; behind the last one: the processor, stopped
                          // or waiting
    struct described_violation first;
};

void described_statistics_init(struct described_statistics *s, const struct description *d);
void described_statistics_reset(struct described_statistics *s, const struct description *d);
void described_statistics_free(struct described_statistics *s);

uint64_t described_emulated(const struct described_statistics *s, const struct description *d);
uint64_t described_traps(const struct described_statistics *s, const struct description *d);
uint64_t described_violations(const struct described_statistics *s, const struct description *d);

// What a place in `violations` stands for.
const char *described_control_name(const struct description *d, unsigned place);

#endif
