// SPDX-License-Identifier: MIT
// `vmm compare`: its options, the table of the three properties, and the same as JSON.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/commands.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "vmm/described/command.h"
#include "vmm/host/comparison.h"
#include "vmm/host/comparison_table.h"
#include "vmm/host/diagnostics.h"
#include "vmm/host/engines.h"
#include "vmm/host/isa.h"
#include "vmm/host/options.h"
#include "vmm/host/reference.h"
#include "vmm/host/statistics.h"

struct options {
    size_t engine, color;
    uint64_t depth, max_steps;
    uint32_t memory;
    struct option_list configs;
    const char *isa, *monitor, *disk;
    bool json, help, version;
};

static const char *color_name(const void *list, size_t i)
{
    static const char *const names[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never", NULL};

    (void)list;
    return names[i];
}

#define AT(member) offsetof(struct options, member)
static const struct option table[] = {
    {"monitor", "LIST", OPTION_TEXT, AT(monitor), NULL,
     "the monitors, separated by commas: interpret, trap, hybrid; all by default"},
    {"isa", "FILE", OPTION_TEXT, AT(isa), NULL,
     "follow this description: PG32 with more instructions, or any other machine, then without "
     "the options on engines and devices; it is evaluated, which is slow, whatever --engine says"},
    {"config", "NAME=VALUE", OPTION_LIST, AT(configs), NULL,
     "set a parameter of the description that --isa names"},
    {"depth", "N", OPTION_COUNT, AT(depth), NULL,
     "each alone and on itself, up to so many; 2 by default"},
    {"engine", "NAME", OPTION_CHOICE, AT(engine), engine_name,
     "how the bare machine executes instructions; the first by default"},
    {"max-steps", "N", OPTION_COUNT, AT(max_steps), NULL,
     "compare when N instructions have completed"},
    {"memory", "SIZE", OPTION_MEMORY, AT(memory), NULL,
     "the guest's memory: bytes, or with K, M or G; a multiple of 4K; by default what it asks for "
     "in its file, or else 16M; with --isa of another machine its cells"},
    {"disk", "FILE", OPTION_TEXT, AT(disk), NULL, "the disk's image, of which each run has a copy"},
    {"json", NULL, OPTION_FLAG, AT(json), NULL, "print the outcome as JSON"},
    {"color", "WHEN", OPTION_CHOICE, AT(color), color_name, "colour in diagnostics"},
    {"help", NULL, OPTION_FLAG, AT(help), NULL, "print this"},
    {"version", NULL, OPTION_FLAG, AT(version), NULL, "print the version"},
};
#undef AT

enum { OPTIONS = sizeof table / sizeof table[0] };

static int help(void)
{
    puts("Usage: vmm compare [OPTION]... GUEST.elf\n\n"
         "Runs GUEST.elf on the bare machine and under monitors, and reports whether the virtual\n"
         "machines are equivalent to the bare one, whether the monitors kept control of its\n"
         "resources, and how efficient they are. Standard input, unless it is a terminal, is the\n"
         "console's input of each run; the console's output is compared, not shown.\n");
    options_help(stdout, table, OPTIONS);
    puts("\nExit status: 0 equivalence and control hold everywhere; 1 something differs; 2 wrong\n"
         "usage or unreadable input; 64 a fault of vmm.");
    return STATUS_DONE;
}

// ---------------------------------------------------------------- for people

static void print_row(const struct run_of *r, const struct verdict *v)
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

static void print_reasons(const struct run_of *r, const struct verdict *v)
{
    if (!v->equivalent)
        printf("  at the end: %s %" PRIx64 ", on the bare machine %" PRIx64 "\n", v->end.what,
               v->end.b, v->end.a);
    if (v->located) {
        printf("  first divergent step, on the bare machine:\n  ");
        step_print(stdout, &v->step);
        putchar(' ');
        step_print_event(stdout, &v->step);
        printf("\n  after it: %s %" PRIx64 ", on the bare machine %" PRIx64 "\n", v->after.what,
               v->after.b, v->after.a);
    }
    for (int k = 0; k < CONTROLS; k++)
        if (v->violations[k] != 0)
            printf("  the host's %s was not as %s had set it: %" PRIu64 " times\n",
                   control_names[k], r->monitor->name, v->violations[k]);
    if (v->lost) {
        printf("  first by the instruction:\n  ");
        step_print(stdout, &v->loss);
        putchar('\n');
    }
    if (v->outside) printf("  memory outside the partition has been written\n");
}

// ---------------------------------------------------------------- for programs

static json_t *difference_json(const struct difference_found *d)
{
    return json_pack("{ss sI sI}", "what", d->what, "bare", (json_int_t)d->a, "virtual",
                     (json_int_t)d->b);
}

static json_t *step_json(const struct step *s, json_t *difference)
{
    char text[80] = "";

    if (s->fetched) isa_disassemble(s->word, s->before.P, text, sizeof text);
    return json_pack("{sI ss sI ss so*}", "count", (json_int_t)s->count, "mode",
                     s->before.M ? "user" : "supervisor", "P", (json_int_t)s->before.P,
                     "instruction", text, "difference", difference);
}

static json_t *run_json(const struct run_of *r, const struct verdict *v, json_t *levels)
{
    json_t *violations = json_object();

    for (int k = 0; k < CONTROLS; k++)
        json_object_set_new(violations, control_names[k],
                            json_integer((json_int_t)v->violations[k]));
    return json_pack("{ss si s{sb so* so*} s{sb so so* sb} s{sf sf so}}", "monitor",
                     r->monitor->name, "depth", (int)r->depth, "equivalence", "holds",
                     v->equivalent, "end", v->equivalent ? NULL : difference_json(&v->end), "step",
                     v->located ? step_json(&v->step, difference_json(&v->after)) : NULL, "control",
                     "holds", v->control, "violations", violations, "first",
                     v->lost ? step_json(&v->loss, NULL) : NULL, "outside_written", v->outside,
                     "efficiency", "direct", v->direct, "slowdown", v->slowdown, "levels", levels);
}

static void print_json(const char *guest, const struct run_of *bare, json_t *runs, bool good)
{
    json_t *root = json_pack(
        "{ss ss sI ss sI sI sI sb so}", "schema", "trapeze/vmm-compare/1", "guest", guest, "memory",
        (json_int_t)bare->g.m->s.memory_size, "end", comparison_end(bare->result.reason), "value",
        (json_int_t)bare->result.value, "instructions", (json_int_t)bare->g.m->completed, "count",
        (json_int_t)bare->g.m->count, "holds", good, "runs", runs);

    if (root == NULL || json_dumpf(root, stdout, JSON_INDENT(2)) != 0)
        panic("the outcome cannot be written as JSON");
    putchar('\n');
    json_decref(root);
}

// ---------------------------------------------------------------- the command

// One row. The bare run is made anew where judging has used it up.
static bool compare_one(const struct options *o, const struct runs *common, struct run_of *bare,
                        struct run_of *r, json_t *runs, bool *good, struct failure *f)
{
    struct verdict v;

    if (!run_open(r, common, f) || !run_whole(r, common, f)) return false;
    json_t *levels = levels_json(r->g.tower.vms, r->g.tower.depth); // before anything is run again
    if (!run_judge(&v, r, bare, f)) return false;
    *good = *good && v.equivalent && v.control;
    if (!o->json) print_row(r, &v);
    if (!o->json) print_reasons(r, &v);
    json_array_append_new(runs, run_json(r, &v, levels));
    if (v.equivalent) return true;
    run_close(bare);
    *bare = (struct run_of){0};
    return run_open(bare, common, f) && run_whole(bare, common, f);
}

static bool compare(const struct options *o, const struct monitor *const *chosen,
                    const struct runs *common, bool *good, struct failure *f)
{
    static struct run_of bare, r;
    json_t *runs = json_array();
    bool done = run_open(&bare, common, f) && run_whole(&bare, common, f);

    *good = true;
    if (done && !o->json)
        comparison_head(common->guest, bare.result.reason, bare.result.value, bare.g.m->completed,
                        bare.g.m->count);
    for (size_t k = 0; done && chosen[k] != NULL; k++)
        for (uint32_t depth = 1; done && depth <= o->depth; depth++) {
            r = (struct run_of){.monitor = chosen[k], .depth = depth};
            done = compare_one(o, common, &bare, &r, runs, good, f);
            run_close(&r);
        }
    if (done && o->json) print_json(common->guest, &bare, json_incref(runs), *good);
    json_decref(runs);
    run_close(&bare);
    return done;
}

int command_compare(int argc, char **argv)
{
    struct options o = {.max_steps = UINT64_MAX, .depth = 2};
    const struct monitor *chosen[MONITORS_MOST];
    struct failure f;
    bool good = false;

    if (described_is_meant(argc, argv))
        return described_command_compare(argc, argv, table, OPTIONS);
    bool parsed = options_parse(table, OPTIONS, &o, &argc, argv, &f);
    color_set((enum color)o.color);
    if (parsed && o.help) return help();
    if (parsed && o.version) {
        puts("vmm (Trapeze) " TRAPEZE_VERSION);
        return STATUS_DONE;
    }
    if (parsed && argc != 1)
        parsed = fail(&f, "expected one guest, not %d: vmm compare GUEST.elf", argc);
    if (parsed && o.configs.n > 0)
        parsed = fail(&f, "--config sets a parameter of a description; name it with --isa FILE");
    if (parsed && (o.depth == 0 || o.depth > UINT32_MAX))
        parsed = fail(&f, "--depth counts monitors, from 1 to as many as there is memory for");
    if (!parsed || !monitors_parse(o.monitor, chosen, &f)) {
        report_failure(&f);
        fputs("vmm: see vmm compare --help\n", stderr);
        return STATUS_USAGE;
    }
    struct runs common = {.guest = argv[0],
                          .disk = o.disk,
                          .memory = o.memory,
                          .max_steps = o.max_steps,
                          .engine = engines[o.engine]};
    const bool followed = o.isa == NULL || isa_use(o.isa, &f);
    if (isa_is_evaluated()) common.engine = &engine_reference;
    const bool done =
        followed && input_take(&common.input, &f) && compare(&o, chosen, &common, &good, &f);
    input_close(&common.input);
    if (!done) {
        report_failure(&f);
        return STATUS_USAGE;
    }
    return good ? STATUS_DONE : STATUS_GUEST_FAILED;
}
