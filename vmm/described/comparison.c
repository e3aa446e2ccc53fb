// SPDX-License-Identifier: MIT
// Running, comparing ends, and finding the first divergent step: runs repeat exactly, so it is
// found by bisection, each time from reset.

#include "vmm/described/comparison.h"

#include <stdio.h>

#include "vmm/host/statistics.h"

bool described_run_open(struct described_run *r, const struct described_runs *common,
                        struct failure *f)
{
    r->g.input = common->input;
    return described_guest_open(&r->g, common->d, common->guest, r->monitor, r->depth, f);
}

bool described_run_whole(struct described_run *r, const struct described_runs *common,
                         struct failure *f)
{
    const double start = host_seconds();
    const bool good =
        described_guest_run(&r->g, common->max_steps, described_guest_go, NULL, &r->result, f);

    r->seconds = host_seconds() - start;
    return good;
}

void described_run_close(struct described_run *r)
{
    r->g.input.arrivals = NULL; // all runs' own
    described_guest_close(&r->g);
}

static bool guests_differ(const struct described_guest *a, const struct described_guest *b,
                          struct difference_found *d)
{
    return described_differ(a->m, b->m, d) ||
           values_differ(d, "console bytes written", a->console.bytes, b->console.bytes) ||
           values_differ(d, "console output (its hash)", a->console.hash, b->console.hash);
}

static bool results_differ(struct described_result a, struct described_result b,
                           struct difference_found *d)
{
    return values_differ(d, "how the run ends", a.reason, b.reason) ||
           values_differ(d, "the code at the end", a.value, b.value);
}

// ---------------------------------------------------------------- the first divergent step

// Both from reset until `n` instructions have completed, or the end.
static bool both_to(struct described_run *bare, struct described_run *r, uint64_t n,
                    struct failure *f)
{
    return described_guest_rewind(&bare->g, f) && described_guest_rewind(&r->g, f) &&
           described_guest_run(&bare->g, n, described_guest_go, NULL, &bare->result, f) &&
           described_guest_run(&r->g, n, described_guest_go, NULL, &r->result, f);
}

static bool now_differ(const struct described_run *bare, const struct described_run *r,
                       struct difference_found *d)
{
    return guests_differ(&bare->g, &r->g, d) || results_differ(bare->result, r->result, d);
}

bool described_locate(struct described_verdict *v, struct described_run *r,
                      struct described_run *bare, struct failure *f)
{
    const uint64_t a = bare->g.m->completed, b = r->g.m->completed;
    uint64_t same = 0, differ_at = (a > b ? a : b) + 1;
    struct difference_found d;

    while (differ_at - same > 1) {
        const uint64_t middle = same + (differ_at - same) / 2;
        if (!both_to(bare, r, middle, f)) return false;
        if (now_differ(bare, r, &d))
            differ_at = middle;
        else
            same = middle;
    }
    if (!both_to(bare, r, same, f)) return false;
    if (now_differ(bare, r, &d)) return true; // they do at reset
    // Between two completed instructions there may be many traps.
    for (int k = 0; k <= DESCRIBED_TRAPS_MOST && !v->located; k++) {
        described_step_take(bare->g.m, &v->step);
        const struct described_result under = described_step(r->g.m);
        v->located = guests_differ(&bare->g, &r->g, &v->after) ||
                     results_differ(v->step.result, under, &v->after);
        if (v->step.result.reason != RUN_TRAP && v->step.result.reason != RUN_LIMIT) break;
    }
    return true;
}

// ---------------------------------------------------------------- the verdict

static void measure(struct described_verdict *v, const struct described_run *r,
                    const struct described_run *bare)
{
    const struct described_tower *t = &r->g.tower;
    const uint64_t completed = r->g.m->completed;
    const struct description *d = r->g.m->s.m;

    v->direct = completed == 0 ? 0 : (double)t->bare.completed / (double)completed;
    v->slowdown = r->seconds / (bare->seconds > 1e-9 ? bare->seconds : 1e-9);
    v->traps = described_traps(&t->vms[0].statistics, d);
    v->emulated = described_emulated(&t->vms[t->depth - 1].statistics, d);
}

struct described_verdict described_judge(const struct described_run *r,
                                         const struct described_run *bare)
{
    const struct described_tower *t = &r->g.tower;
    struct described_verdict v = {.outside = described_tower_outside(t)};

    measure(&v, r, bare);
    v.control = !v.outside;
    for (uint32_t level = 0; level < t->depth; level++)
        v.control = v.control && !t->vms[level].statistics.first.any;
    v.equivalent =
        !guests_differ(&bare->g, &r->g, &v.end) && !results_differ(bare->result, r->result, &v.end);
    return v;
}
