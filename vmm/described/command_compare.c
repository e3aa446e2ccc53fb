// SPDX-License-Identifier: MIT
// `vmm compare --isa` for a machine of any description: its options, the table of the three
// properties, and the same as JSON.

#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa-analyzer/semantics/disassemble.h"
#include "vmm/described/command.h"
#include "vmm/described/comparison.h"
#include "vmm/described/report.h"
#include "vmm/host/comparison_table.h"
#include "vmm/host/diagnostics.h"
#include "vmm/host/engines.h"

struct options {
    size_t color;
    uint64_t depth, max_steps, memory;
    struct option_list configs;
    const char *isa, *monitor;
    bool json;
};

#define AT(member) offsetof(struct options, member)
static const struct option table[] = {
    {"isa", "FILE", OPTION_TEXT, AT(isa), NULL, ""},
    {"config", "NAME=VALUE", OPTION_LIST, AT(configs), NULL, ""},
    {"monitor", "LIST", OPTION_TEXT, AT(monitor), NULL, ""},
    {"depth", "N", OPTION_COUNT, AT(depth), NULL, ""},
    {"max-steps", "N", OPTION_COUNT, AT(max_steps), NULL, ""},
    {"memory", "CELLS", OPTION_COUNT, AT(memory), NULL, ""},
    {"json", NULL, OPTION_FLAG, AT(json), NULL, ""},
    {"color", "WHEN", OPTION_CHOICE, AT(color), described_color_name, ""},
};
#undef AT

enum { OPTIONS = sizeof table / sizeof table[0] };

// ---------------------------------------------------------------- for people

static void print_row(const struct described_run *r, const struct described_verdict *v)
{
    comparison_row(&(struct comparison_row){.monitor = r->monitor->name,
                                            .depth = r->depth,
                                            .equivalent = v->equivalent,
                                            .control = v->control,
                                            .direct = v->direct,
                                            .traps = v->traps,
                                            .emulated = v->emulated,
                                            .slowdown = v->slowdown});
}

static void print_end(const struct described_verdict *v)
{
    if (!v->equivalent)
        printf("  at the end: %s %" PRIx64 ", on the bare machine %" PRIx64 "\n", v->end.what,
               v->end.b, v->end.a);
    if (v->outside) printf("  memory outside the partition has been written\n");
}

static void print_step(const struct description *d, const struct described_verdict *v)
{
    if (!v->located) return;
    printf("  first divergent step, on the bare machine:\n  ");
    described_step_print(stdout, d, &v->step);
    putchar(' ');
    described_step_print_event(stdout, d, &v->step);
    printf("\n  after it: %s %" PRIx64 ", on the bare machine %" PRIx64 "\n", v->after.what,
           v->after.b, v->after.a);
}

// What each level was not left in control of, and by which instruction first.
static void print_violations(const struct described_tower *t)
{
    for (uint32_t level = 0; level < t->depth; level++) {
        const struct described_vm *v = &t->vms[level];
        const struct description *d = v->m.s.m;
        for (unsigned k = 0; k <= d->components.n; k++)
            if (v->statistics.violations[k] != 0)
                printf("  level %" PRIu32 ": the host's %s was not as %s had set it: %" PRIu64
                       " times\n",
                       level + 1, described_control_name(d, k), v->monitor->name,
                       v->statistics.violations[k]);
        described_violation_print(stdout, v);
    }
}

// ---------------------------------------------------------------- for programs

static json_t *difference_json(const struct difference_found *d)
{
    return json_pack("{ss sI sI}", "what", d->what, "bare", (json_int_t)d->a, "virtual",
                     (json_int_t)d->b);
}

static json_t *step_json(const struct description *d, const struct described_verdict *v)
{
    char text[96] = "";

    if (v->step.width != 0)
        disassemble(d, v->step.word, v->step.width, v->step.P, text, sizeof text);
    return json_pack("{sI ss sI ss so}", "count", (json_int_t)v->step.count, "mode",
                     described_mode_name(d, v->step.mode), "P", (json_int_t)v->step.P,
                     "instruction", text, "difference", difference_json(&v->after));
}

static json_t *levels_json(const struct described_tower *t)
{
    json_t *levels = json_array();

    for (uint32_t k = 0; k < t->depth; k++)
        json_array_append_new(levels, described_level_json(&t->vms[k]));
    return levels;
}

static json_t *run_json(const struct described_run *r, const struct described_verdict *v,
                        json_t *levels, json_t *violation)
{
    const struct description *d = r->g.m->s.m;

    return json_pack("{ss sI s{sb so* so*} s{sb so* sb} s{sf sf so}}", "monitor", r->monitor->name,
                     "depth", (json_int_t)r->depth, "equivalence", "holds", v->equivalent, "end",
                     v->equivalent ? NULL : difference_json(&v->end), "step",
                     v->located ? step_json(d, v) : NULL, "control", "holds", v->control,
                     "first_violation", violation, "outside_written", v->outside, "efficiency",
                     "direct", v->direct, "slowdown", v->slowdown, "levels", levels);
}

