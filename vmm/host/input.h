// SPDX-License-Identifier: MIT
// Where the guest's console input comes from, and at which machine count each byte arrives.
//
// A regular file: all of it waits from count 0. A terminal, a pipe, a socket: a byte arrives at the
// count at which the machine stands when the host takes it. A recording: as it says.
#ifndef TRAPEZE_VMM_HOST_INPUT_H
#define TRAPEZE_VMM_HOST_INPUT_H

#include <stddef.h>

#include "vmm/host/failure.h"
#include "vmm/host/recording.h"
#include "vmm/machine/devices.h"

enum { INPUT_BACKLOG = 4096 }; // live bytes that may wait unread before no more are taken

struct input {
    struct arrival *arrivals; // all so far, read by the guest or not
    size_t n, capacity;
    int fd; // where more may come from; -1: nowhere
    struct recording *recording;
};

// Console input from the descriptor `fd`, recorded in `recording`, which must outlive *in. Where
// `fd` is a terminal, it becomes raw. A closed descriptor is no input.
bool input_open(struct input *in, int fd, struct recording *recording, struct failure *f);

// Console input from the recording in the file `path`.
bool input_replay(struct input *in, const char *path, struct failure *f);

// Takes what has come at machine count `now`; at its end fd becomes -1. input_wait waits until
// there is something, the end, or signals_stop. False where host memory runs out.
bool input_poll(struct input *in, uint64_t now, struct failure *f);
bool input_wait(struct input *in, uint64_t now, struct failure *f);

// The whole of standard input, waiting from count 0; nothing where it is a terminal.
bool input_take(struct input *in, struct failure *f);

// `n` bytes arrive at machine count `now`, or after all that arrive later.
bool input_add(struct input *in, const uint8_t *bytes, size_t n, uint64_t now, struct failure *f);

void input_close(struct input *in);

#endif
