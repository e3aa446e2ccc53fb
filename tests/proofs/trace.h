// SPDX-License-Identifier: MIT
// A run of the C evaluator, written down operation by operation for the evaluator that was
// extracted from the Coq development (proofs/extraction/cosimulate.ml) to repeat and compare.
//
// A trace is a stream of 64-bit numbers, little-endian. First TRACE_MAGIC, the number of cells, the
// entry, the cells, and the answer that every open choice gets. Then operations, each:
//
//   enum trace_operation; its two arguments
//   the values of all signals, element by element, set before it
//   n, and n events of devices: 0 read or 1 write, component, index, value
//   enum trace_outcome and its two values
//   n, and n writes of cells: address, value
//   the elements of all components that are stored
#ifndef TRAPEZE_TESTS_PROOFS_TRACE_H
#define TRAPEZE_TESTS_PROOFS_TRACE_H

#include "isa-analyzer/semantics/concrete.h"

#include <stdio.h>

enum { TRACE_MAGIC = 0x31737274 };

enum trace_operation {
    TRACE_RESET,
    TRACE_STEP,     // an interrupt that is due, or else an instruction
    TRACE_DELIVER,  // arguments: the trap's place among the traps, the information
    TRACE_TICK,     // of a wait
    TRACE_WAKE,     // does the wait end?
    TRACE_COMPLETE, // the instruction that waited
    TRACE_PLACE,    // argument: what the counter is set to
};

enum trace_outcome {
    TRACE_NEXT,
    TRACE_TRAP, // values: the trap's place among the traps, the information
    TRACE_STOP, // value: the code
    TRACE_WAIT,
    TRACE_CHECKSTOP,
};

// A machine that is run, and where its trace goes.
struct trace {
    FILE *out; // write errors are the caller's to look for
    struct concrete state;
    uint64_t answer; // to every open choice
    // Devices; null: they read as zero.
    void *devices;
    uint64_t (*device_read)(void *devices, uint64_t index);
    void (*device_write)(void *devices, uint64_t index, uint64_t value);
    uint64_t operations;
    // Of the operation at hand.
    struct trace_numbers {
        uint64_t *numbers;
        size_t n, room;
    } signals, events, writes;
    const struct instruction *waiting;
};

// A machine with zeroed state on `cells` (cells_n of them, the caller's), reset with the entry; the
// head of the trace is written.
void trace_init(struct trace *t, const struct description *m, FILE *out, void *cells,
                uint64_t cells_n, uint64_t entry, uint64_t answer);
void trace_free(struct trace *t);

// The operations, as concrete.h has them. Signals are set before, with concrete_set.
struct step trace_step(struct trace *t);
struct step trace_deliver(struct trace *t, const struct trap_cause *cause, uint64_t information);
void trace_tick(struct trace *t);
bool trace_wake(struct trace *t);
void trace_complete(struct trace *t);
void trace_place(struct trace *t, uint64_t counter);

#endif