static void print_json(const struct described_runs *common, const struct described_run *bare,
                       json_t *runs, bool good)
{
    json_t *root = json_pack(
        "{ss ss ss sI ss sI sI sI sb so}", "schema", "trapeze/vmm-compare-described/1", "machine",
        common->d->name, "guest", common->guest, "memory", (json_int_t)bare->g.m->s.cells_n, "end",
        comparison_end(bare->result.reason), "value", (json_int_t)bare->result.value,
        "instructions", (json_int_t)bare->g.m->completed, "count", (json_int_t)bare->g.m->count,
        "holds", good, "runs", runs);

    if (root == NULL || json_dumpf(root, stdout, JSON_INDENT(2)) != 0)
        panic("the outcome cannot be written as JSON");
    putchar('\n');
    json_decref(root);
}

// ---------------------------------------------------------------- the command

// One row. The bare run is made anew where it has been used up to find a step.
static bool compare_one(bool json, const struct described_runs *common, struct described_run *bare,
                        struct described_run *r, json_t *runs, bool *good, struct failure *f)
{
    const struct described_tower *t = &r->g.tower;

    if (!described_run_open(r, common, f) || !described_run_whole(r, common, f)) return false;
    struct described_verdict v = described_judge(r, bare);
    *good = *good && v.equivalent && v.control;
    // Before anything is run again:
    json_t *levels = levels_json(t), *violation = NULL;
    for (uint32_t k = t->depth; k-- > 0 && violation == NULL;)
        violation = described_violation_json(&t->vms[k]);
    if (!json) print_row(r, &v);
    if (!json) print_end(&v);
    if (!json) print_violations(t);
    const bool found = v.equivalent || described_locate(&v, r, bare, f);
    if (found && !json) print_step(common->d, &v);
    json_array_append_new(runs, run_json(r, &v, levels, violation));
    if (!found || v.equivalent) return found;
    described_run_close(bare);
    *bare = (struct described_run){0};
    return described_run_open(bare, common, f) && described_run_whole(bare, common, f);
}

static bool compare(const struct options *o, const struct monitor *const *chosen,
                    const struct described_runs *common, bool *good, struct failure *f)
{
    static struct described_run bare, r;
    json_t *runs = json_array();
    bool done = described_run_open(&bare, common, f) && described_run_whole(&bare, common, f);

    *good = true;
    if (done && !o->json)
        comparison_head(common->guest, bare.result.reason, bare.result.value, bare.g.m->completed,
                        bare.g.m->count);
    for (size_t k = 0; done && chosen[k] != NULL; k++)
        for (uint64_t depth = 1; done && depth <= o->depth; depth++) {
            r = (struct described_run){.monitor = chosen[k], .depth = depth};
            done = compare_one(o->json, common, &bare, &r, runs, good, f);
            described_run_close(&r);
        }
    if (done && o->json) print_json(common, &bare, json_incref(runs), *good);
    json_decref(runs);
    described_run_close(&bare);
    return done;
}

int described_command_compare(int argc, char **argv, const struct option *pg32, size_t n)
{
    struct options o = {.max_steps = UINT64_MAX, .memory = DESCRIBED_MEMORY, .depth = 2};
    const struct monitor *chosen[MONITORS_MOST];
    struct described_runs common = {.input = {.fd = -1}};
    struct failure f;
    bool good = false;

    bool parsed = described_parse(table, OPTIONS, &o, &argc, argv, pg32, n, &f);
    color_set((enum color)o.color);
    if (parsed && argc != 1)
        parsed = fail(&f, "expected one image, not %d: vmm compare --isa FILE IMAGE", argc);
    if (parsed && o.depth == 0)
        parsed = fail(&f, "--depth counts monitors, from 1 to as many as there is memory for");
    if (!parsed || !monitors_parse(o.monitor, chosen, &f)) {
        report_failure(&f);
        fputs("vmm: see vmm compare --help\n", stderr);
        return STATUS_USAGE;
    }
    common.guest = argv[0];
    common.max_steps = o.max_steps;
    common.d = described_read(o.isa, &o.configs, o.memory, &f);
    const bool done = common.d != NULL && input_take(&common.input, &f) &&
                      compare(&o, chosen, &common, &good, &f);
    input_close(&common.input);
    if (!done) {
        report_failure(&f);
        return STATUS_USAGE;
    }
    return good ? STATUS_DONE : STATUS_GUEST_FAILED;
}
