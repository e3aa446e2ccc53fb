// SPDX-License-Identifier: MIT
// PG32 as one machine of many: its random guests on the machine that is generated and tuned for it,
// and on the one that only evaluates its description, bare and under monitors, end in the same
// state.

#include "tests/engines.h"
#include "tests/monitor/virtual.h"
#include "tests/suites.h"
#include "vmm/described/tower.h"
#include "vmm/host/console.h"
#include "vmm/pg32/monitors.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    RUN_LENGTH = 2000,
    WAIT_MOST = 1 << 20, // counts; the machine of any description evaluates each tick of a wait
};

static uint64_t guests_wanted(void)
{
    return tests_long() ? 2000 : tests_quick() ? 60 : 300;
}

static uint64_t completed; // by the machines of any description, all guests together

// The machine of any description, with PG32's guest on it.
struct general {
    struct described_tower t;
    struct console console;
    uint8_t disk[sizeof((struct random_guest *)NULL)->disk];
};

static bool open_general(struct general *x, const struct description *d,
                         const struct random_guest *g, const struct monitor *m, uint64_t depth)
{
    struct failure f;

    memset(x, 0, sizeof *x);
    if (!described_tower_open(&x->t, d, m, depth, GUEST_MEMORY, &f)) return false;
    memcpy(x->t.top->s.cells, g->image, GUEST_MEMORY);
    memcpy(x->disk, g->disk, sizeof x->disk);
    struct devices *devices = &x->t.top->devices;
    devices->arrivals = g->arrivals;
    devices->arrivals_n = GUEST_ARRIVALS;
    devices->put = console_put;
    devices->context = &x->console;
    devices->disk = x->disk;
    devices->sectors = GUEST_SECTORS;
    devices->disk_read_only = g->disk_read_only;
    described_tower_reset(&x->t, g->entry);
    return true;
}

static uint64_t member(const struct pg32 *s, const struct pg32_component *c, unsigned k)
{
    uint64_t value = 0;

    memcpy(&value, (const char *)s + c->offset + (size_t)k * c->size, c->size);
    return value;
}

static bool same_processor(const struct pg32 *s, const struct concrete *c)
{
    for (unsigned i = 0; i < PG32_components_n; i++) {
        const struct component *x = find_component(c->m, pg32_components[i].name);
        for (unsigned k = 0; k < x->count; k++)
            if (member(s, &pg32_components[i], k) != concrete_get(c, x, k)) {
                fprintf(stderr, "\n%s[%u]: %" PRIx64 ", generated %" PRIx64 "\n", x->name, k,
                        concrete_get(c, x, k), member(s, &pg32_components[i], k));
                return false;
            }
    }
    return true;
}

static bool same(const struct virtual *v, const struct general *x)
{
    const struct machine *a = v->t.top;
    const struct described *b = x->t.top;
    const struct trap_cause *cause;

    LIST_EACH(cause, b->s.m->traps)
    if (a->traps[cause->code] != b->traps[cause_i]) return false;
    return same_processor(&a->s, &b->s) && a->count == b->count && a->completed == b->completed &&
           memcmp(a->s.E, b->s.cells, GUEST_MEMORY) == 0 && v->outputs == x->console.bytes &&
           v->output_hash == x->console.hash && memcmp(v->disk, x->disk, sizeof x->disk) == 0 &&
           a->devices.arrivals_next == b->devices.arrivals_next;
}

static bool alike(const struct description *d, uint64_t seed, const struct monitor *m,
                  uint64_t depth)
{
    static struct random_guest g;
    static struct general x;
    bool good = true;

    random_guest_make(&g, seed);
    struct virtual *v = virtual_new(&g, &engine_switch, NULL, 0);
    if (!open_general(&x, d, &g, m, depth)) return false;
    for (int piece = 0; piece < 2 && good; piece++) {
        virtual_run(v, RUN_LENGTH / 2);
        if (v->t.top->count > WAIT_MOST) break;
        const struct described_result r = described_go(x.t.top, RUN_LENGTH / 2);
        good = same(v, &x) && v->last.reason == r.reason && v->last.value == r.value;
        if (r.reason != RUN_LIMIT) break;
    }
    for (uint32_t k = 0; k < x.t.depth; k++) good = good && !x.t.vms[k].statistics.first.any;
    if (!good)
        fprintf(stderr, "\nrandom guest %" PRIu64 " under %s, depth %" PRIu64 "\n", seed,
                m != NULL ? m->name : "none", depth);
    completed += x.t.top->completed;
    described_tower_close(&x.t);
    virtual_free(v);
    return good;
}

static void test_pg32(void)
{
    struct arena a = {0};
    struct diagnostics diagnostics = {.out = stderr};
    const struct description *d = description_read(&a, &diagnostics, "isa-analyzer/isas/pg32.isa");
    bool good = true;

    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    for (uint64_t k = 0; k < guests_wanted() && good; k++) {
        good = alike(d, tests_seed() + k, NULL, 0);
        for (int m = 0; monitors[m] != NULL && good; m++)
            good = alike(d, tests_seed() + k, monitors[m], 1 + k % 2);
    }
    CU_ASSERT_TRUE(good);
    CU_ASSERT_TRUE(completed > 2000 * guests_wanted());
    arena_free(&a);
}

void suite_pg32_described(void)
{
    CU_pSuite s = CU_add_suite("PG32 as one of many machines", NULL, NULL);

    CU_add_test(s, "random guests end as on the generated machine", test_pg32);
}
