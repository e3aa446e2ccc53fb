// SPDX-License-Identifier: MIT
// A guest that runs while a debugger may come, command it, and go.

#define _GNU_SOURCE // accept4
#include "vmm/host/gdb_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/gdb_stub.h"
#include "vmm/host/signals.h"

enum { INPUT = 4096, SEND_SECONDS = 10, BACKLOG = 16 };

struct server {
    struct debugger d;
    struct gdb_stub stub;
    struct packet_reader reader;
    struct packet reply;
    uint8_t line[PACKET_LINE]; // the last packet sent
    size_t line_n;
    uint8_t input[INPUT]; // received, of which `taken` have been read
    size_t input_n, taken;
    int listening, fd; // -1: no debugger
    struct failure *f;
    bool failed;
};

// ---------------------------------------------------------------- the connection

int gdb_listen(uint16_t port, struct failure *f)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t size = sizeof a;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, size) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &size) != 0) {
        const int number = errno;
        if (fd >= 0) close(fd);
        fail(f, "--gdb %u: cannot listen on 127.0.0.1: %s%s", port, strerror(number),
             number == EADDRINUSE ? "; choose another port, or 0 for any that is free"
             : number == EACCES   ? "; ports below 1024 are the system's"
                                  : "");
        return -1;
    }
    report("gdb may come: target remote 127.0.0.1:%u", ntohs(a.sin_port));
    return fd;
}

static bool readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return fd >= 0 && poll(&p, 1, 0) > 0;
}

static void hang_up(struct server *s)
{
    if (s->fd >= 0) close(s->fd);
    s->fd = -1;
}

// The debugger has gone, and nothing of it stays.
static void gone(struct server *s)
{
    hang_up(s);
    while (s->d.breakpoints_n > 0) debugger_clear(&s->d, s->d.breakpoints[0]);
    while (s->d.watchpoints_n > 0)
        debugger_unwatch(&s->d, s->d.watchpoints[0].address, s->d.watchpoints[0].n);
    s->d.stop_on_trap = s->d.stop_on_halt = false;
}

static void lost(struct server *s)
{
    if (s->fd < 0) return;
    report("the debugger's connection is closed; the guest goes on without it");
    gone(s);
}

