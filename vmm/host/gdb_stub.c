// SPDX-License-Identifier: MIT
// The packets, in a table by how they begin. See the gdb manual, appendix "Remote Protocol".

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/gdb_stub.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/debugger_print.h"
#include "vmm/host/text.h"
#include "vmm/host/gdb_monitor.h"
#include "vmm/host/gdb_registers.h"

// Error numbers: gdb only shows them.
enum { MALFORMED = 1, NO_MEMORY_THERE = 14, NO_ROOM = 28 };

enum { SIGNAL_INT = 2, SIGNAL_TRAP = 5, SIGNAL_ABORT = 6, SIGNAL_STOP = 17 }; // gdb's numbers

static enum gdb_action error(struct packet *reply, unsigned number)
{
    reply->n = 0;
    packet_print(reply, "E%02x", number);
    return GDB_REPLY;
}

static enum gdb_action answer(struct packet *reply, const char *text)
{
    packet_text(reply, text);
    return GDB_REPLY;
}

// ---------------------------------------------------------------- stops

static void signal_stop(struct gdb_stub *s, unsigned number, struct packet *reply)
{
    const uint32_t pc = gdb_register(s->d->g->m, GDB_PC);

    packet_print(reply, "T%02xthread:1;%x:", number, (unsigned)GDB_PC);
    packet_hex(reply, &pc, sizeof pc);
    packet_text(reply, ";");
}

static void tell(struct gdb_stub *s, const struct stop *stop)
{
    char *text = NULL;
    size_t size;
    FILE *out = text_open(&text, &size);
    print_stop(out, s->d, stop);
    text_close(out);
    s->say(s->context, text);
    free(text);
}

bool gdb_stub_stop(struct gdb_stub *s, const struct stop *stop, struct packet *reply)
{
    const bool told = s->last.kind == stop->kind;

    s->last = *stop;
    switch (stop->kind) {
    case STOP_HALT:
        if (!s->d->stop_on_halt || told) {
            packet_print(reply, "W%" PRIx32, stop->result.value);
            return true;
        }
        tell(s, stop);
        signal_stop(s, SIGNAL_TRAP, reply);
        break;
    case STOP_LIMIT:
        tell(s, stop);
        packet_text(reply, "W3");
        return true;
    case STOP_CHECK_STOP:
        tell(s, stop);
        signal_stop(s, SIGNAL_ABORT, reply);
        break;
    case STOP_IDLE:
        tell(s, stop);
        signal_stop(s, SIGNAL_STOP, reply);
        break;
    case STOP_TRAP:
        tell(s, stop);
        signal_stop(s, SIGNAL_TRAP, reply);
        break;
    case STOP_INTERRUPT: signal_stop(s, SIGNAL_INT, reply); break;
    case STOP_WATCH:
        signal_stop(s, SIGNAL_TRAP, reply);
        packet_print(reply, "watch:%" PRIx32 ";", stop->address);
        break;
    case STOP_BEGIN:
        signal_stop(s, SIGNAL_TRAP, reply);
        packet_text(reply, "replaylog:begin;");
        break;
    default: signal_stop(s, SIGNAL_TRAP, reply);
    }
    return false;
}

// ---------------------------------------------------------------- registers and memory

static enum gdb_action get_registers(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)at;
    for (unsigned k = 0; k < GDB_REGISTERS; k++) {
        const uint32_t value = gdb_register(s->d->g->m, k);
        packet_hex(reply, &value, sizeof value);
    }
    return GDB_REPLY;
}

static enum gdb_action set_registers(struct gdb_stub *s, const char *at, struct packet *reply)
{
    uint32_t values[GDB_REGISTERS];

    if (!take_bytes(&at, (uint8_t *)values, sizeof values) || *at != '\0')
        return error(reply, MALFORMED);
    for (unsigned k = 0; k < GDB_REGISTERS; k++) gdb_set_register(s->d, k, values[k]);
    return answer(reply, "OK");
}

static enum gdb_action get_register(struct gdb_stub *s, const char *at, struct packet *reply)
{
    uint64_t number;

    if (!take_number(&at, &number) || *at != '\0' || number >= GDB_REGISTERS)
        return error(reply, MALFORMED);
    const uint32_t value = gdb_register(s->d->g->m, (unsigned)number);
    packet_hex(reply, &value, sizeof value);
    return GDB_REPLY;
}

static enum gdb_action set_register(struct gdb_stub *s, const char *at, struct packet *reply)
{
    uint64_t number;
    uint32_t value;

    if (!take_number(&at, &number) || !take_char(&at, '=') || number >= GDB_REGISTERS ||
        !take_bytes(&at, (uint8_t *)&value, sizeof value) || *at != '\0')
        return error(reply, MALFORMED);
    gdb_set_register(s->d, (unsigned)number, value);
    return answer(reply, "OK");
}

