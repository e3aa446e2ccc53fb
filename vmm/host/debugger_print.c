// SPDX-License-Identifier: MIT
// Lines about the state of a guest.

#include "vmm/host/debugger_print.h"

#include <inttypes.h>

#include "vmm/host/numbers.h"

static const char *cause_name(uint32_t cause)
{
    return cause < PG32_traps ? pg32_trap_names[cause] : "none of PG32's";
}

void print_psw(FILE *out, const struct machine *m)
{
    const struct pg32 *s = &m->s;

    fprintf(out, "%s mode, IE %u, P %08" PRIx32 ", l %08" PRIx32 ", b %08" PRIx32 "\n",
            s->M ? "user" : "supervisor", s->IE, s->P, s->l, s->b);
    fprintf(out, "timer T %" PRIu32 ", pending %u; console byte waits %u\n", s->T, s->pending,
            s->ready);
}

void print_time(FILE *out, const struct debugger *d)
{
    const struct machine *m = d->g->m;
    uint64_t traps = 0;

    for (int k = 0; k < PG32_traps; k++) traps += m->traps[k];
    fprintf(out, "step %" PRIu64 " of %" PRIu64 " known%s\n", d->h.at, d->h.furthest,
            d->h.ended ? ", the last" : "");
    fprintf(out, "instructions completed %" PRIu64 ", count %" PRIu64 ", traps %" PRIu64 "\n",
            m->completed, m->count, traps);
}

// `n` words, of which the first is at `physical` and shall be called `address`.
static void print_words(FILE *out, const struct machine *m, uint32_t address, uint32_t physical,
                        uint64_t n)
{
    for (uint64_t k = 0; k < n; k++) {
        if (k % 4 == 0) fprintf(out, "%s%08" PRIx64 ":", k == 0 ? "" : "\n", address + 4 * k);
        fprintf(out, " %08" PRIx32, pg32_load_4(&m->s, physical + 4 * k));
    }
    fputc('\n', out);
}

void print_physical(FILE *out, const struct machine *m, uint32_t address, uint64_t n)
{
    const uint64_t room = address < m->s.memory_size ? (m->s.memory_size - address) / 4 : 0;

    print_words(out, m, address, address, n < room ? n : room);
}

bool print_memory(FILE *out, const struct debugger *d, uint32_t address, uint64_t n)
{
    uint32_t physical = 0;
    const size_t there = debugger_translate(d, address, 4 * n, &physical) / 4;

    if (there == 0) return false;
    print_words(out, d->g->m, address, physical, there);
    return true;
}

void print_traps(FILE *out, const struct debugger *d, size_t most)
{
    size_t n = d->traps_n;

    while (n > 0 && d->traps[n - 1].at > d->h.at) n--; // still to come
    const size_t first = n > most ? n - most : 0;
    if (first + d->traps_lost > 0)
        fprintf(out, "%" PRIu64 " before\n", first + d->traps_lost);
    else if (n == 0)
        fputs("none\n", out);
    for (size_t k = first; k < n; k++) {
        const struct logged_trap *t = &d->traps[k];
        fprintf(out, "%10" PRIu64 " %c %08" PRIx32 " trap %s info=%08" PRIx32 "\n", t->count,
                t->user ? 'u' : 's', t->P, cause_name(t->cause), t->info);
    }
}

void print_map(FILE *out, const struct debugger *d)
{
    const struct tower *t = &d->g->tower;
    const struct pg32 *s = &t->top->s;
    uint64_t start = 0;

    fprintf(out, "level 0  %08x-%08" PRIx64 "  the bare machine, %s\n", 0,
            (uint64_t)t->memory_size - 1, memory_text(t->memory_size).text);
    for (uint32_t k = 0; k < t->depth; k++) {
        const struct vm *v = &t->vms[k];
        start += v->start;
        fprintf(out, "level %-2" PRIu32 " %08" PRIx64 "-%08" PRIx64, k + 1, start,
                start + v->m.s.memory_size - 1);
        fprintf(out, "  partition at %08" PRIx32 " of level %" PRIu32 ", %s, monitor %s\n",
                v->start, k, memory_text(v->m.s.memory_size).text, v->monitor->name);
    }
    const uint64_t from = start + s->l;
    const uint64_t room = s->l < s->memory_size ? s->memory_size - s->l : 0;
    const uint64_t n = s->b < room ? s->b : room;
    if (n == 0)
        fprintf(out, "R        nothing: l %08" PRIx32 ", b %08" PRIx32 "\n", s->l, s->b);
    else
        fprintf(out, "R        %08" PRIx64 "-%08" PRIx64 "  virtual 0 to %" PRIx64 "\n", from,
                from + n - 1, n - 1);
}

void print_stop(FILE *out, const struct debugger *d, const struct stop *stop)
{
    const struct run_result *r = &stop->result;
    const struct machine *m = d->g->m;

    switch (stop->kind) {
    case STOP_STEP: break;
    case STOP_BREAKPOINT: fprintf(out, "breakpoint at %08" PRIx32 "\n", m->s.P); break;
    case STOP_WATCH: fprintf(out, "a store to %08" PRIx32 "\n", stop->address); break;
    case STOP_TRAP: {
        size_t n = d->traps_n;
        while (n > 0 && d->traps[n - 1].at > d->h.at) n--;
        if (n > 0)
            fprintf(out, "trap %s info=%08" PRIx32 " at P %08" PRIx32 "\n",
                    cause_name(d->traps[n - 1].cause), d->traps[n - 1].info, d->traps[n - 1].P);
        break;
    }
    case STOP_HALT: fprintf(out, "the guest has halted with code %" PRIu32 "\n", r->value); break;
    case STOP_CHECK_STOP:
        fprintf(out,
                "check stop: trap %s info=%08" PRIx32 " came before one instruction had "
                "completed since the last trap\n",
                cause_name(r->cause), r->value);
        break;
    case STOP_IDLE:
        fputs("the guest is idle for ever: the timer is off, and no more input comes\n", out);
        break;
    case STOP_LIMIT:
        fprintf(out, "stopped by --max-steps after %" PRIu64 " instructions\n", m->completed);
        break;
    case STOP_BEGIN: fputs("the beginning of history\n", out); break;
    case STOP_INTERRUPT: fputs("interrupted\n", out); break;
    }
}
