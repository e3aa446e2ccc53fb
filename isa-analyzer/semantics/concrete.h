// SPDX-License-Identifier: MIT
// Concrete states of a described machine, and the machine itself: the reference that the generated
// machine is compared with. Slow and obvious.
#ifndef TRAPEZE_ISA_SEMANTICS_CONCRETE_H
#define TRAPEZE_ISA_SEMANTICS_CONCRETE_H

#include "isa-analyzer/semantics/evaluate.h"

struct concrete {
    const struct description *m;
    uint64_t **elements; // by the component's ordinal; null for memory and devices
    void *cells;         // memory: elements of 1, 2, 4 or 8 bytes, the least that holds a cell
    uint64_t cells_n;
    // Devices; null where there are none.
    void *devices;
    uint64_t (*device_read)(void *devices, const struct component *x, uint64_t index);
    void (*device_write)(void *devices, const struct component *x, uint64_t index, uint64_t value);
    // Told after cells were written; may be null.
    void (*wrote)(void *context, uint64_t address, uint64_t n);
    void *wrote_context;
    // Answers open choices with a number below `alternatives`, which are UINT64_MAX where a value
    // of more than eight bits is left open. Null: the first alternative, and zero.
    uint64_t (*answer)(void *context, uint64_t alternatives);
    void *answer_context;
    struct arena scratch; // of the step at hand
};

// Sets up a state of all zeros. `cells` (cells_n of them, zeroed or filled by the caller) stays the
// caller's. concrete_free frees the rest.
void concrete_init(struct concrete *c, const struct description *m, void *cells, uint64_t cells_n);
void concrete_free(struct concrete *c);

// Bytes that a cell takes in `cells`.
unsigned concrete_cell_size(const struct component *memory);

uint64_t concrete_get(const struct concrete *c, const struct component *x, uint64_t index);
void concrete_set(struct concrete *c, const struct component *x, uint64_t index, uint64_t value);

// Cells beyond the end read as zero, and writing them does nothing.
bits concrete_load(const struct concrete *c, uint64_t address, unsigned cells);
void concrete_store(struct concrete *c, uint64_t address, unsigned cells, bits value);

enum step_outcome { STEP_NEXT, STEP_TRAP, STEP_STOP, STEP_WAIT, STEP_CHECKSTOP };

struct step {
    enum step_outcome outcome;
    const struct instruction *instruction; // null: none was decoded
    const struct trap_cause *cause;        // TRAP
    uint64_t value;                        // TRAP: the information; STOP: the code
    bool interrupt;                        // TRAP: an interrupt
};

// The first interrupt that is due, acknowledged (TRAP), or NEXT.
struct step concrete_interrupt(struct concrete *c);

// Fetches, decodes and executes one instruction, and ticks if it completes. A trap is not delivered
// and has changed nothing. After WAIT the instruction's effects are committed, but the counter is
// still at it and nothing has ticked: the caller passes time by concrete_tick until
// concrete_wake, then calls concrete_complete. A word that is no instruction, and that `undefined`
// lets pass, is CHECKSTOP.
struct step concrete_execute(struct concrete *c);
void concrete_tick(struct concrete *c);
bool concrete_wake(struct concrete *c);
void concrete_complete(struct concrete *c, const struct instruction *i);

// Executes an instruction by itself, whatever is in memory: no fetch, no tick, no interrupt. After
// NEXT, STOP and WAIT its effects are committed and the counter has gone on.
struct step concrete_alone(struct concrete *c, const struct instruction *i, uint64_t word);

// The instruction at the counter, fetched and decoded as concrete_execute does; nothing changes.
// `word` is what was fetched, of `width` bits: all of it (NEXT), the first unit of what is no
// instruction (TRAP), or nothing (0 bits): the fetch itself traps.
struct step concrete_fetch(struct concrete *c, uint64_t *word, unsigned *width);

// Delivers a trap: NEXT, or CHECKSTOP.
struct step concrete_deliver(struct concrete *c, const struct trap_cause *cause,
                             uint64_t information);

void concrete_reset(struct concrete *c, uint64_t entry);

// The instruction that a word of `width` bits is, or null.
const struct instruction *decode_word(const struct description *m, uint64_t word, unsigned width);

#endif
