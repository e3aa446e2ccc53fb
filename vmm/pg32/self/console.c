// SPDX-License-Identifier: MIT
// The console. Output of a single guest goes straight through; that of several is kept until a line
// is whole, and then has the guest's name before it. Input belongs to the first guest.

#include "vmm/pg32/self/self.h"

#include "vmm/guests/format.h"
#include "vmm/pg32/monitors.h"

enum { ROOM = 4096 }; // bytes that may wait for the guest

static struct arrival waiting[ROOM];

static void put(char c)
{
    out((unsigned char)c, PORT_CONSOLE);
}

_Noreturn void fail(const char *text, ...)
{
    va_list arguments;

    put('\n');
    print("monitor: ");
    va_start(arguments, text);
    format(put, text, arguments);
    va_end(arguments);
    put('\n');
    halt(2);
}

// ---------------------------------------------------------------- output

void console_flush(struct guest *g)
{
    if (g->line_n == 0) return;
    print("%s: ", g->image.name);
    for (uint32_t k = 0; k < g->line_n; k++) put(g->line[k]);
    if (g->line[g->line_n - 1] != '\n') put('\n');
    g->line_n = 0;
}

void console_put(void *context, uint8_t byte)
{
    struct guest *g = context;

    if (guests_n == 1) {
        out(byte, PORT_CONSOLE);
        return;
    }
    g->line[g->line_n++] = (char)byte;
    if (byte == '\n' || g->line_n == sizeof g->line) console_flush(g);
}

// ---------------------------------------------------------------- input

static bool line_up(void)
{
    return (in(PORT_CONSOLE_STATUS)&CONSOLE_READY) != 0;
}

// Forgets what the guest has read.
static void make_room(struct devices *d)
{
    d->arrivals_n -= d->arrivals_next;
    for (size_t k = 0; k < d->arrivals_n; k++) waiting[k] = waiting[d->arrivals_next + k];
    d->arrivals_next = 0;
}

void console_drain(void)
{
    struct vm *v = &guests[0].v;
    struct devices *d = &v->m.devices;

    if (d->arrivals_next != 0 && line_up()) make_room(d);
    while (line_up() && d->arrivals_n < ROOM)
        waiting[d->arrivals_n++] =
            (struct arrival){.count = v->m.count, .byte = (uint8_t)in(PORT_CONSOLE)};
    v->monitor = d->arrivals_n == ROOM && line_up() ? &monitor_interpret : &monitor_trap;
}

// A guest that looks at its console sees what has come by then.
static uint32_t port_read(void *devices, uint32_t port)
{
    if (port == PORT_CONSOLE || port == PORT_CONSOLE_STATUS) console_drain();
    return devices_read(devices, port);
}

static void device(struct vm *v)
{
    (void)v;
    console_drain();
}

void console_open(void)
{
    struct vm *v = &guests[0].v;

    v->m.devices.arrivals = waiting;
    v->m.devices.live = true;
    v->m.s.port_read = port_read;
    for (uint32_t k = 0; k < guests_n; k++) guests[k].v.device = device;
    console_drain();
}

void console_wait(void)
{
    if (line_up()) return;
    stm(0);
    idle();
}
