// SPDX-License-Identifier: MIT
// The engines against each other on random programs that rewrite themselves, trap, are interrupted
// and change R: compared after every few instructions, and where they differ, at the first step.
// MACHINE_TEST_SEED in the environment runs one trial.

#include "tests/suites.h"
#include "tests/machine/encode.h"
#include "tests/machine/rig.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>

enum { TRIALS = 60, CHUNKS = 1500, ARRIVALS = 400, ALL = 0x7fffffff };

static uint64_t state;

static uint32_t any(uint32_t n) // below n
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % n;
}

static uint32_t address(void) // mostly where code and trap words are, mostly aligned
{
    const uint32_t a = any(3) ? RIG_CODE + any(0x400) : any(8) ? any(0x100) : any(RIG_SIZE + 64);
    return any(4) ? a & ~3u : a;
}

// x1..x3 are for results, x4..x7 hold instructions to be stored over others, x8..x15 addresses.
static uint32_t result(void)
{
    return any(50) ? 1 + any(3) : any(32);
}

static uint32_t number(void)
{
    return any(20) ? 1 + any(7) : any(32);
}

static uint32_t base(void)
{
    return any(50) ? 8 + any(8) : any(32);
}

static uint32_t privileged(void)
{
    const uint32_t f3 = any(8);

    switch (f3) {
    case 0: return any(2) ? addi(1, 1, 1) : lpsw(any(4) ? 0 : base());
    case 1: return spsw(base());
    case 2: return any(6) ? addi(2, 2, 1) : lrb(0, base());
    case 3: return stm(1 + any(3));
    case 4: return rtm(result());
    case 5: return in(result(), (int32_t)any(6));
    case 6: return out(number(), (int32_t)any(6));
    default: return any(4) ? IDLE : halt(number());
    }
}

static uint32_t instruction(void)
{
    static const uint8_t loads[] = {0, 1, 2, 4, 5}, branches[] = {0, 1, 4, 5, 6, 7};
    const int32_t imm = (int32_t)any(64) - 32;
    const uint32_t f3 = any(8);

    const uint32_t kind = any(40);

    if (kind < 8)
        return enc_r(0x33, f3, (f3 == 0 || f3 == 5) && any(2) ? 32 : any(2), result(), number(),
                     number());
    if (kind < 16 && (f3 == 1 || f3 == 5))
        return enc_r(0x13, f3, f3 == 5 ? 32 * any(2) : 0, result(), number(), any(32));
    if (kind < 16) return enc_i(0x13, f3, result(), number(), imm);
    if (kind < 21) return enc_i(0x03, loads[any(5)], result(), base(), imm);
    if (kind < 26) return sw(4 + any(4), base(), any(8) ? imm & ~3 : imm);
    if (kind < 27) return enc_s(any(3), base(), number(), imm);
    if (kind < 33) return enc_b(branches[any(6)], number(), number(), 4 * ((int32_t)any(40) - 20));
    switch (kind) {
    case 33: return enc_j(result(), 4 * ((int32_t)any(80) - 40));
    case 34: return any(3) ? jalr(result(), base(), imm & ~3) : addi(1, 0, imm + 33);
    case 35: return enc_lui(result(), any(2) ? 0 : RIG_CODE);
    case 36: return enc_i(0x17, 0, base(), 0, 0); // auipc
    case 37: return any(3) ? privileged() : any(2) ? ECALL : any(2) ? EBREAK : any(UINT32_MAX);
    case 38: return any(2) ? addi(base(), base(), 4 * imm) : enc_i(0x0f, 0, 0, 0, 0x0ff);
    default: return any(4) ? add(result(), number(), number()) : privileged();
    }
}

// Two machines that start out equal.
struct pair {
    struct rig plain, threaded;
    struct arrival arrivals[ARRIVALS];
    uint8_t disk[2][2 * SECTOR_SIZE];
};

static void both_put(struct pair *p, uint32_t a, uint32_t word)
{
    rig_put(&p->plain, a, word);
    rig_put(&p->threaded, a, word);
}

