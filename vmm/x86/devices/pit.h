// SPDX-License-Identifier: MIT
// The 8254 interval timer (Intel, 8254, order 231164) with port 0x61, through which channel 2 is
// started and watched. Binary counting only; its rate is derived from the guest's time-stamp
// counter.
#ifndef TRAPEZE_VMM_X86_DEVICES_PIT_H
#define TRAPEZE_VMM_X86_DEVICES_PIT_H

#include "vmm/x86/devices/clock.h"

#include <stdbool.h>
#include <stdint.h>

enum { PIT_PORT = 0x40, PIT_SPEAKER_PORT = 0x61, PIT_HZ = 1193182 };

struct pit {
    const struct clock *clock;
    struct pit_channel {
        uint8_t mode;      // 0 to 5
        uint8_t access;    // 1: the low byte, 2: the high byte, 3: one after the other
        bool gate;         // of channel 2: port 0x61; else on
        bool loaded;       // it has a count to count down
        uint32_t count;    // that count, 1 to 65536
        uint64_t start;    // the tick at which it began with it
        bool stopped;      // by the gate
        uint64_t left;     // then: the ticks that it had counted
        uint32_t written;  // the last count that was written; 0: none since the mode was
        uint64_t load_at;  // the tick at which it is loaded: 0: it has been, UINT64_MAX: the gate's
        bool fresh;        // it was written and has not been loaded
        uint8_t write_low; // the first byte of two
        bool half_written, half_read;
        uint16_t latch;
        bool latched, status_latched;
        uint8_t status;
        uint64_t edges;      // of its output since `start` that have been reported
        uint64_t unreported; // edges of earlier counts that have not
    } channels[3];
    bool speaker;
    void (*changed)(void *of); // a count or mode has been set: pit_next may be another
    void *of;
};

// `clock` stays the caller's and must outlive it.
void pit_open(struct pit *p, const struct clock *clock);

// How often channel 0's output has risen since the last call.
uint64_t pit_edges(struct pit *p);

// The value of the time-stamp counter from which on pit_edges will tell of one more; UINT64_MAX:
// never, unless the guest sets a count.
uint64_t pit_next(const struct pit *p);

// For struct port_device; `device` is the struct pit. Ports 0x40 to 0x43, and 0x61.
uint32_t pit_read(void *device, uint16_t port, unsigned size);
void pit_write(void *device, uint16_t port, unsigned size, uint32_t value);

#endif
