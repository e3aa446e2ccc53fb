// SPDX-License-Identifier: MIT
// Statistics, states and violations in words and as JSON.

#include "vmm/described/report.h"

#include <inttypes.h>

#include "isa-analyzer/semantics/disassemble.h"
#include "vmm/described/trace.h"
#include "vmm/host/diagnostics.h"

// The name of the i-th of something.
typedef const char *name_of(const struct description *d, unsigned i);

static const char *trap_name(const struct description *d, unsigned i)
{
    return ((const struct trap_cause *)d->traps.items[i])->name;
}

static const char *instruction_name(const struct description *d, unsigned i)
{
    return ((const struct instruction *)d->instructions.items[i])->name;
}

// ---------------------------------------------------------------- for people

static void print_elements(FILE *out, const struct described *m, const struct component *x)
{
    const int digits = (int)(x->width + 3) / 4;

    for (uint64_t k = 0; k < x->count; k++) {
        if (x->array && k % 8 == 0)
            fprintf(out, "%s  %s[%" PRIu64 "..]", k ? "\n" : "", x->name, k);
        if (!x->array) fprintf(out, "  %s", x->name);
        fprintf(out, " %0*" PRIx64, digits, concrete_get(&m->s, x, k));
    }
    putc('\n', out);
}

void described_report_check_stop(const struct described *m, struct described_result r)
{
    const struct component *x;

    if (r.cause == NULL)
        report("check stop: a word that is no instruction, and 'undefined' does not trap it");
    else if (m->trapped == DESCRIBED_TRAPS_MOST && m->trapped_at == m->completed)
        report("check stop: %d traps, the last one %s, and no instruction completes",
               DESCRIBED_TRAPS_MOST, r.cause->name);
    else
        report("check stop: the trap %s, information %" PRIx64 ", cannot be delivered",
               r.cause->name, r.value);
    LIST_EACH(x, m->s.m->components)
    if (m->s.elements[x_i] != NULL) print_elements(stderr, m, x);
}

// "trap A 3, B 4": the numbers that are not 0, with their names.
static void print_counts(FILE *out, const struct description *d, const uint64_t *n, unsigned size,
                         name_of *name)
{
    for (unsigned i = 0, printed = 0; i < size; i++)
        if (n[i] != 0)
            fprintf(out, "%s%s %" PRIu64, printed++ == 0 ? ": " : ", ", name(d, i), n[i]);
    putc('\n', out);
}

static void print_level(FILE *out, const struct described_vm *v, uint32_t level)
{
    const struct described_statistics *s = &v->statistics;
    const struct description *d = v->m.s.m;
    const uint64_t whole = v->m.completed;

    fprintf(out, "level %-7" PRIu32 " %s: %.4f %% executed directly, %" PRIu64 " interpreted\n",
            level, v->monitor->name, whole == 0 ? 0 : 100.0 * (double)s->direct / (double)whole,
            s->interpreted);
    fprintf(out, "  traps       %" PRIu64, described_traps(s, d));
    print_counts(out, d, s->traps, d->traps.n, trap_name);
    fprintf(out, "  emulated    %" PRIu64, described_emulated(s, d));
    print_counts(out, d, s->emulated, d->instructions.n, instruction_name);
    if (described_violations(s, d) == 0) return;
    fprintf(out, "  not kept    %" PRIu64, described_violations(s, d));
    print_counts(out, d, s->violations, d->components.n + 1, described_control_name);
    described_violation_print(out, v);
}

void described_statistics_print(FILE *out, const struct described_guest *g, double seconds)
{
    const struct described *m = g->m;
    const struct description *d = m->s.m;
    uint64_t traps = 0;

    for (unsigned k = 0; k < d->traps.n; k++) traps += m->traps[k];
    fprintf(out, "instructions  %" PRIu64 ", and %" PRIu64 " counts passed in waits\n",
            m->completed, m->count - m->completed);
    fprintf(out, "traps         %" PRIu64, traps);
    print_counts(out, d, m->traps, d->traps.n, trap_name);
    if (m->port != NULL)
        fprintf(out, "console       %" PRIu64 " bytes written, %zu of %zu read\n", g->console.bytes,
                m->devices.arrivals_next, g->input.n);
    for (uint32_t k = 0; k < g->tower.depth; k++) print_level(out, &g->tower.vms[k], k + 1);
    fprintf(out, "host time     %.3f s\n", seconds);
}