static bool come(struct server *s)
{
    const struct timeval patience = {.tv_sec = SEND_SECONDS};
    const int fd = accept4(s->listening, NULL, NULL, SOCK_CLOEXEC), yes = 1;

    if (fd < 0) return false;
    if (s->fd >= 0) { // one at a time
        close(fd);
        return false;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    s->fd = fd;
    s->input_n = s->taken = s->line_n = 0;
    memset(&s->reader, 0, sizeof s->reader);
    s->stub.no_ack = s->stub.acks_end = false;
    s->stub.last = (struct stop){.kind = STOP_STEP};
    return true;
}

static void send_bytes(struct server *s, const void *bytes, size_t n)
{
    const char *at = bytes;

    while (n > 0 && s->fd >= 0) {
        const ssize_t sent = send(s->fd, at, n, MSG_NOSIGNAL);
        if (sent > 0) {
            at += sent;
            n -= (size_t)sent;
        } else if (sent == 0 || errno != EINTR) {
            lost(s);
        }
    }
}

static void send_packet(struct server *s, const struct packet *p)
{
    s->line_n = packet_line(p, s->line);
    send_bytes(s, s->line, s->line_n);
}

// Text for gdb's terminal, in packets as large as they may be.
static void say(void *server, const char *text)
{
    static struct packet p;
    struct server *s = server;

    for (size_t n = strlen(text), part; n > 0; n -= part, text += part) {
        part = n < PACKET_SIZE / 2 - 1 ? n : PACKET_SIZE / 2 - 1;
        p.n = 0;
        packet_text(&p, "O");
        packet_hex(&p, text, part);
        send_packet(s, &p);
    }
}

// The next byte from the debugger; false where there is none now, or its connection is lost.
static bool next_byte(struct server *s, uint8_t *byte)
{
    if (s->fd < 0) return false;
    if (s->taken == s->input_n) {
        if (!readable(s->fd)) return false;
        const ssize_t n = recv(s->fd, s->input, sizeof s->input, 0);
        if (n <= 0) {
            if (n == 0 || errno != EINTR) lost(s);
            return false;
        }
        s->input_n = (size_t)n;
        s->taken = 0;
    }
    *byte = s->input[s->taken++];
    return true;
}

// ---------------------------------------------------------------- while the guest runs

// From debugger.h. A debugger that comes interrupts; so does its byte 3, and its end does not.
static bool look(void *server, bool wait)
{
    struct server *s = server;
    struct guest *g = s->d.g;
    uint8_t byte;

    fflush(g->console.out);
    if (wait && s->taken == s->input_n) {
        const int fds[] = {s->fd, s->listening, g->input.fd};
        signals_wait_any(fds, 3);
    }
    while (next_byte(s, &byte))
        if (packet_read(&s->reader, byte) == PACKET_BREAK) return true;
    if (!debugger_input(&s->d, s->f)) s->failed = true;
    return (readable(s->listening) && come(s)) || signals_stop != 0 || s->failed;
}

// ---------------------------------------------------------------- while it is stopped

// Sends what the last packet asked for, and changes to no acknowledgements where it asked for that.
static void send_reply(struct server *s)
{
    send_packet(s, &s->reply);
    if (s->stub.acks_end) s->stub.no_ack = true;
}

static enum gdb_action take(struct server *s, enum packet_event event)
{
    switch (event) {
    case PACKET_BAD:
        if (!s->stub.no_ack) send_bytes(s, "-", 1);
        return GDB_SILENT;
    case PACKET_AGAIN:
        if (!s->stub.no_ack) send_bytes(s, s->line, s->line_n);
        return GDB_SILENT;
    case PACKET_GOOD: break;
    default: return GDB_SILENT;
    }
    if (!s->stub.no_ack) send_bytes(s, "+", 1);
    s->reply.n = 0;
    s->reply.full = false;
    const enum gdb_action action =
        gdb_stub_handle(&s->stub, s->reader.data, s->reader.n, &s->reply);
    if (action == GDB_REPLY || action == GDB_DETACH || action == GDB_KILL) send_reply(s);
    return action;
}

// Does what the debugger says until it resumes the guest, leaves (GDB_DETACH) or ends the run.
static enum gdb_action obey(struct server *s)
{
    while (signals_stop == 0 && s->fd >= 0) {
        enum gdb_action action = GDB_REPLY;
        uint8_t byte;
        if (s->taken == s->input_n) signals_wait_any((const int[]){s->fd, s->listening}, 2);
        while (action <= GDB_SILENT && next_byte(s, &byte))
            action = take(s, packet_read(&s->reader, byte));
        if (action > GDB_SILENT) return action;
        if (s->fd >= 0 && readable(s->listening)) come(s); // a second one is sent away
    }
    return GDB_DETACH;
}

static struct stop resume(struct server *s, enum gdb_action action)
{
    switch (action) {
    case GDB_STEP: return debugger_go(&s->d, 1);
    case GDB_GO_BACK: return debugger_go_back(&s->d);
    case GDB_STEP_BACK: return debugger_step_back(&s->d);
    default: return debugger_go(&s->d, UINT64_MAX);
    }
}

// Whether the guest's run is over with this stop.
static bool is_end(const struct stop *stop)
{
    return stop->kind == STOP_HALT || stop->kind == STOP_CHECK_STOP || stop->kind == STOP_IDLE ||
           stop->kind == STOP_LIMIT;
}

// From one stop to the next, with a debugger or without, until the run is over.
static void serve(struct server *s, struct stop *stop, struct gdb_end *end)
{
    bool stopped = s->fd >= 0; // and the debugger knows

    while (signals_stop == 0 && !s->failed) {
        enum gdb_action action = GDB_GO;
        if (stopped) action = obey(s);
        if (action == GDB_KILL) {
            end->killed = true;
            return;
        }
        if (action == GDB_DETACH) gone(s);
        const bool known = s->fd >= 0;
        *stop = resume(s, action);
        stopped = s->fd >= 0;
        fflush(s->d.g->console.out);
        if (!stopped && is_end(stop)) return;
        if (!known || !stopped) continue; // a debugger that comes asks for itself
        s->reply.n = 0;
        const bool over = gdb_stub_stop(&s->stub, stop, &s->reply);
        send_reply(s);
        if (over) return;
    }
}

bool gdb_run(struct guest *g, int listening, bool wait, uint64_t limit, struct gdb_end *end,
             struct failure *f)
{
    static struct server s; // large
    struct stop stop = {.result = {.reason = RUN_LIMIT}};

    memset(&s, 0, sizeof s);
    s.listening = listening;
    s.fd = -1;
    s.f = f;
    s.stub = (struct gdb_stub){.d = &s.d, .waited = wait, .say = say, .context = &s};
    bool good = debugger_open(&s.d, g, f);
    if (good) {
        s.d.limit = limit;
        s.d.look = look;
        s.d.context = &s;
        while (wait && s.fd < 0 && signals_stop == 0) {
            signals_wait(listening);
            if (readable(listening)) come(&s);
        }
        serve(&s, &stop, end);
        good = !s.failed;
    }
    end->result = stop.result;
    if (stop.kind != STOP_HALT && stop.kind != STOP_CHECK_STOP && stop.kind != STOP_IDLE)
        end->result = (struct run_result){.reason = RUN_LIMIT};
    end->changed = s.d.h.edits_n > 0;
    hang_up(&s);
    close(listening);
    debugger_close(&s.d);
    return good;
}
