// SPDX-License-Identifier: MIT
// A machine of any description, as its users see it, real or virtual: run until a trap, deliver it,
// look at and set the state. In the manner of vmm/core/machine.h, which is PG32's; here the state
// is what the description declares, and instructions are evaluated.
#ifndef TRAPEZE_VMM_DESCRIBED_MACHINE_H
#define TRAPEZE_VMM_DESCRIBED_MACHINE_H

#include "isa-analyzer/semantics/concrete.h"
#include "vmm/core/machine.h"

// Of one machine, without an instruction completing in between, before it counts as check-stopped.
enum { DESCRIBED_TRAPS_MOST = 1024 };

struct described_result {
    enum run_reason reason;
    const struct trap_cause *cause; // TRAP; CHECK_STOP: null where none is known
    uint64_t value; // TRAP, CHECK_STOP: the information; STOP: the code; INPUT: 1 where time goes
                    // on in the wait and input need only be looked for
    bool interrupt; // TRAP: between two instructions
};

struct described;

// What one kind of machine does in its own way.
struct described_ops {
    // As described_run.
    struct described_result (*run)(struct described *m, uint64_t limit);
    void (*reset)(struct described *m); // what this kind adds to the state
};

// What a machine is connected to: its own devices, or for the host of a virtual machine what the
// allocator lets it have. Addresses and counts are the machine's.
struct described_outside {
    bool (*waits)(void *owner, uint64_t count); // a console byte does: the signal `ready`
    uint64_t (*next)(void *owner); // the count from which one will; UINT64_MAX: none is known
    uint64_t (*read)(void *owner, const struct component *device, uint64_t index);
    void (*write)(void *owner, const struct component *device, uint64_t index, uint64_t value);
};

struct described {
    struct concrete s;   // what the description declares; stays first
    uint64_t count;      // time: instructions completed plus ticks that waits passed
    uint64_t completed;  // instructions
    uint64_t *traps;     // delivered, by their place in the description
    uint64_t trapped;    // delivered since `completed` became trapped_at
    uint64_t trapped_at; //
    struct devices devices;
    const struct component *port, *ready; // of the description, where it has them, or null
    const struct described_outside *outside;
    void *owner; // of `outside`
    // Told after cells were written, by whomever; may be null.
    void (*stored)(void *context, uint64_t address, uint64_t n);
    void *stored_context;
    struct {
        const struct component *device; // since it was last set to null: what was written last
        uint64_t index, value;
    } written;
    const struct described_ops *ops;
};

// A machine without input before its first reset, its memory being `size` cells of `cells`, which
// stay the caller's. The device array `port` of 32-bit elements, where there is one, leads to
// m->devices (vmm/machine/devices.h); other devices read as all ones and ignore writes. The signal
// `ready` is up while a console byte waits; other signals stay 0. Not to be moved.
void described_init(struct described *m, const struct description *d,
                    const struct described_ops *ops, void *cells, uint64_t size);
void described_free(struct described *m);

// The bare machine's.
extern const struct described_ops described_bare;

// The description's reset; counts back to 0, input unread. Memory is left as it is.
void described_reset(struct described *m, uint64_t entry);

// Runs until a trap is raised (not delivered; an interrupt is acknowledged), a stop, or exactly
// `limit` instructions have completed, which is looked at first.
struct described_result described_run(struct described *m, uint64_t limit);

// What the description says of delivering a trap: RUN_LIMIT, or RUN_CHECK_STOP: it says
// checkstop, or DESCRIBED_TRAPS_MOST traps came one after the other. Then nothing has changed.
struct described_result described_deliver(struct described *m, struct described_result trap);

// described_run and described_deliver in turns, until something other than a trap; signals_stop
// ends it too, as RUN_LIMIT.
struct described_result described_go(struct described *m, uint64_t limit);

// One instruction completed, one trap raised and delivered (RUN_TRAP), or a stop.
struct described_result described_step(struct described *m);

// Evaluates what is next on m->s itself: with interrupts, or the instruction at the counter alone.
struct described_result described_next(struct described *m);
struct described_result described_instruction(struct described *m);

// The machine's signals, brought up to date.
void described_look(struct described *m);

// Whether the mode is one that maps onto user.
bool described_is_user(const struct described *m);

// The place of a cause in the description's list.
unsigned described_place(const struct description *d, const struct trap_cause *cause);

#endif
