// SPDX-License-Identifier: MIT
// Writing down what the C evaluator does.
#include "tests/proofs/trace.h"

#include <stdlib.h>

static void put(struct trace *t, uint64_t number)
{
    uint8_t bytes[8];
    for (int k = 0; k < 8; k++) bytes[k] = (uint8_t)(number >> 8 * k);
    fwrite(bytes, 1, sizeof bytes, t->out);
}

static void add(struct trace_numbers *x, uint64_t number)
{
    if (x->n == x->room) {
        x->room = 2 * x->room + 64;
        x->numbers = realloc(x->numbers, x->room * sizeof *x->numbers);
        if (!x->numbers) abort();
    }
    x->numbers[x->n++] = number;
}

static void put_all(struct trace *t, struct trace_numbers *x)
{
    for (size_t k = 0; k < x->n; k++) put(t, x->numbers[k]);
    x->n = 0;
}

// ---------------------------------------------------------------- what the evaluator calls

static uint64_t read_device(void *context, const struct component *x, uint64_t index)
{
    struct trace *t = context;
    uint64_t const value = t->device_read ? t->device_read(t->devices, index) : 0;
    uint64_t const event[] = {0, x->ordinal, index, value};
    for (int k = 0; k < 4; k++) add(&t->events, event[k]);
    return value;
}

static void write_device(void *context, const struct component *x, uint64_t index, uint64_t value)
{
    struct trace *t = context;
    uint64_t const event[] = {1, x->ordinal, index, value};
    for (int k = 0; k < 4; k++) add(&t->events, event[k]);
    if (t->device_write) t->device_write(t->devices, index, value);
}

static void wrote(void *context, uint64_t address, uint64_t n)
{
    struct trace *t = context;
    for (uint64_t k = 0; k < n; k++) {
        add(&t->writes, address + k);
        add(&t->writes, 0); // its value at the operation's end: put_writes
    }
}

static uint64_t answer(void *context, uint64_t alternatives)
{
    (void)alternatives;
    return ((struct trace *)context)->answer;
}

// ---------------------------------------------------------------- records

static void signals_now(struct trace *t)
{
    struct component *x;
    LIST_EACH(x, t->state.m->components)
    {
        for (uint64_t k = 0; x->kind == COMPONENT_SIGNAL && k < x->count; k++)
            add(&t->signals, concrete_get(&t->state, x, k));
    }
}

static void put_record(struct trace *t, enum trace_operation operation, uint64_t a, uint64_t b,
                       enum trace_outcome outcome, uint64_t c, uint64_t d)
{
    struct component *x;
    put(t, operation);
    put(t, a);
    put(t, b);
    put_all(t, &t->signals);
    put(t, t->events.n / 4);
    put_all(t, &t->events);
    put(t, outcome);
    put(t, c);
    put(t, d);
    put(t, t->writes.n / 2);
    for (size_t k = 0; k < t->writes.n; k += 2)
        t->writes.numbers[k + 1] = (uint64_t)concrete_load(&t->state, t->writes.numbers[k], 1);
    put_all(t, &t->writes);
    LIST_EACH(x, t->state.m->components)
    {
        if (x->kind == COMPONENT_MEMORY || x->kind == COMPONENT_DEVICE) continue;
        for (uint64_t k = 0; k < x->count; k++) put(t, concrete_get(&t->state, x, k));
    }
    t->operations++;
}

// A trap's place among the description's.
static uint64_t place(const struct trace *t, const struct trap_cause *cause)
{
    struct trap_cause *x;
    LIST_EACH(x, t->state.m->traps) if (x == cause) return x_i;
    abort();
}

static void put_step(struct trace *t, enum trace_operation operation, uint64_t a, uint64_t b,
                     struct step s)
{
    switch (s.outcome) {
    case STEP_NEXT: put_record(t, operation, a, b, TRACE_NEXT, 0, 0); break;
    case STEP_TRAP: put_record(t, operation, a, b, TRACE_TRAP, place(t, s.cause), s.value); break;
    case STEP_STOP: put_record(t, operation, a, b, TRACE_STOP, s.value, 0); break;
    case STEP_WAIT: put_record(t, operation, a, b, TRACE_WAIT, 0, 0); break;
    case STEP_CHECKSTOP: put_record(t, operation, a, b, TRACE_CHECKSTOP, 0, 0); break;
    }
}

// ---------------------------------------------------------------- operations

void trace_init(struct trace *t, const struct description *m, FILE *out, void *cells,
                uint64_t cells_n, uint64_t entry, uint64_t choice)
{
    *t = (struct trace){.out = out, .answer = choice};
    concrete_init(&t->state, m, cells, cells_n);
    t->state.devices = t->state.wrote_context = t->state.answer_context = t;
    t->state.device_read = read_device;
    t->state.device_write = write_device;
    t->state.wrote = wrote;
    t->state.answer = answer;
    put(t, TRACE_MAGIC);
    put(t, cells_n);
    put(t, entry);
    for (uint64_t k = 0; k < cells_n; k++) put(t, (uint64_t)concrete_load(&t->state, k, 1));
    put(t, choice);
    signals_now(t);
    concrete_reset(&t->state, entry);
    put_record(t, TRACE_RESET, entry, 0, TRACE_NEXT, 0, 0);
}

void trace_free(struct trace *t)
{
    concrete_free(&t->state);
    free(t->signals.numbers);
    free(t->events.numbers);
    free(t->writes.numbers);
}

struct step trace_step(struct trace *t)
{
    signals_now(t);
    struct step s = concrete_interrupt(&t->state);
    if (s.outcome == STEP_NEXT) s = concrete_execute(&t->state);
    t->waiting = s.instruction;
    put_step(t, TRACE_STEP, 0, 0, s);
    return s;
}

struct step trace_deliver(struct trace *t, const struct trap_cause *cause, uint64_t information)
{
    signals_now(t);
    struct step const s = concrete_deliver(&t->state, cause, information);
    put_step(t, TRACE_DELIVER, place(t, cause), information, s);
    return s;
}

void trace_tick(struct trace *t)
{
    signals_now(t);
    concrete_tick(&t->state);
    put_record(t, TRACE_TICK, 0, 0, TRACE_NEXT, 0, 0);
}

bool trace_wake(struct trace *t)
{
    signals_now(t);
    bool const wakes = concrete_wake(&t->state);
    put_record(t, TRACE_WAKE, 0, 0, TRACE_NEXT, wakes, 0);
    return wakes;
}

void trace_complete(struct trace *t)
{
    signals_now(t);
    concrete_complete(&t->state, t->waiting);
    put_record(t, TRACE_COMPLETE, 0, 0, TRACE_NEXT, 0, 0);
}

void trace_place(struct trace *t, uint64_t counter)
{
    signals_now(t);
    concrete_set(&t->state, t->state.m->counter, 0, counter);
    put_record(t, TRACE_PLACE, counter, 0, TRACE_NEXT, 0, 0);
}
