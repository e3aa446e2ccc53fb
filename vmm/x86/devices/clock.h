// SPDX-License-Identifier: MIT
// A virtual machine's time: its time-stamp counter, which starts at 0 with the machine and goes on
// while others run. All devices that have a rate derive it from this counter, so that a guest that
// measures one by the other finds what is told.
#ifndef TRAPEZE_VMM_X86_DEVICES_CLOCK_H
#define TRAPEZE_VMM_X86_DEVICES_CLOCK_H

#include <stdint.h>

struct clock {
    uint64_t (*now)(void *of); // the guest's time-stamp counter
    void *of;
    uint64_t hz; // of the counter; below 2^40
};

static inline uint64_t clock_now(const struct clock *c)
{
    return c->now(c->of);
}

// How many whole periods of `rate` (in Hz, below 2^23) have passed at the counter's `tsc`.
static inline uint64_t clock_ticks(const struct clock *c, uint64_t tsc, uint64_t rate)
{
    return tsc / c->hz * rate + tsc % c->hz * rate / c->hz;
}

// The first value of the counter at which `ticks` periods of `rate` have passed.
static inline uint64_t clock_at(const struct clock *c, uint64_t ticks, uint64_t rate)
{
    return ticks / rate * c->hz + (ticks % rate * c->hz + rate - 1) / rate;
}

#endif