// `ADDRESS,LENGTH`, both below 2^32.
static bool take_range(const char **at, uint32_t *address, uint32_t *n)
{
    uint64_t a, length;

    if (!take_number(at, &a) || !take_char(at, ',') || !take_number(at, &length)) return false;
    *address = (uint32_t)a;
    *n = (uint32_t)length;
    return a <= UINT32_MAX && length <= UINT32_MAX;
}

static enum gdb_action get_memory(struct gdb_stub *s, const char *at, struct packet *reply)
{
    uint32_t address, n, physical = 0;

    if (!take_range(&at, &address, &n) || *at != '\0') return error(reply, MALFORMED);
    if (n > PACKET_SIZE / 2) n = PACKET_SIZE / 2; // less than asked for may come
    const size_t there = debugger_translate(s->d, address, n, &physical);
    if (n != 0 && there == 0) return error(reply, NO_MEMORY_THERE);
    packet_hex(reply, s->d->g->m->s.E + physical, there);
    return GDB_REPLY;
}

static enum gdb_action set_memory(struct gdb_stub *s, uint32_t address, const uint8_t *bytes,
                                  size_t n, struct packet *reply)
{
    uint32_t physical = 0;

    if (n != 0 && debugger_translate(s->d, address, n, &physical) < n)
        return error(reply, NO_MEMORY_THERE);
    if (n != 0 && memcmp(s->d->g->m->s.E + physical, bytes, n) != 0) // else the future stays
        debugger_set_memory(s->d, physical, bytes, n);
    return answer(reply, "OK");
}

static enum gdb_action set_memory_hex(struct gdb_stub *s, const char *at, struct packet *reply)
{
    static uint8_t bytes[PACKET_SIZE / 2];
    uint32_t address, n;

    if (!take_range(&at, &address, &n) || !take_char(&at, ':') || n > sizeof bytes ||
        !take_bytes(&at, bytes, n) || *at != '\0')
        return error(reply, MALFORMED);
    return set_memory(s, address, bytes, n, reply);
}

static enum gdb_action set_memory_binary(struct gdb_stub *s, const char *at, size_t length,
                                         struct packet *reply)
{
    const char *end = at + length;
    uint32_t address, n;

    if (!take_range(&at, &address, &n) || !take_char(&at, ':') || (size_t)(end - at) != n)
        return error(reply, MALFORMED);
    return set_memory(s, address, (const uint8_t *)at, n, reply);
}

// ---------------------------------------------------------------- points

// Z0 and Z1, breakpoints, and Z2, watchpoints for stores: `TYPE,ADDRESS,KIND`.
static enum gdb_action point(struct gdb_stub *s, const char *at, bool set, struct packet *reply)
{
    uint32_t address, kind;
    uint64_t type;

    if (!take_number(&at, &type) || !take_char(&at, ',') || !take_range(&at, &address, &kind))
        return error(reply, MALFORMED);
    if (*at != '\0' && *at != ';') return error(reply, MALFORMED);
    if (*at == ';') return GDB_REPLY; // conditions and commands are gdb's own affair
    if (type > 2) return GDB_REPLY;   // not supported: an empty answer
    if (type == 2 && kind == 0) return error(reply, MALFORMED);
    if (type == 2) {
        if (set && !debugger_watch(s->d, address, kind)) return error(reply, NO_ROOM);
        if (!set) debugger_unwatch(s->d, address, kind);
    } else {
        if (set && !debugger_break(s->d, address)) return error(reply, NO_ROOM);
        if (!set) debugger_clear(s->d, address);
    }
    return answer(reply, "OK");
}

static enum gdb_action set_point(struct gdb_stub *s, const char *at, struct packet *reply)
{
    return point(s, at, true, reply);
}

static enum gdb_action clear_point(struct gdb_stub *s, const char *at, struct packet *reply)
{
    return point(s, at, false, reply);
}

// ---------------------------------------------------------------- resuming

// `c [ADDRESS]`, `s [ADDRESS]`.
static enum gdb_action resume(struct gdb_stub *s, const char *at, enum gdb_action action,
                              struct packet *reply)
{
    uint64_t address;

    if (*at == '\0') return action;
    if (!take_number(&at, &address) || *at != '\0' || address > UINT32_MAX)
        return error(reply, MALFORMED);
    gdb_set_register(s->d, GDB_PC, (uint32_t)address);
    return action;
}

static enum gdb_action go(struct gdb_stub *s, const char *at, struct packet *reply)
{
    return resume(s, at, GDB_GO, reply);
}

static enum gdb_action step(struct gdb_stub *s, const char *at, struct packet *reply)
{
    return resume(s, at, GDB_STEP, reply);
}

// There is one thread, so the first action is its.
static enum gdb_action resume_threads(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)s;
    switch (*at) {
    case 'c':
    case 'C': return GDB_GO;
    case 's':
    case 'S': return GDB_STEP;
    default: return error(reply, MALFORMED);
    }
}

static enum gdb_action go_back(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)s, (void)at, (void)reply;
    return GDB_GO_BACK;
}

