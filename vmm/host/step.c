// SPDX-License-Identifier: MIT
// Watching a step.

#include "vmm/host/step.h"

#include <inttypes.h>

#include "vmm/host/isa.h"

bool step_is_interrupt(uint32_t cause)
{
    return cause == PG32_trap_timer || cause == PG32_trap_device;
}

void step_take(struct machine *m, struct step *s)
{
    struct pg32 look = m->s; // a fetch that traps leaves its cause behind

    s->count = m->count;
    s->before = m->s;
    s->before.ready = devices_at(&m->devices, m->count); // input may have come since the last step
    s->word = 0;
    s->fetched = pg32_fetch(&look, look.P, &s->word) == PG32_NEXT;
    s->result = machine_step(m);
    if (s->result.reason != RUN_TRAP && s->result.reason != RUN_CHECK_STOP) return;
    s->fetched = s->fetched && !step_is_interrupt(s->result.cause);
}

void step_print(FILE *out, const struct step *s)
{
    char text[80] = "", word[9] = "--------";

    if (s->fetched) {
        snprintf(word, sizeof word, "%08" PRIx32, s->word);
        isa_disassemble(s->word, s->before.P, text, sizeof text);
    }
    fprintf(out, "%10" PRIu64 " %c %08" PRIx32 " %s %-28s", s->count, s->before.M ? 'u' : 's',
            s->before.P, word, text);
}

bool step_print_event(FILE *out, const struct step *s)
{
    const struct run_result *r = &s->result;

    if (r->reason == RUN_STOP) {
        fprintf(out, "stop code=%" PRIu32, r->value);
        return true;
    }
    if (r->reason != RUN_TRAP && r->reason != RUN_CHECK_STOP) return false;
    fprintf(out, "%strap %s info=%08" PRIx32, r->reason == RUN_CHECK_STOP ? "check stop: " : "",
            pg32_trap_names[r->cause], r->value);
    return true;
}
