// SPDX-License-Identifier: MIT
// Machines and monitors of any description: random guests bare and under every monitor, at depths 1
// to 3, compared in every bit; and what broken variants of the machines make of that.

#include "tests/described/random_image.h"
#include "tests/suites.h"
#include "vmm/described/comparison.h"
#include "vmm/host/diagnostics.h"
#include "vmm/pg32/monitors.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { RUN_LENGTH = 1500, PIECES = 4, DEPTHS = 3, ARRIVALS = 8 };

static uint64_t guests_wanted(void)
{
    return tests_long() ? 1000 : tests_quick() ? 40 : 150;
}

struct subject {
    struct described_tower t;
    struct console console;
    struct described_result result;
};

static struct arrival arrivals[ARRIVALS];

static void subject_open(struct subject *s, const struct description *d,
                         const struct image_kind *kind, const struct monitor *m, uint64_t depth,
                         uint64_t seed)
{
    struct failure f;
    struct devices *devices;

    *s = (struct subject){.result.reason = RUN_LIMIT};
    if (!described_tower_open(&s->t, d, m, depth, (uint64_t)d->memory->size->value, &f))
        panic("%s", f.text);
    devices = &s->t.top->devices;
    devices->put = console_put;
    devices->context = &s->console;
    devices->arrivals = arrivals;
    devices->arrivals_n = ARRIVALS;
    const uint64_t entry = random_image(s->t.top, kind, seed);
    described_tower_reset(&s->t, entry);
}

// Whether everything that can be seen from inside is the same.
static bool same(const struct subject *a, const struct subject *b, struct described_difference *d)
{
    return !described_differ(a->t.top, b->t.top, d) && a->result.reason == b->result.reason &&
           a->result.value == b->result.value && a->console.hash == b->console.hash &&
           a->console.bytes == b->console.bytes;
}

static bool kept(const struct subject *s)
{
    for (uint32_t k = 0; k < s->t.depth; k++)
        if (s->t.vms[k].statistics.first.any) return false;
    return !described_tower_outside(&s->t);
}

// What the guests of one test did under the monitors, all levels together.
static struct {
    uint64_t direct, interpreted, emulated, traps, interrupts;
} seen;

static void look(const struct subject *s)
{
    const struct description *d = s->t.bare.s.m;
    const struct interrupt *i;

    for (uint32_t k = 0; k < s->t.depth; k++) {
        const struct described_statistics *x = &s->t.vms[k].statistics;
        seen.direct += x->direct;
        seen.interpreted += x->interpreted;
        seen.emulated += described_emulated(x, d);
        seen.traps += described_traps(x, d);
        LIST_EACH(i, d->interrupts) seen.interrupts += x->traps[described_place(d, i->cause)];
    }
}

// One guest bare and under one monitor: equivalent, and under control? `tell`: on stderr if not.
static bool exact(const struct description *d, const struct image_kind *kind,
                  const struct monitor *m, uint64_t depth, uint64_t seed, bool tell)
{
    struct subject bare, v;
    struct described_difference x = {.what = "the end"};
    struct random r = random_seeded(seed);
    bool good = true;

    subject_open(&bare, d, kind, NULL, 0, seed);
    subject_open(&v, d, kind, m, depth, seed);
    for (int piece = 0; piece < PIECES && good && bare.result.reason == RUN_LIMIT; piece++) {
        const uint64_t limit = 1 + random_below(&r, 2 * RUN_LENGTH / PIECES);
        bare.result = described_go(bare.t.top, limit);
        v.result = described_go(v.t.top, limit);
        good = same(&bare, &v, &x) && kept(&v);
    }
    look(&v);
    if (!good && tell)
        fprintf(stderr,
                "\n%s: random guest %" PRIu64 " under %s at depth %" PRIu64 ": %s %" PRIx64
                ", bare %" PRIx64 "%s, after %" PRIu64 " instructions\n",
                d->name, seed, m->name, depth, x.what, x.b, x.a, kept(&v) ? "" : ", host touched",
                bare.t.top->completed);
    described_tower_close(&bare.t);
    described_tower_close(&v.t);
    return good;
}

static const struct description *machine(struct arena *a, const char *name)
{
    char file[100];
    struct diagnostics diagnostics = {.out = stderr};

    snprintf(file, sizeof file, "tests/described/machines/%s.isa", name);
    const struct description *d = description_read(a, &diagnostics, file);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    for (int k = 0; k < ARRIVALS; k++)
        arrivals[k] = (struct arrival){.count = 70 * (uint64_t)k, .byte = (uint8_t)k};
    return d;
}

// ---------------------------------------------------------------- sound machines

static void run_guests(const struct image_kind *kind)
{
    struct arena a = {0};
    const struct description *d = machine(&a, kind->isa);
    bool good = true;

    memset(&seen, 0, sizeof seen);
    for (uint64_t k = 0; k < guests_wanted() && good; k++)
        for (int m = 0; monitors[m] != NULL; m++)
            for (uint64_t depth = 1; depth <= DEPTHS; depth++)
                good = exact(d, kind, monitors[m], depth, tests_seed() + k, true) && good;
    CU_ASSERT_TRUE(good);
    CU_ASSERT_TRUE(seen.direct > 20000);
    CU_ASSERT_TRUE(seen.interpreted > 20000);
    CU_ASSERT_TRUE(seen.emulated > 5000);
    CU_ASSERT_TRUE(seen.traps > 5000);
    CU_ASSERT_TRUE(seen.interrupts > 100 || d->interrupts.n == 0);
    arena_free(&a);
}

static void test_word36(void)
{
    run_guests(&image_word36);
}

static void test_tri16(void)
{
    run_guests(&image_tri16);
}

static void test_clock24(void)
{
    run_guests(&image_clock24);
}

// ---------------------------------------------------------------- broken ones

// Whether a random guest can tell, or takes what is not its own, under a monitor.
static bool broken(const struct description *d, const struct image_kind *kind,
                   const struct monitor *m, uint64_t depth)
{
    bool found = false;

    for (uint64_t k = 0; k < guests_wanted() && !found; k++)
        found = !exact(d, kind, m, depth, tests_seed() + k, false);
    return found;
}

static void variant(const char *name, const struct image_kind *kind, bool trap, bool hybrid)
{
    struct arena a = {0};
    const struct description *d = machine(&a, name);

    for (uint64_t depth = 1; depth <= 2; depth++) {
        CU_ASSERT_FALSE(broken(d, kind, &monitor_interpret, depth));
        CU_ASSERT_EQUAL(broken(d, kind, &monitor_trap, depth), !trap);
        CU_ASSERT_EQUAL(broken(d, kind, &monitor_hybrid, depth), !hybrid);
    }
    arena_free(&a);
}

static void test_theorem_1_fails(void)
{
    variant("word36-jrst1", &image_word36, false, true);
    variant("tri16-drop", &image_tri16, false, true);
    variant("clock24-mask", &image_clock24, false, true);
}

static void test_both_fail(void)
{
    variant("word36-map", &image_word36, false, false);
    variant("tri16-limit", &image_tri16, false, false);
    variant("clock24-setc", &image_clock24, false, false);
}

void suite_described(void)
{
    CU_pSuite s = CU_add_suite("machines of any description", NULL, NULL);

    CU_add_test(s, "36-bit words, two modes", test_word36);
    CU_add_test(s, "16-bit words, three modes", test_tri16);
    CU_add_test(s, "bytes, a clock", test_clock24);
    CU_add_test(s, "variants for which theorem 1 fails", test_theorem_1_fails);
    CU_add_test(s, "variants for which both theorems fail", test_both_fail);
}
