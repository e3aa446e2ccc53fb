// SPDX-License-Identifier: MIT
// The PG32 hardware: the bare machine, with the engine that executes its instructions. Who only
// uses a machine needs core/machine.h.
#ifndef TRAPEZE_VMM_MACHINE_HARDWARE_H
#define TRAPEZE_VMM_MACHINE_HARDWARE_H

#include "vmm/machine/decoded.h"

struct hardware;

// An engine executes instructions on a machine until a trap is raised (not delivered), a stop, or
// until `limit` more instructions have completed. It takes interrupts and keeps count, exactly.
struct engine {
    const char *name;
    struct run_result (*run)(struct hardware *h, uint64_t limit);
    void (*reset)(struct hardware *h); // forget everything decoded; null: nothing to forget
    // The PSW swap; null: the generated one, pg32_deliver.
    enum pg32_outcome (*deliver)(struct hardware *h, uint32_t cause, uint32_t information);
    struct run_result (*step)(struct hardware *h); // as machine_ops; null: plain_step
    size_t state_least;                // bytes of engine_state that it cannot do without
};

enum { ENGINE_ALIGNMENT = 64 }; // of engine_state

struct hardware {
    struct machine m; // stays first
    const struct engine *engine;
    void *engine_state; // the engine's own part of the caller's engine_memory
    size_t engine_state_size;
    struct decoded decoded;
};

extern const struct engine engine_switch;   // plain: one instruction at a time
extern const struct engine engine_threaded; // pre-decoded blocks, direct-threaded

// How much engine_memory to give a machine of `size` bytes: enough for a few thousand blocks.
static inline size_t hardware_engine_memory(uint32_t size)
{
    return size / GRANULE + ((size_t)4 << 20);
}

// A machine without devices, before its first reset. `memory` is q = `size` bytes, a multiple of
// 4 KiB and at least that; `engine_memory` of any alignment is the engine's alone. Both stay the
// caller's and must outlive the machine, which must not be moved. engine_switch needs no
// engine_memory; where there is too little for `e`, h->engine is engine_switch.
void hardware_init(struct hardware *h, uint8_t *memory, uint32_t size, const struct engine *e,
                   void *engine_memory, size_t engine_memory_size);

// For the engines: machine_step without the delivery.
struct run_result plain_step(struct hardware *h);

#endif