static enum gdb_action step_back(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)s, (void)at, (void)reply;
    return GDB_STEP_BACK;
}

static enum gdb_action detach(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)s, (void)at;
    packet_text(reply, "OK");
    return GDB_DETACH;
}

static enum gdb_action kill(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)s, (void)at;
    packet_text(reply, "OK");
    return GDB_KILL;
}

// ---------------------------------------------------------------- questions

static enum gdb_action why(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)at;
    signal_stop(s, SIGNAL_TRAP, reply);
    return GDB_REPLY;
}

static enum gdb_action supported(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)s, (void)at;
    packet_print(reply,
                 "PacketSize=%x;qXfer:features:read+;ReverseStep+;ReverseContinue+;"
                 "QStartNoAckMode+;vContSupported+",
                 (unsigned)PACKET_SIZE);
    return GDB_REPLY;
}

// `OFFSET,LENGTH` of the target description.
static enum gdb_action target(struct gdb_stub *s, const char *at, struct packet *reply)
{
    const char *text = gdb_target();
    const size_t size = strlen(text);
    uint32_t offset, n;

    (void)s;
    if (!take_range(&at, &offset, &n) || *at != '\0') return error(reply, MALFORMED);
    if (offset >= size) return answer(reply, "l");
    if (n > PACKET_SIZE - 1) n = PACKET_SIZE - 1;
    if (n >= size - offset) {
        packet_text(reply, "l");
        return answer(reply, text + offset);
    }
    packet_text(reply, "m");
    packet_bytes(reply, text + offset, n);
    return GDB_REPLY;
}

static enum gdb_action start_no_ack(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)at;
    s->acks_end = true;
    return answer(reply, "OK");
}

static enum gdb_action monitor(struct gdb_stub *s, const char *at, struct packet *reply)
{
    char line[512], *text = NULL;
    const size_t n = strlen(at) / 2;
    size_t size;

    if (strlen(at) % 2 != 0 || n >= sizeof line || !take_bytes(&at, (uint8_t *)line, n))
        return error(reply, MALFORMED);
    line[n] = '\0';
    if (strlen(line) != n) return error(reply, MALFORMED);
    FILE *out = text_open(&text, &size);
    gdb_monitor(s->d, line, out);
    text_close(out);
    s->say(s->context, text);
    free(text);
    return answer(reply, "OK");
}

#define ANSWER(name, text)                                                                         \
    static enum gdb_action name(struct gdb_stub *s, const char *at, struct packet *reply)          \
    {                                                                                              \
        (void)s, (void)at;                                                                         \
        return answer(reply, text);                                                                \
    }
ANSWER(say_ok, "OK")
ANSWER(say_nothing, "")
ANSWER(say_actions, "vCont;c;C;s;S")
ANSWER(say_thread, "QC1")
ANSWER(say_threads, "m1")
ANSWER(say_no_more, "l")

static enum gdb_action attached(struct gdb_stub *s, const char *at, struct packet *reply)
{
    (void)at;
    return answer(reply, s->waited ? "0" : "1");
}

// ---------------------------------------------------------------- the table

// How a packet begins, and what takes the rest. The first that fits; `exact`: there is no rest.
static const struct {
    const char *start;
    bool exact;
    enum gdb_action (*take)(struct gdb_stub *s, const char *at, struct packet *reply);
} packets[] = {
    {"?", true, why},
    {"g", true, get_registers},
    {"G", false, set_registers},
    {"p", false, get_register},
    {"P", false, set_register},
    {"m", false, get_memory},
    {"M", false, set_memory_hex},
    {"Z", false, set_point},
    {"z", false, clear_point},
    {"c", false, go},
    {"s", false, step},
    {"vCont?", true, say_actions},
    {"vCont;", false, resume_threads},
    {"bc", true, go_back},
    {"bs", true, step_back},
    {"D", false, detach},
    {"k", true, kill},
    {"vKill", false, kill},
    {"qSupported", false, supported},
    {"qXfer:features:read:target.xml:", false, target},
    {"QStartNoAckMode", true, start_no_ack},
    {"qRcmd,", false, monitor},
    {"qAttached", false, attached},
    {"qC", true, say_thread},
    {"qfThreadInfo", true, say_threads},
    {"qsThreadInfo", true, say_no_more},
    {"H", false, say_ok},
    {"T", false, say_ok},
    {"", false, say_nothing}, // not supported
};

enum gdb_action gdb_stub_handle(struct gdb_stub *s, const char *data, size_t n,
                                struct packet *reply)
{
    const size_t length = strlen(data);
    size_t k = 0, start;

    if (n > 0 && data[0] == 'X') return set_memory_binary(s, data + 1, n - 1, reply);
    if (length < n) return error(reply, MALFORMED); // a zero within
    for (;; k++) {
        start = strlen(packets[k].start);
        if (strncmp(data, packets[k].start, start) != 0) continue;
        if (!packets[k].exact || length == start) break;
    }
    return packets[k].take(s, data + start, reply);
}
