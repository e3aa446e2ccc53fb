// SPDX-License-Identifier: MIT
// Moving about in a history: steps, the way back, and what the user changes on the way. What is
// kept of a state, and how it comes back, is in checkpoint.c.

#include "vmm/host/history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/checkpoint.h"
#include "vmm/host/diagnostics.h"
#include "vmm/host/statistics.h"

enum { LOOK = 256 };                         // steps between two looks at the clock
static const double spacing_seconds = 0.005; // between two checkpoints

struct edit {
    uint64_t at;
    bool memory;     // else the processor
    uint32_t offset; // guest's physical address; or within struct pg32
    size_t n;
    uint8_t *bytes;
};

// ---------------------------------------------------------------- changes by the user

static void apply(struct history *h, const struct edit *e)
{
    struct pg32 *s = &h->t->top->s;

    if (e->memory) {
        memcpy(s->E + e->offset, e->bytes, e->n);
        machine_wrote(s, e->offset, e->n);
    } else {
        memcpy((uint8_t *)s + e->offset, e->bytes, e->n);
    }
}

static void apply_edits(struct history *h)
{
    for (; h->edits_next < h->edits_n && h->edits[h->edits_next].at == h->at; h->edits_next++)
        apply(h, &h->edits[h->edits_next]);
}

// All of a moment's changes are made again where a checkpoint of that moment was taken between
// them: each says what there shall be, so nothing is lost by it.
static void find_edits(struct history *h)
{
    h->edits_next = 0;
    while (h->edits_next < h->edits_n && h->edits[h->edits_next].at < h->at) h->edits_next++;
    apply_edits(h);
}

static void forget_edits(struct history *h, size_t from)
{
    for (size_t k = from; k < h->edits_n; k++) free(h->edits[k].bytes);
    if (h->edits_n > from) h->edits_n = from;
}

static void edit(struct history *h, bool memory, size_t offset, const void *bytes, size_t n)
{
    struct edit e = {
        .at = h->at, .memory = memory, .offset = (uint32_t)offset, .n = n, .bytes = malloc(n)};

    if (n == 0) {
        free(e.bytes);
        return;
    }
    forget_edits(h, h->edits_next);
    if (h->edits_n == h->edits_room) {
        h->edits_room = 2 * h->edits_room + 16;
        struct edit *more = realloc(h->edits, h->edits_room * sizeof *more);
        if (more == NULL) panic("no host memory for a change by the user");
        h->edits = more;
    }
    if (e.bytes == NULL) panic("no host memory for a change by the user");
    memcpy(e.bytes, bytes, n);
    h->edits[h->edits_n++] = e;
    apply_edits(h);
    h->furthest = h->at;
    h->ended = false;
}

void history_set_memory(struct history *h, uint32_t address, const void *bytes, size_t n)
{
    edit(h, true, address, bytes, n);
}

void history_set_processor(struct history *h, size_t offset, const void *bytes, size_t n)
{
    edit(h, false, offset, bytes, n);
}

// ---------------------------------------------------------------- moving

static void checkpoint_if_due(struct history *h)
{
    h->since++;
    if (h->stride != 0) {
        if (h->since >= h->stride) checkpoint_take(h);
    } else if (h->since % LOOK == 0) {
        if (host_seconds() - h->since_second >= spacing_seconds) checkpoint_take(h);
    }
}

// The tower has gone one step.
static void moved(struct history *h, struct run_result r)
{
    h->at++;
    if (h->at > h->furthest) {
        h->furthest = h->at;
        h->ended = r.reason == RUN_STOP || r.reason == RUN_CHECK_STOP;
        h->end = r;
    }
    apply_edits(h);
    checkpoint_if_due(h);
}

static void back_to_checkpoint(struct history *h, uint64_t at)
{
    checkpoint_restore(h, at);
    find_edits(h);
}

static void replay(struct history *h, uint64_t at)
{
    while (h->at < at) {
        const struct run_result r = machine_step(h->t->top);
        if (r.reason == RUN_IDLE || r.reason == RUN_INPUT)
            panic("a run does not repeat: it waits at step %" PRIu64
                  "; was the disk image changed?",
                  h->at);
        moved(h, r);
    }
}

static bool nothing_happened(struct history *h, struct run_result r)
{
    if (r.reason != RUN_IDLE && r.reason != RUN_INPUT) return false;
    if (h->t->depth == 0) return true;
    // Nothing that the guest could see; but monitors have counted that it tried.
    const uint64_t at = h->at;
    back_to_checkpoint(h, at);
    replay(h, at);
    return true;
}

struct run_result history_step(struct history *h)
{
    if (h->ended && h->at == h->furthest) return h->end;
    const struct run_result r = machine_step(h->t->top);
    if (!nothing_happened(h, r)) moved(h, r);
    return r;
}

void history_watch(struct history *h, struct step *s)
{
    step_take(h->t->top, s);
    if (!nothing_happened(h, s->result)) moved(h, s->result);
}

void history_seek(struct history *h, uint64_t at)
{
    if (at > h->furthest) panic("step %" PRIu64 " is not known yet", at);
    if (at < h->at) back_to_checkpoint(h, at);
    replay(h, at);
}

// ---------------------------------------------------------------- from beginning to end

void history_keep(struct history *h, void *bytes, size_t n)
{
    if (h->kept_n == HISTORY_KEPT) panic("no room for what a history shall keep");
    h->kept[h->kept_n].bytes = bytes;
    h->kept[h->kept_n++].n = n;
}

bool history_open(struct history *h, struct tower *t, struct failure *f)
{
    h->t = t;
    return checkpoints_open(h, f);
}

void history_close(struct history *h)
{
    checkpoints_close(h);
    forget_edits(h, 0);
    free(h->edits);
    h->edits = NULL;
}
