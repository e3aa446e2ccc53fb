// SPDX-License-Identifier: MIT
// Repeating a run up to its check stop, and the report.

#include "vmm/host/post_mortem.h"

#include <inttypes.h>
#include <string.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/isa.h"
#include "vmm/host/signals.h"

static uint32_t word_at(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

// As it was at the check stop: everything that a program can see.
static bool same(const struct post_mortem *p, const struct machine *m)
{
    const struct pg32 *a = &p->s, *b = &m->s;

    for (size_t k = 0; k < PG32_components_n; k++) {
        const struct pg32_component *c = &pg32_components[k];
        // x has one more element than there are registers: where writes to x0 go.
        const size_t n = c->offset == offsetof(struct pg32, x) ? 32 : c->count;
        if (memcmp((const uint8_t *)a + c->offset, (const uint8_t *)b + c->offset, n * c->size) !=
            0)
            return false;
    }
    return p->count == m->count && p->completed == m->completed;
}

static bool repeat(struct post_mortem *p, struct guest *g, struct failure *f)
{
    struct run_result r = {.reason = RUN_LIMIT};

    if (!guest_rewind(g, f)) return false;
    if (p->completed > POST_MORTEM_INSTRUCTIONS &&
        !guest_run(g, p->completed - POST_MORTEM_INSTRUCTIONS, guest_go, NULL, &r, f))
        return false;
    if (signals_stop != 0) return fail(f, "interrupted while repeating the run");
    while (p->n < POST_MORTEM_STEPS && (r.reason == RUN_LIMIT || r.reason == RUN_TRAP)) {
        step_take(g->m, &p->steps[p->n]);
        r = p->steps[p->n++].result;
    }
    if (r.reason == RUN_CHECK_STOP && r.cause == p->result.cause && r.value == p->result.value &&
        same(p, g->m))
        return true;
    p->n = 0;
    if (g->disk.bytes == NULL)
        panic("a run does not repeat: check stop at count %" PRIu64 ", then reason %d at %" PRIu64,
              p->count, r.reason, g->m->count);
    return fail(f, "the run did not repeat: was the disk image changed meanwhile?");
}

void post_mortem_look(struct post_mortem *p, const struct machine *m, struct run_result result)
{
    *p = (struct post_mortem){
        .s = m->s, .count = m->count, .completed = m->completed, .result = result};
    for (size_t i = 0; i < 6; i++) p->low[i] = word_at(m->s.E + 4 * i);
}

bool post_mortem(struct post_mortem *p, struct guest *g, struct run_result result,
                 struct failure *f)
{
    post_mortem_look(p, g->m, result);
    return repeat(p, g, f);
}

static const char *cause_name(uint32_t cause)
{
    return cause < PG32_traps ? pg32_trap_names[cause] : "none of PG32's";
}

// A status word's mode and IE, P, and R.
static void print_psw(FILE *out, const char *name, uint32_t status, uint32_t P, uint32_t l,
                      uint32_t b)
{
    fprintf(out, "%s%-7s%s  mode %s, IE %" PRIu32 ", P %08" PRIx32, color_strong(out), name,
            color_end(out), status & 1 ? "user" : "supervisor", status >> 1 & 1, P);
    fprintf(out, ", R (l %08" PRIx32 ", b %08" PRIx32 ")\n", l, b);
}

void post_mortem_print(FILE *out, const struct post_mortem *p)
{
    const struct pg32 *s = &p->s;
    const uint32_t *old = p->low, cause = p->result.cause, old_cause = old[0] >> 8 & 0xff;
    const char *strong = color_strong(out), *end = color_end(out);

    fprintf(out, "vmm: %scheck stop%s at count %" PRIu64 ": trap %s, info %08" PRIx32, strong, end,
            p->count, cause_name(cause), p->result.value);
    fputs(", before one instruction had\n"
          "completed since the last trap: the new PSW at 0x20 cannot run\n\n",
          out);
    print_psw(out, "PSW", s->M | (uint32_t)s->IE << 1, s->P, s->l, s->b);
    fprintf(out, "         T %08" PRIx32 ", pending %u; ", s->T, s->pending);
    fprintf(out, "the trap that cannot be delivered: cause %" PRIu32 " (%s)\n", cause,
            cause_name(cause));
    print_psw(out, "Old PSW", old[0], old[1], old[2], old[3]);
    fprintf(out, "         T %08" PRIx32 "; ", old[5]);
    fprintf(out, "the trap before: cause %" PRIu32 " (%s), info %08" PRIx32 "\n\n", old_cause,
            cause_name(old_cause), old[4]);
    for (unsigned i = 0; i < 32; i++)
        fprintf(out, "%4s %08" PRIx32 "%s", pg32_x_names[i], s->x[i],
                i % 6 == 5 || i == 31 ? "\n" : "  ");
    if (p->n == 0) return;
    fprintf(out, "\n%sThe last instructions%s (count, mode, P, instruction):\n", strong, end);
    for (size_t i = 0; i < p->n; i++) {
        step_print(out, &p->steps[i]);
        putc(' ', out);
        step_print_event(out, &p->steps[i]);
        putc('\n', out);
    }
}

static json_t *steps_json(const struct post_mortem *p)
{
    json_t *steps = json_array();

    for (size_t i = 0; i < p->n; i++) {
        const struct step *s = &p->steps[i];
        const enum run_reason reason = s->result.reason;
        const bool trap = reason == RUN_TRAP || reason == RUN_CHECK_STOP;
        char text[80] = "";
        if (s->fetched) isa_disassemble(s->word, s->before.P, text, sizeof text);
        json_array_append_new(
            steps,
            json_pack("{sI ss sI so ss so}", "count", (json_int_t)s->count, "mode",
                      s->before.M ? "user" : "supervisor", "P", (json_int_t)s->before.P, "word",
                      s->fetched ? json_integer(s->word) : json_null(), "text", text, "trap",
                      trap ? json_string(pg32_trap_names[s->result.cause]) : json_null()));
    }
    return steps;
}

// What print_psw prints, and T.
static json_t *psw_json(uint32_t status, uint32_t P, uint32_t l, uint32_t b, uint32_t T)
{
    return json_pack("{ss sb sI sI sI sI}", "mode", status & 1 ? "user" : "supervisor", "IE",
                     (int)(status >> 1 & 1), "P", (json_int_t)P, "l", (json_int_t)l, "b",
                     (json_int_t)b, "T", (json_int_t)T);
}

static json_t *trap_json(uint32_t cause, uint32_t info)
{
    return json_pack("{ss sI}", "cause", cause_name(cause), "info", (json_int_t)info);
}

json_t *post_mortem_json(const struct post_mortem *p)
{
    const struct pg32 *s = &p->s;
    const uint32_t *old = p->low;
    json_t *registers = json_object();

    for (unsigned i = 0; i < 32; i++)
        json_object_set_new(registers, pg32_x_names[i], json_integer(s->x[i]));
    return json_pack("{so so so so so so}", "trap", trap_json(p->result.cause, p->result.value),
                     "psw", psw_json(s->M | (uint32_t)s->IE << 1, s->P, s->l, s->b, s->T),
                     "trap_before", trap_json(old[0] >> 8 & 0xff, old[4]), "old_psw",
                     psw_json(old[0], old[1], old[2], old[3], old[5]), "registers", registers,
                     "steps", steps_json(p));
}
