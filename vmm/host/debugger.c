// SPDX-License-Identifier: MIT
// Running to a reason to stop. On the way back a stretch between two checkpoints is run again, and
// its last reason is the one.

#include "vmm/host/debugger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SLICE = 20000 }; // steps between two looks at the outside world

// ---------------------------------------------------------------- points

static uint8_t *filter_of(struct debugger *d, uint32_t address)
{
    return &d->filter[address / 4 % BREAKPOINT_FILTER];
}

static size_t find_breakpoint(const struct debugger *d, uint32_t address)
{
    size_t k = 0;

    while (k < d->breakpoints_n && d->breakpoints[k] != address) k++;
    return k;
}

static void make_filter(struct debugger *d)
{
    memset(d->filter, 0, sizeof d->filter);
    for (size_t k = 0; k < d->breakpoints_n; k++) *filter_of(d, d->breakpoints[k]) = 1;
}

bool debugger_break(struct debugger *d, uint32_t address)
{
    if (find_breakpoint(d, address) < d->breakpoints_n) return true;
    if (d->breakpoints_n == BREAKPOINTS) return false;
    d->breakpoints[d->breakpoints_n++] = address;
    make_filter(d);
    return true;
}

bool debugger_clear(struct debugger *d, uint32_t address)
{
    const size_t k = find_breakpoint(d, address);

    if (k == d->breakpoints_n) return false;
    d->breakpoints[k] = d->breakpoints[--d->breakpoints_n];
    make_filter(d);
    return true;
}

bool debugger_has_break(const struct debugger *d, uint32_t address)
{
    return find_breakpoint(d, address) < d->breakpoints_n;
}

static bool at_breakpoint(struct debugger *d)
{
    const uint32_t P = d->g->m->s.P;

    return *filter_of(d, P) != 0 && debugger_has_break(d, P);
}

static size_t find_watchpoint(const struct debugger *d, uint32_t address, uint32_t n)
{
    size_t k = 0;

    while (k < d->watchpoints_n &&
           (d->watchpoints[k].address != address || d->watchpoints[k].n != n))
        k++;
    return k;
}

// Who does not watch need not be called for every store.
static void stored(void *debugger, uint64_t address, uint64_t n)
{
    struct debugger *d = debugger;

    for (size_t k = 0; k < d->watchpoints_n; k++) {
        const uint64_t at = (uint64_t)d->l + d->watchpoints[k].address;
        if (address + n <= at || at + d->watchpoints[k].n <= address) continue;
        d->watched = true;
        d->watched_at = d->watchpoints[k].address;
        return;
    }
}

bool debugger_watch(struct debugger *d, uint32_t address, uint32_t n)
{
    if (find_watchpoint(d, address, n) < d->watchpoints_n) return true;
    if (d->watchpoints_n == WATCHPOINTS) return false;
    d->watchpoints[d->watchpoints_n].address = address;
    d->watchpoints[d->watchpoints_n++].n = n;
    d->h.stored = stored;
    return true;
}

bool debugger_unwatch(struct debugger *d, uint32_t address, uint32_t n)
{
    const size_t k = find_watchpoint(d, address, n);

    if (k == d->watchpoints_n) return false;
    d->watchpoints[k] = d->watchpoints[--d->watchpoints_n];
    if (d->watchpoints_n == 0) d->h.stored = NULL;
    return true;
}

// ---------------------------------------------------------------- the log of traps

static void forget_traps(struct debugger *d)
{
    while (d->traps_n > 0 && d->traps[d->traps_n - 1].at > d->h.at) d->traps_n--;
}

static void log_trap(struct debugger *d, const struct logged_trap *trap)
{
    if (d->traps_n > 0 && d->traps[d->traps_n - 1].at >= trap->at) return; // seen before
    if (d->traps_n == TRAPS_LOGGED) {
        d->traps_n -= TRAPS_LOGGED / 2;
        d->traps_lost += TRAPS_LOGGED / 2;
        memmove(d->traps, d->traps + TRAPS_LOGGED / 2, d->traps_n * sizeof d->traps[0]);
    }
    d->traps[d->traps_n++] = *trap;
}

// ---------------------------------------------------------------- forward

static struct run_result step(struct debugger *d)
{
    const struct machine *m = d->g->m;
    struct logged_trap trap = {.count = m->count, .P = m->s.P, .user = m->s.M != 0};

    d->l = m->s.l;
    d->watched = false;
    const struct run_result r = history_step(&d->h);
    if (r.reason == RUN_TRAP) {
        trap.at = d->h.at;
        trap.cause = r.cause;
        trap.info = r.value;
        log_trap(d, &trap);
    }
    return r;
}

// Whether a step with result `r` is a reason to stop; where not, *kind is left alone.
static bool stops(struct debugger *d, struct run_result r, enum stop_kind *kind)
{
    if (r.reason == RUN_STOP)
        *kind = STOP_HALT;
    else if (r.reason == RUN_CHECK_STOP)
        *kind = STOP_CHECK_STOP;
    else if (r.reason == RUN_IDLE)
        *kind = STOP_IDLE;
    else if (d->watched)
        *kind = STOP_WATCH;
    else if (r.reason == RUN_TRAP && d->stop_on_trap)
        *kind = STOP_TRAP;
    else if (at_breakpoint(d))
        *kind = STOP_BREAKPOINT;
    else
        return false;
    return true;
}

struct stop debugger_go(struct debugger *d, uint64_t steps)
{
    const uint64_t start = d->h.at;
    struct stop stop = {.kind = STOP_STEP};
    uint64_t since = 0;

