// SPDX-License-Identifier: MIT
// The PG32 hardware as its users see it: run until a trap, deliver it, look at and set the state.
// Devices are in devices.h; how instructions are executed is the business of the engines.
#ifndef TRAPEZE_VMM_MACHINE_MACHINE_H
#define TRAPEZE_VMM_MACHINE_MACHINE_H

#include "vmm/machine/devices.h"
#include "vmm/machine/pg32.h"

// Why machine_run or machine_go came back.
enum run_reason {
    RUN_LIMIT,      // `limit` instructions have completed
    RUN_TRAP,       // a trap to be delivered: cause, value
    RUN_STOP,       // halt: value is the code
    RUN_CHECK_STOP, // a trap came before one instruction had completed since the last
    RUN_IDLE,       // idle, and neither timer nor input can end it
    RUN_INPUT,      // idle, and only input that the host does not have yet can end it (live input)
};

struct run_result {
    enum run_reason reason;
    uint32_t cause; // RUN_TRAP: the cause; RUN_CHECK_STOP: of the second trap
    uint32_t value; // RUN_TRAP, RUN_CHECK_STOP: the information word; RUN_STOP: the code
};

struct machine;

// An engine executes instructions on a machine until a trap is raised (not delivered), a stop, or
// until `limit` more instructions have completed. It takes interrupts and keeps count, exactly.
struct engine {
    const char *name;
    struct run_result (*run)(struct machine *m, uint64_t limit);
    void (*reset)(struct machine *m); // forget everything decoded; may be null
};

struct machine {
    struct pg32 s;               // the processor, as the description declares it
    uint64_t count;              // time: instructions completed plus time that idle passed
    uint64_t completed;          // instructions completed
    uint64_t traps[PG32_traps];  // delivered, by cause
    struct devices devices;
    const struct engine *engine;
    struct code_map code;        // which memory has been decoded (code_map.h)
    void *engine_state;          // the engine's own; see engine_memory
    size_t engine_state_size;
};
