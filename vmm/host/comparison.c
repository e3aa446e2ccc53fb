// SPDX-License-Identifier: MIT
// Running, comparing ends, and finding the first divergent step: runs repeat exactly, so it is
// found by bisection, each time from reset.

#include "vmm/host/comparison.h"

#include <stdio.h>
#include <string.h>

#include "vmm/host/statistics.h"

bool run_open(struct run_of *r, const struct runs *common, struct failure *f)
{
    struct guest *g = &r->g;

    g->disk.fd = -1;
    g->input = common->input;
    if (common->disk != NULL && !disk_open(&g->disk, common->disk, true, f)) return false;
    return guest_open(g, common->guest, common->memory, common->engine, r->monitor, r->depth, f);
}

bool run_whole(struct run_of *r, const struct runs *common, struct failure *f)
{
    const double start = host_seconds();
    const bool good = guest_run(&r->g, common->max_steps, guest_go, NULL, &r->result, f);
    r->seconds = host_seconds() - start;
    return good;
}

void run_close(struct run_of *r)
{
    r->g.input.arrivals = NULL; // all runs' own
    guest_close(&r->g);
}

static bool guests_differ(const struct guest *a, const struct guest *b, struct difference_found *d)
{
    return machines_differ(a->m, b->m, d) ||
           values_differ(d, "console bytes written", a->console.bytes, b->console.bytes) ||
           values_differ(d, "console output (its hash)", a->console.hash, b->console.hash);
}

static bool results_differ(struct run_result a, struct run_result b, struct difference_found *d)
{
    return values_differ(d, "how the run ends", a.reason, b.reason) ||
           values_differ(d, "the code at the end", a.value, b.value);
}

// ---------------------------------------------------------------- the first divergent step

// Both from reset until `n` instructions have completed, or the end.
static bool both_to(struct run_of *bare, struct run_of *r, uint64_t n, struct failure *f)
{
    return guest_rewind(&bare->g, f) && guest_rewind(&r->g, f) &&
           guest_run(&bare->g, n, guest_go, NULL, &bare->result, f) &&
           guest_run(&r->g, n, guest_go, NULL, &r->result, f);
}

static bool now_differ(const struct run_of *bare, const struct run_of *r,
                       struct difference_found *d)
{
    return guests_differ(&bare->g, &r->g, d) || results_differ(bare->result, r->result, d);
}

static bool find_step(struct verdict *v, struct run_of *bare, struct run_of *r, struct failure *f)
{
    const uint64_t a = bare->g.m->completed, b = r->g.m->completed;
    uint64_t same = 0, differ = (a > b ? a : b) + 1;
    struct difference_found d;

    while (differ - same > 1) {
        const uint64_t middle = same + (differ - same) / 2;
        if (!both_to(bare, r, middle, f)) return false;
        if (now_differ(bare, r, &d))
            differ = middle;
        else
            same = middle;
    }
    if (!both_to(bare, r, same, f)) return false;
    if (now_differ(bare, r, &d)) return true; // they do at reset
    // Between two completed instructions there may be traps, but each comes with one at most.
    for (int k = 0; k < 4 && !v->located; k++) {
        step_take(bare->g.m, &v->step);
        const struct run_result under = machine_step(r->g.m);
        v->located = guests_differ(&bare->g, &r->g, &v->after) ||
                     results_differ(v->step.result, under, &v->after);
    }
    return true;
}

// ---------------------------------------------------------------- the first loss of control

static uint64_t violations(const struct run_of *r)
{
    uint64_t n = 0;

    for (uint32_t level = 0; level < r->g.tower.depth; level++)
        n += vm_violations(&r->g.tower.vms[level].statistics);
    return n;
}

static bool run_to(struct run_of *r, uint64_t n, struct failure *f)
{
    return guest_rewind(&r->g, f) && guest_run(&r->g, n, guest_go, NULL, &r->result, f);
}

static bool find_loss(struct verdict *v, struct run_of *r, struct failure *f)
{
    uint64_t kept = 0, lost = r->g.m->completed + 1;

    while (lost - kept > 1) {
        const uint64_t middle = kept + (lost - kept) / 2;
        if (!run_to(r, middle, f)) return false;
        if (violations(r) > 0)
            lost = middle;
        else
            kept = middle;
    }
    if (!run_to(r, kept, f)) return false;
    // As above: a trap or two may come before the instruction.
    for (int k = 0; k < 4 && !v->lost && violations(r) == 0; k++) {
        step_take(r->g.m, &v->loss);
        v->lost = violations(r) > 0;
    }
    return true;
}

// ---------------------------------------------------------------- the verdict

static bool written(const uint8_t *bytes, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (bytes[k] != 0) return true;
    return false;
}

// Nothing but the partition ever held anything but zeros.
static bool outside_written(const struct tower *t)
{
    const uint8_t *partition = t->top->s.E, *end = partition + t->top->s.memory_size;

    return written(t->memory, (size_t)(partition - t->memory)) ||
           written(end, (size_t)(t->memory + t->memory_size - end));
}

static void measure(struct verdict *v, const struct run_of *r, const struct run_of *bare)
{
    const struct tower *t = &r->g.tower;
    const uint64_t completed = r->g.m->completed;

    v->direct = completed == 0 ? 0 : (double)t->hardware.m.completed / (double)completed;
    v->slowdown = r->seconds / (bare->seconds > 1e-9 ? bare->seconds : 1e-9);
    v->traps = vm_traps(&t->vms[0].statistics);
    v->emulated = vm_emulated(&t->vms[t->depth - 1].statistics);
}

bool run_judge(struct verdict *v, struct run_of *r, struct run_of *bare, struct failure *f)
{
    *v = (struct verdict){.outside = outside_written(&r->g.tower)};
    measure(v, r, bare);
    v->control = !v->outside;
    for (uint32_t level = 0; level < r->g.tower.depth; level++)
        for (int k = 0; k < CONTROLS; k++) {
            v->violations[k] += r->g.tower.vms[level].statistics.violations[k];
            v->control = v->control && v->violations[k] == 0;
        }
    v->equivalent = !guests_differ(&bare->g, &r->g, &v->end) &&
                    !results_differ(bare->result, r->result, &v->end);
    if (violations(r) > 0 && !find_loss(v, r, f)) return false;
    return v->equivalent || find_step(v, bare, r, f);
}
