// SPDX-License-Identifier: MIT
// What the packets of the gdb remote serial protocol mean: answered from the state of a guest, or
// handed on as something for the server to do. No sockets here.
#ifndef TRAPEZE_VMM_HOST_GDB_STUB_H
#define TRAPEZE_VMM_HOST_GDB_STUB_H

#include "vmm/host/debugger.h"
#include "vmm/host/gdb_packet.h"

enum gdb_action {
    GDB_REPLY,     // send what is in the packet, an empty one too
    GDB_SILENT,    // send nothing
    GDB_GO,        // resume; the answer is the stop, later
    GDB_STEP,      // one step
    GDB_GO_BACK,   //
    GDB_STEP_BACK, //
    GDB_DETACH,    // send it; the guest goes on without a debugger
    GDB_KILL,      // send it; the run is over
};

struct gdb_stub {
    struct debugger *d;
    bool waited;      // the run was started for the debugger, which may end it when it leaves
    struct stop last; // why the guest last stopped
    bool no_ack;      // packets are not acknowledged any more
    bool acks_end;    // they are not after this reply
    // Writes text for the user to gdb's terminal: sends a packet.
    void (*say)(void *context, const char *text);
    void *context;
};

// What to do about a packet of `n` characters of data with a zero after them. *reply is empty
// before. Nothing that it says can lead astray: what makes no sense is answered by E and a number.
enum gdb_action gdb_stub_handle(struct gdb_stub *s, const char *data, size_t n,
                                struct packet *reply);

// The answer to what resumed the guest, or to a question why it stopped; text for the user first.
// Whether the run is over with it.
bool gdb_stub_stop(struct gdb_stub *s, const struct stop *stop, struct packet *reply);

#endif