static void new_psw(struct pair *p, uint32_t a)
{
    both_put(p, a, any(4) ? any(4) & ~1u : any(4));
    both_put(p, a + 4, RIG_CODE + 4 * any(256));
    both_put(p, a + 8, any(8) ? 0 : 4 * any(64));
    both_put(p, a + 12, any(8) ? RIG_SIZE : RIG_CODE + any(0x800));
}

// Sets both going again, somewhere, after a stop.
static void restart(struct pair *p)
{
    struct pg32 *s = &p->plain.h.m.s;

    for (uint32_t k = 1; k < 32; k++)
        s->x[k] = k < 8 ? any(64) : k < 16 ? address() : any(UINT32_MAX);
    for (uint32_t k = 4; k < 8; k++) s->x[k] = instruction(); // to be stored over others
    s->P = RIG_CODE + 4 * any(256);
    s->M = any(4) == 0;
    s->IE = any(2) == 0;
    s->T = any(3) ? any(200) : 0;
    s->pending = s->entered = 0;
    s->l = any(8) ? 0 : 4 * any(64);
    s->b = any(8) ? RIG_SIZE : RIG_CODE + any(0x800);
    for (uint32_t k = 0; k < 40; k++) both_put(p, RIG_CODE + 4 * any(256), instruction());
    new_psw(p, 0x20);
    for (uint32_t k = 0; k < 8; k++) new_psw(p, 0x40 + 16 * k);

    struct pg32 *t = &p->threaded.h.m.s;
    memcpy(t->x, s->x, sizeof s->x);
    t->P = s->P;
    t->M = s->M;
    t->IE = s->IE;
    t->T = s->T;
    t->pending = s->pending;
    t->entered = s->entered;
    t->l = s->l;
    t->b = s->b;
}

static void open_pair(struct pair *p, uint64_t seed)
{
    uint64_t count = 0;

    state = seed * 0x9e3779b97f4a7c15u + 1;
    for (int k = 0; k < 10; k++) any(1);
    rig_open(&p->plain, &engine_switch, 0);
    rig_open(&p->threaded, &engine_threaded,
             any(2) ? 0 : RIG_SIZE / GRANULE + engine_threaded.state_least + ENGINE_ALIGNMENT);
    for (size_t k = 0; k < ARRIVALS; k++)
        p->arrivals[k] = (struct arrival){count += any(4) ? any(300) : 0, (uint8_t)k};
    memset(p->disk, 0x11, sizeof p->disk);
    const bool live = any(2);
    for (int k = 0; k < 2; k++) {
        struct devices *d = k ? &p->threaded.h.m.devices : &p->plain.h.m.devices;
        d->arrivals = p->arrivals;
        d->arrivals_n = ARRIVALS;
        d->live = live;
        d->disk = p->disk[k];
        d->sectors = 2;
    }
    for (uint32_t a = RIG_CODE; a < RIG_CODE + 0x400; a += 4) both_put(p, a, instruction());
    restart(p);
}

static void close_pair(struct pair *p)
{
    rig_close(&p->plain);
    rig_close(&p->threaded);
}

static const char *result_difference(struct run_result a, struct run_result b)
{
    if (a.reason != b.reason) return "reason";
    if (a.reason != RUN_LIMIT && a.cause != b.cause) return "cause";
    if (a.reason != RUN_LIMIT && a.value != b.value) return "value";
    return NULL;
}

