// SPDX-License-Identifier: MIT
// A machine on a test's bench: memory, engine memory, a few ways to fill and to compare them.
#ifndef TRAPEZE_TESTS_MACHINE_RIG_H
#define TRAPEZE_TESTS_MACHINE_RIG_H

#include "vmm/machine/hardware.h"

enum { RIG_SIZE = 64 << 10, RIG_CODE = 0x1000 }; // bytes of memory; where programs usually go

struct rig {
    struct hardware h;
    uint8_t *memory, *engine_memory; // exact allocations, so that a sanitizer sees their ends
};

// A machine reset to P = RIG_CODE with zeroed memory. engine_room: bytes of engine memory, 0 for
// the recommended size. Aborts where the host has no memory.
void rig_open(struct rig *r, const struct engine *e, size_t engine_room);
void rig_close(struct rig *r);

// Words to physical memory, reported to the machine.
void rig_put(struct rig *r, uint32_t address, uint32_t word);
void rig_program(struct rig *r, uint32_t address, const uint32_t *words, size_t n);
uint32_t rig_get(const struct rig *r, uint32_t address);

// The PSW that traps load, from 0x20.
void rig_handler(struct rig *r, uint32_t status, uint32_t P);

// The first component of the state (or "count", "completed", "memory") in which two differ; null
// where none does.
const char *rig_difference(const struct rig *a, const struct rig *b);

// Both engines, for tests that say what each must do.
extern const struct engine *const rig_engines[2];

#endif