void described_violation_print(FILE *out, const struct described_vm *v)
{
    const struct described_violation *first = &v->statistics.first;
    const struct described_step s = {.count = first->count,
                                     .P = first->P,
                                     .mode = first->mode,
                                     .word = first->word,
                                     .width = first->width};

    if (!first->any) return;
    fputs("  first by the instruction:\n  ", out);
    described_step_print(out, v->m.s.m, &s);
    fprintf(out, "\n  after it: the host's %s %" PRIx64 ", to be %" PRIx64 "\n", first->what,
            first->found, first->set);
}

// ---------------------------------------------------------------- for programs

json_t *described_state_json(const struct described *m)
{
    json_t *state = json_object();
    const struct component *x;

    LIST_EACH(x, m->s.m->components)
    {
        if (m->s.elements[x_i] == NULL) continue;
        json_t *array = json_array();
        for (uint64_t k = 0; k < x->count; k++)
            json_array_append_new(array, json_integer((json_int_t)concrete_get(&m->s, x, k)));
        json_object_set(state, x->name, x->array ? array : json_array_get(array, 0));
        json_decref(array);
    }
    return state;
}

static json_t *counts_json(const struct description *d, const uint64_t *n, unsigned size,
                           name_of *name)
{
    json_t *object = json_object();

    for (unsigned i = 0; i < size; i++)
        if (n[i] != 0) json_object_set_new(object, name(d, i), json_integer((json_int_t)n[i]));
    return object;
}

json_t *described_violation_json(const struct described_vm *v)
{
    const struct described_violation *first = &v->statistics.first;
    char text[96] = "";

    if (!first->any) return NULL;
    if (first->width != 0)
        disassemble(v->m.s.m, first->word, first->width, first->P, text, sizeof text);
    return json_pack("{sI ss sI ss ss sI sI}", "count", (json_int_t)first->count, "mode",
                     described_mode_name(v->m.s.m, first->mode), "P", (json_int_t)first->P,
                     "instruction", text, "what", first->what, "set", (json_int_t)first->set,
                     "found", (json_int_t)first->found);
}

json_t *described_level_json(const struct described_vm *v)
{
    const struct described_statistics *s = &v->statistics;
    const struct description *d = v->m.s.m;

    return json_pack("{ss sI sI sI so so so so*}", "monitor", v->monitor->name, "instructions",
                     (json_int_t)v->m.completed, "direct", (json_int_t)s->direct, "interpreted",
                     (json_int_t)s->interpreted, "traps",
                     counts_json(d, s->traps, d->traps.n, trap_name), "emulated",
                     counts_json(d, s->emulated, d->instructions.n, instruction_name), "violations",
                     counts_json(d, s->violations, d->components.n + 1, described_control_name),
                     "first_violation", described_violation_json(v));
}

json_t *described_statistics_json(const struct described_guest *g, double seconds)
{
    const struct described *m = g->m;
    const struct description *d = m->s.m;
    json_t *levels = json_array();

    for (uint32_t k = 0; k < g->tower.depth; k++)
        json_array_append_new(levels, described_level_json(&g->tower.vms[k]));
    return json_pack("{sI sI so s{sI sI sI} so sf}", "instructions", (json_int_t)m->completed,
                     "idle", (json_int_t)(m->count - m->completed), "traps",
                     counts_json(d, m->traps, d->traps.n, trap_name), "console", "written",
                     (json_int_t)g->console.bytes, "read", (json_int_t)m->devices.arrivals_next,
                     "arrived", (json_int_t)g->input.n, "levels", levels, "seconds", seconds);
}
