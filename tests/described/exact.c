// SPDX-License-Identifier: MIT
// Running a random guest on a bare machine and on a virtual one, side by side.

#include "tests/described/exact.h"

#include "tests/suites.h"
#include "vmm/described/comparison.h"
#include "vmm/host/diagnostics.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>

enum { RUN_LENGTH = 1500, PIECES = 4, ARRIVALS = 8 };

struct exact_seen exact_seen;

uint64_t exact_guests(void)
{
    return tests_long() ? 600 : tests_quick() ? 12 : 60;
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
static bool same(const struct subject *a, const struct subject *b, struct difference_found *d)
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

static void look(const struct subject *s)
{
    const struct description *d = s->t.bare.s.m;
    const struct interrupt *i;

    for (uint32_t k = 0; k < s->t.depth; k++) {
        const struct described_statistics *x = &s->t.vms[k].statistics;
        exact_seen.direct += x->direct;
        exact_seen.interpreted += x->interpreted;
        exact_seen.emulated += described_emulated(x, d);
        exact_seen.traps += described_traps(x, d);
        LIST_EACH(i, d->interrupts) exact_seen.interrupts += x->traps[described_place(d, i->cause)];
    }
}

bool exact(const struct description *d, const struct image_kind *kind, const struct monitor *m,
           uint64_t depth, uint64_t seed, bool tell)
{
    struct subject bare, v;
    struct difference_found x = {.what = "the end"};
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

const struct description *exact_machine(struct arena *a, const char *name)
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
