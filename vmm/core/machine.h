// SPDX-License-Identifier: MIT
// A machine as its users see it, real or virtual: run until a trap, deliver it, look at and set
// the state. The real one is vmm/machine/hardware.h; vm.h makes virtual ones of any machine.
#ifndef TRAPEZE_VMM_CORE_MACHINE_H
#define TRAPEZE_VMM_CORE_MACHINE_H

#include "vmm/machine/code_map.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/pg32.h"

// Why machine_run, machine_go or machine_step came back.
enum run_reason {
    RUN_LIMIT,      // `limit` instructions have completed
    RUN_TRAP,       // a trap to be delivered: cause, value
    RUN_STOP,       // halt, which has completed: value is the code
    RUN_CHECK_STOP, // a trap came before one instruction had completed since the last
    RUN_IDLE,       // at an idle that neither timer nor input can end
    RUN_INPUT,      // at an idle that only input which the host does not have yet can end
    RUN_TURN,       // of a virtual machine that shares its host (vm_share): its turn is over
};

struct run_result {
    enum run_reason reason;
    uint32_t cause; // RUN_TRAP: the cause; RUN_CHECK_STOP: of the second trap
    uint32_t value; // RUN_TRAP, RUN_CHECK_STOP: the information word; RUN_STOP: the code
};

struct machine;

// What one kind of machine does in its own way.
struct machine_ops {
    // Executes until a trap is raised (not delivered), a stop, or until `limit` more instructions
    // have completed. Takes interrupts and keeps count, exactly.
    struct run_result (*run)(struct machine *m, uint64_t limit);
    // One instruction completed (RUN_LIMIT), one trap raised, or a stop; the plainest way there is.
    struct run_result (*step)(struct machine *m);
    void (*reset)(struct machine *m); // the rest of machine_reset: what this kind adds to the state
    // The PSW swap, as pg32_deliver.
    enum pg32_outcome (*deliver)(struct machine *m, uint32_t cause, uint32_t information);
};

struct machine {
    struct pg32 s;              // the processor, as the description declares it; stays first
    uint64_t count;             // time: instructions completed plus time that idle passed
    uint64_t traps[PG32_traps]; // delivered, by cause
    uint64_t completed; // instructions completed; not beside count: gcc would vectorize them
    struct devices devices;
    struct code_map code; // which of its memory the hardware at the bottom has decoded
    const struct machine_ops *ops;
};

// What all machines are made of, before their first reset: a processor without devices. `memory`
// is q = `size` bytes, a multiple of 4 KiB and at least that, the caller's; nothing is decoded.
void machine_init(struct machine *m, const struct machine_ops *ops, uint8_t *memory, uint32_t size);

// Reset (DESIGN 3): P = `entry`; counts back to 0, input unread, nothing decoded. Memory is left
// as it is; what the host has set in m->devices stays.
void machine_reset(struct machine *m, uint32_t entry);

// Runs until a trap is raised (state as before the instruction, or for an interrupt between two;
// the interrupt is acknowledged), a stop, or exactly `limit` instructions have completed. The limit
// is looked at first: an interrupt due at that moment is left for the next run. After it m->s may
// be read and set at will; memory that the host writes must be reported to machine_wrote.
struct run_result machine_run(struct machine *m, uint64_t limit);

// The PSW swap through 0x00 and 0x20 for a trap that machine_run returned, or for one that a
// monitor reflects: RUN_LIMIT, or RUN_CHECK_STOP (cause and value of `trap`, state unchanged).
struct run_result machine_deliver(struct machine *m, struct run_result trap);

// machine_run and machine_deliver in turns, until something other than a trap.
struct run_result machine_go(struct machine *m, uint64_t limit);

// Exactly one step, undecoded and plain whatever the engine: RUN_LIMIT, one instruction has
// completed; RUN_TRAP, one trap was raised and is delivered; or a stop.
struct run_result machine_step(struct machine *m);

// For those who execute instructions on m->s. machine_wait is the rest of an idle at s.P: passes
// the time until it is over and completes it (RUN_LIMIT), or changes nothing (RUN_IDLE, RUN_INPUT).
// machine_outcome accounts for the outcome of the instruction that was at s.P (and, on PG32_NEXT,
// no longer is).
struct run_result machine_wait(struct machine *m);
__attribute__((cold)) struct run_result machine_outcome(struct machine *m,
                                                        enum pg32_outcome outcome);

// `n` bytes at physical `address` have been stored, by the guest or by the host.
static inline void machine_wrote(struct pg32 *s, uint64_t address, uint64_t n)
{
    _Static_assert(offsetof(struct machine, s) == 0, "a machine starts with its processor");
    code_map_wrote(&((struct machine *)s)->code, address, n);
}

#endif