    for (;;) {
        if (d->g->m->completed >= d->limit && !d->h.ended) {
            stop.kind = STOP_LIMIT;
            return stop;
        }
        stop.result = step(d);
        stop.address = d->watched_at;
        if (stops(d, stop.result, &stop.kind)) return stop;
        if (d->h.at - start >= steps || d->g->m->count >= d->until) return stop;
        const bool wait = stop.result.reason == RUN_INPUT;
        if (!wait && ++since < SLICE) continue;
        since = 0;
        if (!d->look(d->context, wait)) continue;
        stop.kind = STOP_INTERRUPT;
        return stop;
    }
}

// What comes now has been there from the next count on: so nothing that has happened is different.
static uint64_t now(const struct debugger *d)
{
    return d->g->m->count + 1;
}

static bool is_latest(const struct debugger *d)
{
    return d->h.at == d->h.furthest && !d->h.ended;
}

bool debugger_input(struct debugger *d, struct failure *f)
{
    struct guest *g = d->g;
    bool good = true;

    if (is_latest(d) && g->input.n - g->m->devices.arrivals_next < INPUT_BACKLOG)
        good = input_poll(&g->input, now(d), f);
    guest_attach(g);
    return good;
}

bool debugger_type(struct debugger *d, const void *bytes, size_t n, struct failure *f)
{
    if (!is_latest(d))
        return fail(f, "input can only come at the latest moment: step %" PRIu64, d->h.furthest);
    if (!input_add(&d->g->input, bytes, n, now(d), f)) return false;
    guest_attach(d->g);
    return true;
}

// ---------------------------------------------------------------- back

struct stop debugger_step_back(struct debugger *d)
{
    if (d->h.at == 0) return (struct stop){.kind = STOP_BEGIN};
    history_seek(&d->h, d->h.at - 1);
    return (struct stop){.kind = STOP_STEP};
}

void debugger_seek(struct debugger *d, uint64_t at)
{
    history_seek(&d->h, at);
}

// The last reason to stop in the steps from h.at to `end`, at a moment before `from`: in *stop and
// *at.
static bool last_reason(struct debugger *d, uint64_t end, uint64_t from, struct stop *stop,
                        uint64_t *at)
{
    bool found = false;

    while (d->h.at < end) {
        const uint64_t now = d->h.at;
        if (at_breakpoint(d)) {
            found = true;
            *at = now;
            *stop = (struct stop){.kind = STOP_BREAKPOINT};
        }
        const struct run_result r = step(d);
        if (d->h.at == now) break; // it waits where it did not: see history_seek
        if (d->watched) {
            found = true;
            *at = now;
            *stop = (struct stop){.kind = STOP_WATCH, .address = d->watched_at};
        }
        if (r.reason == RUN_TRAP && d->stop_on_trap && d->h.at < from) {
            found = true;
            *at = d->h.at;
            *stop = (struct stop){.kind = STOP_TRAP};
        }
    }
    return found;
}

struct stop debugger_go_back(struct debugger *d)
{
    struct stop stop = {.kind = STOP_BEGIN};
    const uint64_t from = d->h.at;
    uint64_t end = from, at = 0;

    while (end > 0) {
        const uint64_t start = history_checkpoint_before(&d->h, end);
        history_seek(&d->h, start);
        if (last_reason(d, end, from, &stop, &at)) break;
        end = start;
        if (end > 0 && d->look(d->context, false)) {
            stop.kind = STOP_INTERRUPT;
            at = end;
            break;
        }
    }
    history_seek(&d->h, at);
    return stop;
}

// ---------------------------------------------------------------- the state

size_t debugger_translate(const struct debugger *d, uint32_t address, size_t n, uint32_t *physical)
{
    struct pg32 s = d->g->m->s;

    if (pg32_translate_V(&s, address, 1, physical) != PG32_NEXT) return 0;
    const uint64_t to_bound = (uint64_t)s.b - address;
    const uint64_t to_end = (uint64_t)s.memory_size - *physical;
    const uint64_t room = to_bound < to_end ? to_bound : to_end;
    return n < room ? n : (size_t)room;
}

static void changed(struct debugger *d)
{
    struct console *c = &d->g->console;

    forget_traps(d);
    if (c->printed > c->bytes) c->printed = c->bytes;
}

void debugger_set_memory(struct debugger *d, uint32_t physical, const void *bytes, size_t n)
{
    history_set_memory(&d->h, physical, bytes, n);
    changed(d);
}

void debugger_set_processor(struct debugger *d, size_t offset, const void *bytes, size_t n)
{
    history_set_processor(&d->h, offset, bytes, n);
    changed(d);
}

// ---------------------------------------------------------------- from beginning to end

bool debugger_open(struct debugger *d, struct guest *g, struct failure *f)
{
    memset(d, 0, sizeof *d);
    d->g = g;
    d->limit = d->until = UINT64_MAX;
    d->h.context = d;
    guest_attach(g);
    history_keep(&d->h, &g->console.bytes, sizeof g->console.bytes);
    history_keep(&d->h, &g->console.hash, sizeof g->console.hash);
    history_keep(&d->h, &g->disk_reads, sizeof g->disk_reads);
    history_keep(&d->h, &g->disk_writes, sizeof g->disk_writes);
    return history_open(&d->h, &g->tower, f);
}

void debugger_close(struct debugger *d)
{
    history_close(&d->h);
}
