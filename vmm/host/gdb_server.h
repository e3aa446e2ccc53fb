// SPDX-License-Identifier: MIT
// `vmm run --gdb PORT`: a guest runs, and gdb comes, looks, and goes. The sockets, and what is done
// when; the protocol is in gdb_packet.h and gdb_stub.h.
#ifndef TRAPEZE_VMM_HOST_GDB_SERVER_H
#define TRAPEZE_VMM_HOST_GDB_SERVER_H

#include "vmm/host/guest.h"

// Listens on 127.0.0.1, and nowhere else; the descriptor, or -1. `port` 0 takes any free one.
// Where it listens is printed on stderr.
int gdb_listen(uint16_t port, struct failure *f);

struct gdb_end {
    struct run_result result; // as of guest_run
    bool killed;              // by gdb
    bool changed;             // the state was, by gdb: the run is not that from reset any more
};

// As guest_run, but for gdb on the socket `listening`, which is closed at the end. `wait`: the
// guest does not start before gdb has come. Without gdb the guest runs on.
bool gdb_run(struct guest *g, int listening, bool wait, uint64_t limit, struct gdb_end *end,
             struct failure *f);

#endif