// Runs a trial for `chunks` chunks, the last cut down to `last` instructions. Returns where the two
// differ after it (null: nowhere); *end: the chunk in which that was, *length: its full length.
static const char *trial(struct pair *p, uint64_t seed, uint32_t chunks, uint32_t last,
                         uint32_t *end, uint32_t *length, uint64_t *completed)
{
    const char *difference = NULL;
    uint32_t k;

    open_pair(p, seed);
    for (k = 0; k < chunks && difference == NULL; k++) {
        const uint32_t n = any(8) ? 1 + any(60) : any(1000);
        const uint32_t limit = k + 1 == chunks && last < n ? last : n;
        const struct run_result a = machine_run(&p->plain.h.m, limit);
        const struct run_result b = machine_run(&p->threaded.h.m, limit);

        *end = k;
        *length = n;
        difference = result_difference(a, b);
        if (difference == NULL) difference = rig_difference(&p->plain, &p->threaded);
        if (difference != NULL) break;
        if (a.reason == RUN_TRAP) {
            const struct run_result da = machine_deliver(&p->plain.h.m, a);
            const struct run_result db = machine_deliver(&p->threaded.h.m, b);
            difference = result_difference(da, db);
            if (da.reason == RUN_CHECK_STOP) restart(p);
        } else if (a.reason != RUN_LIMIT) {
            restart(p);
        } else if (any(50) == 0) {
            restart(p);
        } else if (any(4) == 0) { // the host may set the state between runs
            p->plain.h.m.s.T = p->threaded.h.m.s.T = any(100);
            p->plain.h.m.s.IE = p->threaded.h.m.s.IE = 1;
        }
    }
    if (difference == NULL && memcmp(p->disk[0], p->disk[1], sizeof p->disk[0]) != 0)
        difference = "disk";
    *completed += p->plain.h.m.completed;
    return difference;
}

// Again with shorter and shorter last chunks would be slow; with longer and longer ones, the first
// that differs ends at the divergent step.
static void report(struct pair *p, uint64_t seed, uint32_t chunk, uint32_t length)
{
    uint64_t ignored = 0;

    for (uint32_t n = 0; n <= length; n++) {
        uint32_t end, full;
        const char *difference = trial(p, seed, chunk + 1, n, &end, &full, &ignored);
        if (difference == NULL) {
            close_pair(p);
            continue;
        }
        const struct pg32 *a = &p->plain.h.m.s, *b = &p->threaded.h.m.s;
        fprintf(stderr,
                "\nengines differ in %s: seed %llu, chunk %u, after %u steps of it\n"
                "  switch:   P %08x count %llu cause %u\n  threaded: P %08x count %llu cause %u\n",
                difference, (unsigned long long)seed, chunk, n, a->P,
                (unsigned long long)p->plain.h.m.count, a->cause, b->P,
                (unsigned long long)p->threaded.h.m.count, b->cause);
        if (n == 0) return;
        close_pair(p);
        trial(p, seed, chunk + 1, n - 1, &end, &full, &ignored);
        uint32_t word;
        char text[64] = "(cannot be fetched)";
        struct pg32 copy = p->plain.h.m.s;
        if (pg32_fetch(&copy, copy.P, &word) == PG32_NEXT)
            pg32_disassemble(word, copy.P, text, sizeof text);
        fprintf(stderr, "  the step: P %08x  %s\n", copy.P, text);
        return;
    }
    fprintf(stderr, "\nengines differ: seed %llu, chunk %u, not in a shorter one\n",
            (unsigned long long)seed, chunk);
    trial(p, seed, chunk + 1, length, &chunk, &length, &ignored);
}

static void engines_agree(void)
{
    static struct pair p;
    const char *one = getenv("MACHINE_TEST_SEED");
    const uint64_t first = one != NULL ? strtoull(one, NULL, 0) : 1;
    uint64_t completed = 0, traps[PG32_traps] = {0};

    for (uint64_t seed = first; seed < first + (one != NULL ? 1 : TRIALS); seed++) {
        uint32_t end = 0, length = 0;
        const char *difference = trial(&p, seed, CHUNKS, ALL, &end, &length, &completed);

        for (int k = 0; k < PG32_traps; k++) traps[k] += p.plain.h.m.traps[k];
        if (difference != NULL) {
            close_pair(&p);
            report(&p, seed, end, length);
        }
        close_pair(&p);
        CU_ASSERT_PTR_NULL(difference);
        if (difference != NULL) break;
    }
    if (one == NULL) { // the trials must have exercised what they claim to
        CU_ASSERT(completed >= 1000000);
        for (int k = 0; k < PG32_traps; k++) CU_ASSERT(traps[k] >= 100);
    }
}

void suite_threaded(void)
{
    CU_pSuite s = CU_add_suite("machine: engines against each other", NULL, NULL);

    CU_add_test(s, "engines agree", engines_agree);
}
