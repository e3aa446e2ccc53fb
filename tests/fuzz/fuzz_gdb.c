// SPDX-License-Identifier: MIT
// Fuzzes the gdb stub: a stream of bytes, packets of the remote protocol or not, on a guest under a
// monitor. Every good packet gets an answer that fits, and the guest stays a guest.

#include "vmm/host/gdb_stub.h"
#include "vmm/pg32/monitors.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 64 << 10, STEPS = 200 };

static void say(void *context, const char *text)
{
    if (context == NULL || strlen(text) > 1 << 20) abort();
}

static bool look(void *context, bool wait)
{
    (void)context, (void)wait;
    return true;
}

// A loop of a few instructions at 0x100, and a handler of one at 0.
static void make_guest(struct guest *g)
{
    static const uint32_t code[] = {0x00150513, 0x04a02023, 0x0002b00b, 0x00000073, 0xff1ff06f};
    struct failure f;

    memset(g, 0, sizeof *g);
    g->input.fd = g->disk.fd = -1;
    g->name = "fuzz";
    if (!tower_open(&g->tower, &engine_switch, &monitor_trap, 1, MONITOR_SHARE, MEMORY, &f))
        abort();
    g->m = g->tower.top;
    memcpy(g->m->s.E + 0x100, code, sizeof code);
    const uint32_t new_psw[] = {0, 0x100, 0, MEMORY};
    memcpy(g->m->s.E + 0x20, new_psw, sizeof new_psw);
    tower_reset(&g->tower, 0x100);
}

static void take(struct gdb_stub *stub, const struct packet_reader *r)
{
    static struct packet reply;
    struct stop stop = {.kind = STOP_STEP};

    reply.n = 0;
    reply.full = false;
    const enum gdb_action action = gdb_stub_handle(stub, r->data, r->n, &reply);
    if (action == GDB_GO) stop = debugger_go(stub->d, STEPS);
    if (action == GDB_STEP) stop = debugger_go(stub->d, 1);
    if (action == GDB_GO_BACK) stop = debugger_go_back(stub->d);
    if (action == GDB_STEP_BACK) stop = debugger_step_back(stub->d);
    if (action != GDB_REPLY) gdb_stub_stop(stub, &stop, &reply);
    const struct pg32 *s = &stub->d->g->m->s;
    if (reply.full || reply.n > PACKET_SIZE || s->x[0] != 0 || s->M > 1 || s->IE > 1) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct debugger d; // large
    static struct packet_reader reader;
    static struct guest g;
    struct gdb_stub stub = {.d = &d, .say = say, .context = &d};
    struct failure f;

    make_guest(&g);
    if (!debugger_open(&d, &g, &f)) abort();
    d.look = look;
    memset(&reader, 0, sizeof reader);
    // A fuzzer finds no checksums: each packet ends at its #, and is taken as good.
    for (size_t k = 0; k < size; k++) {
        enum packet_event event = packet_read(&reader, data[k]);
        if (data[k] == '#' && reader.state == CHECK_HIGH && !reader.bad) {
            static const char digits[] = "0123456789abcdef";
            packet_read(&reader, (uint8_t)digits[reader.sum >> 4]);
            event = packet_read(&reader, (uint8_t)digits[reader.sum & 15]);
        }
        if (event == PACKET_GOOD) take(&stub, &reader);
    }
    debugger_close(&d);
    guest_close(&g);
    return 0;
}
