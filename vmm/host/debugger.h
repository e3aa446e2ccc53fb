// SPDX-License-Identifier: MIT
// What debugging a guest means, whoever asks for it: running to a reason to stop, forward and back,
// breakpoints, watchpoints, changing the state, a log of traps. gdb_server.c and command_step.c are
// its users. The guest cannot tell: nothing of this is in its memory or takes its time.
#ifndef TRAPEZE_VMM_HOST_DEBUGGER_H
#define TRAPEZE_VMM_HOST_DEBUGGER_H

#include "vmm/host/guest.h"
#include "vmm/host/history.h"

enum stop_kind {
    STOP_STEP,       // as many steps as were asked for
    STOP_BREAKPOINT, // P is at one
    STOP_WATCH,      // the last step, or on the way back the next one, stores to `address`
    STOP_TRAP,       // the last step delivered a trap, and these shall stop
    STOP_HALT,       // the guest has halted: result.value
    STOP_CHECK_STOP, // result has the trap that could not be delivered
    STOP_IDLE,       // the guest waits for what cannot come
    STOP_LIMIT,      // as many instructions have completed as may
    STOP_BEGIN,      // at the beginning of history
    STOP_INTERRUPT,  // `look` said so
};

struct stop {
    enum stop_kind kind;
    uint32_t address;         // STOP_WATCH: of the watchpoint
    struct run_result result; // of the last step forward
};

// A trap that was delivered to the guest.
struct logged_trap {
    uint64_t at, count; // moment after it (history.h), machine count
    uint32_t cause, info, P;
    bool user; // mode and P before it
};

enum {
    BREAKPOINTS = 1024,
    WATCHPOINTS = 64,
    TRAPS_LOGGED = 512, // the last ones
    BREAKPOINT_FILTER = 1024,
};

struct debugger {
    struct guest *g;
    struct history h;
    uint64_t limit; // instructions completed in all
    uint64_t until; // a machine count, at which debugger_go stops as after its last step

    uint32_t breakpoints[BREAKPOINTS];
    size_t breakpoints_n;
    uint8_t filter[BREAKPOINT_FILTER]; // of what breakpoints have this address modulo its size
    struct watchpoint {
        uint32_t address, n; // virtual
    } watchpoints[WATCHPOINTS];
    size_t watchpoints_n;
    bool stop_on_trap, stop_on_halt; // the latter is for whoever ends the session at a halt

    // Asked now and then: lets the outside world in, and returns whether to stop. `wait`: the guest
    // waits for input that the host does not have yet; returns when there is something new.
    bool (*look)(void *context, bool wait);
    void *context;

    struct logged_trap traps[TRAPS_LOGGED];
    size_t traps_n;
    uint64_t traps_lost; // before them

    uint32_t l;   // during a step: the guest's l before it
    bool watched; // it has stored to a watchpoint
    uint32_t watched_at;
};

// Starts debugging `g`, which is reset and open, on an engine as history_open wants it. *d is
// large. debugger_close leaves the guest as it is then.
bool debugger_open(struct debugger *d, struct guest *g, struct failure *f);
void debugger_close(struct debugger *d);

// Takes in the input that has come, if what comes next is not known already. False where host
// memory runs out. debugger_type has `n` bytes come now; false, and nothing done, where it is
// known.
bool debugger_input(struct debugger *d, struct failure *f);
bool debugger_type(struct debugger *d, const void *bytes, size_t n, struct failure *f);

// At least one step forward, at most `steps`.
struct stop debugger_go(struct debugger *d, uint64_t steps);

// One step back; back to the last moment at which there was a reason to stop; to a moment that has
// been.
struct stop debugger_step_back(struct debugger *d);
struct stop debugger_go_back(struct debugger *d);
void debugger_seek(struct debugger *d, uint64_t at);

// What is there already stays once; false where there is no more room, or nothing to be cleared.
bool debugger_break(struct debugger *d, uint32_t address);
bool debugger_clear(struct debugger *d, uint32_t address);
bool debugger_has_break(const struct debugger *d, uint32_t address);
bool debugger_watch(struct debugger *d, uint32_t address, uint32_t n);
bool debugger_unwatch(struct debugger *d, uint32_t address, uint32_t n);

// The guest's view of memory: `n` bytes at a virtual address, through V and R. How many of them can
// be accessed, from the first on; *physical is where they are.
size_t debugger_translate(const struct debugger *d, uint32_t address, size_t n, uint32_t *physical);

// Changes; what was known of later moments is forgotten. As history_set_*.
void debugger_set_memory(struct debugger *d, uint32_t physical, const void *bytes, size_t n);
void debugger_set_processor(struct debugger *d, size_t offset, const void *bytes, size_t n);

#endif
