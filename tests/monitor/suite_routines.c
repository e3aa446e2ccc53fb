// SPDX-License-Identifier: MIT
// The interpreter routines written by hand against those derived from the description: each
// privileged instruction on random virtual states.

#include "tests/random.h"
#include "tests/rv32.h"
#include "tests/suites.h"
#include "vmm/pg32/routines.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>

enum { MEMORY = 8192, STATES = 20000, EACH_LEAST = 1000 };

// A processor of a machine whose ports only keep a record.
struct subject {
    struct machine m;
    uint8_t memory[MEMORY];
    uint32_t ports[3]; // index and value last written, reads
};

static uint32_t port_read(void *subject, uint32_t index)
{
    struct subject *s = subject;

    return index * 0x01234567 + ++s->ports[2];
}

static void port_write(void *subject, uint32_t index, uint32_t value)
{
    struct subject *s = subject;

    s->ports[0] = index;
    s->ports[1] = value;
}

static const struct machine_ops no_ops;

static void random_memory(struct subject *s, struct random *r)
{
    memset(s, 0, sizeof *s);
    for (uint32_t k = 0; k < MEMORY; k++) s->memory[k] = (uint8_t)random_u32(r);
}

static void random_processor(struct subject *s, struct random *r)
{
    machine_init(&s->m, &no_ops, s->memory, MEMORY);
    s->m.s.devices = s;
    s->m.s.port_read = port_read;
    s->m.s.port_write = port_write;
    for (int k = 1; k < 32; k++)
        s->m.s.x[k] = random_below(r, 3) ? random_below(r, MEMORY + 32) : random_u32(r);
    s->m.s.P = random_u32(r) & ~3u;
    s->m.s.l = random_below(r, 2) ? 0 : random_below(r, MEMORY + 32);
    s->m.s.b = random_below(r, 4) ? MEMORY - random_below(r, 64) : random_u32(r);
    s->m.s.IE = (uint8_t)random_below(r, 2);
    s->m.s.T = random_below(r, 3) ? random_below(r, 3) : random_u32(r);
    s->m.s.pending = (uint8_t)random_below(r, 2);
    s->m.s.entered = (uint8_t)random_below(r, 2);
    s->m.s.ready = (uint8_t)random_below(r, 2);
}

static void copy(struct subject *to, const struct subject *from)
{
    *to = *from;
    to->m.s.E = to->memory;
    to->m.s.devices = to;
}

// Every component, the results, memory and what the ports saw.
static bool same(const struct subject *a, const struct subject *b)
{
    for (int k = 0; k < PG32_components_n; k++) {
        const struct pg32_component *c = &pg32_components[k];
        if (memcmp((const uint8_t *)&a->m.s + c->offset, (const uint8_t *)&b->m.s + c->offset,
                   (size_t)c->size * c->count) != 0)
            return false;
    }
    return a->m.s.value == b->m.s.value && memcmp(a->memory, b->memory, MEMORY) == 0 &&
           memcmp(a->ports, b->ports, sizeof a->ports) == 0;
}

static void compare(enum pg32_op op, uint32_t word_bits, struct random *r)
{
    static struct subject hand, derived;
    uint64_t outcomes[PG32_CHECKSTOP + 1] = {0};

    for (int k = 0; k < STATES; k++) {
        struct pg32_insn i;
        memset(&i, 0, sizeof i);
        pg32_decode(word_bits | random_below(r, 32) << 7 | random_below(r, 32) << 15 |
                        random_below(r, 32) << 20,
                    &i);
        if (i.op != op) pg32_decode(word_bits | random_below(r, 32) << 15, &i);
        if (i.op != op) pg32_decode(word_bits | random_below(r, 32) << 7, &i);
        if (i.op != op) pg32_decode(word_bits, &i);
        CU_ASSERT_EQUAL_FATAL(i.op, op);
        if (k % 64 == 0) random_memory(&hand, r);
        random_processor(&hand, r);
        copy(&derived, &hand);
        const enum pg32_outcome a = routines_by_hand[op](&hand.m.s, &i);
        const enum pg32_outcome b = routines_derived[op](&derived.m.s, &i);
        outcomes[a]++;
        if (a == b && same(&hand, &derived)) continue;
        fprintf(stderr, "\n%s %08" PRIx32 ": by hand outcome %d, derived %d\n", pg32_op_names[op],
                i.word, (int)a, (int)b);
        CU_FAIL("a routine is not its instruction");
        return;
    }
    if (op == PG32_lpsw || op == PG32_spsw) {
        CU_ASSERT_TRUE(outcomes[PG32_NEXT] > EACH_LEAST);
        CU_ASSERT_TRUE(outcomes[PG32_TRAP] > EACH_LEAST);
    } else {
        CU_ASSERT_EQUAL(outcomes[PG32_TRAP], 0);
    }
}

#define PRIVILEGED(name, flags) [PG32_##name] = ((flags)&PG32_SYSTEM) != 0,
static const bool privileged[PG32_ops] = {PG32_INSTRUCTIONS(PRIVILEGED)};

static void test_by_hand_against_derived(void)
{
    struct random r = random_seeded(tests_seed());

    compare(PG32_lpsw, rv32(RV32_LPSW, 0, 0, 0, 0), &r);
    compare(PG32_spsw, rv32(RV32_SPSW, 0, 0, 0, 0), &r);
    compare(PG32_lrb, rv32(RV32_LRB, 0, 0, 0, 0), &r);
    compare(PG32_stm, rv32(RV32_STM, 0, 0, 0, 0), &r);
    compare(PG32_rtm, rv32(RV32_RTM, 0, 0, 0, 0), &r);
    compare(PG32_in, rv32(RV32_IN, 0, 0, 0, 0), &r);
    compare(PG32_out, rv32(RV32_OUT, 0, 0, 0, 0), &r);
    compare(PG32_idle, rv32(RV32_IDLE, 0, 0, 0, 0), &r);
    compare(PG32_halt, rv32(RV32_HALT, 0, 0, 0, 0), &r);
}

static void test_tables(void)
{
    for (int op = 1; op < PG32_ops; op++) {
        CU_ASSERT_EQUAL(routines_by_hand[op] != NULL, privileged[op]);
        CU_ASSERT_PTR_NOT_NULL(routines_derived[op]);
    }
}

void suite_routines(void)
{
    CU_pSuite s = CU_add_suite("interpreter routines", NULL, NULL);

    CU_add_test(s, "there is one for each privileged instruction", test_tables);
    CU_add_test(s, "by hand against derived", test_by_hand_against_derived);
}
