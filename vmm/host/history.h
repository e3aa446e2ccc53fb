// SPDX-License-Identifier: MIT
// A run that can be taken back. The whole state of a tower, memory and disk included, is kept from
// time to time, and what lies between is found again by repeating the run from there: time is
// instructions and input comes at definite counts, so a repeated run is the same run.
//
// A moment of a run is a number of steps since the history was opened. A step is what machine_step
// makes: an instruction that completed, a trap that was delivered, or a check stop. Everything runs
// step by step, so what hosts and monitors have in their records depends on the moment alone, and
// not on the ways by which it was reached.
#ifndef TRAPEZE_VMM_HOST_HISTORY_H
#define TRAPEZE_VMM_HOST_HISTORY_H

#include "vmm/host/step.h"
#include "vmm/host/tower.h"

enum {
    HISTORY_CHECKPOINTS = 128,
    HISTORY_KEPT = 4, // ranges of the caller's
};

// How much of what was overwritten is kept; beyond it old checkpoints are given up, and going back
// to their time takes longer.
#define HISTORY_BYTES ((size_t)256 << 20)

struct checkpoint; // history.c
struct edit;

struct history {
    struct tower *t;
    uint64_t at;       // the moment that the tower is at
    uint64_t furthest; // the latest moment that it has been at: beyond it nothing is known
    bool ended;        // it has stopped at `furthest`, with `end`: RUN_STOP or RUN_CHECK_STOP
    struct run_result end;
    uint64_t stride; // steps from checkpoint to checkpoint; 0: by the host's time

    // Called for each store by anybody to the guest's memory, with the guest's physical address.
    void (*stored)(void *context, uint64_t address, uint64_t n);
    void *context;

    struct checkpoint *checkpoints; // the oldest first
    size_t n;
    size_t bytes;        // that they keep
    uint64_t since;      // steps since the last one
    double since_second; // the host's time at the last one

    uint8_t *shadow;       // memory as it was at the last checkpoint
    uint8_t *dirty;        // by page: written since then
    uint32_t *dirty_pages; // which those are
    size_t dirty_n;
    uint8_t *granules; // every one of them marked, so that every store is told
    struct history_level {
        struct history *h;
        uint64_t start;    // of its memory in the hardware's
    } * levels;            // the hardware first
    uint32_t *sector_kept; // by sector: the number of the checkpoint since which it is kept, or 0
    uint32_t number;       // of the last checkpoint
    struct {
        void *bytes;
        size_t n;
    } kept[HISTORY_KEPT];
    size_t kept_n;
    struct edit *edits; // in their order
    size_t edits_n, edits_next, edits_room;

    uint32_t (*port_read)(void *devices, uint32_t port); // what the top machine had
    void (*port_write)(void *devices, uint32_t port, uint32_t value);
    void *devices;
};

// Starts a history at the state that *t is in, which is reset, on an engine that decodes nothing
// (engine_switch, engine_reference), and whose top machine's disk stays where it is. From now on
// only what is below runs or changes it. Where it fails history_close still is in order.
bool history_open(struct history *h, struct tower *t, struct failure *f);
void history_close(struct history *h);

// `n` bytes of the caller's that belong to the state: taken back with it. To be called before
// history_open, after *h was zeroed; at most HISTORY_KEPT times.
void history_keep(struct history *h, void *bytes, size_t n);

// One step forward: as machine_step; RUN_IDLE and RUN_INPUT: nothing has happened. At an end that
// was found before, that end again.
struct run_result history_step(struct history *h);

// As history_step, described.
void history_watch(struct history *h, struct step *s);

// To the moment `at`, at most h->furthest, back or forward. The state is what it was, in every bit.
void history_seek(struct history *h, uint64_t at);

// The latest moment before `before` at which a checkpoint lies; 0 is the first.
uint64_t history_checkpoint_before(const struct history *h, uint64_t before);

// The user changes the state at this moment: `n` bytes at the guest's physical address, which lie
// in its memory; or those at an offset in struct pg32. What came after is forgotten; a later replay
// makes the same change at the same moment.
void history_set_memory(struct history *h, uint32_t address, const void *bytes, size_t n);
void history_set_processor(struct history *h, size_t offset, const void *bytes, size_t n);

#endif
