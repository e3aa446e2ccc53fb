// SPDX-License-Identifier: MIT
// The threaded engine's loop: runs decoded blocks by jumping from op to op. Time is not kept per
// instruction: a block's instructions are paid for on entry, and whoever leaves early is refunded.
//
// A burst is a stretch in which, for all that is known at its start, neither limit nor timer nor
// input can interfere: its length is `budget`. Inside it only a block that fits in what is left is
// entered. Instructions that see or change what bursts depend on (PG32_SYSTEM) end the burst.
// At the label `between` nothing is owed: count, T and P are as the plain engine would have them.

#include "vmm/machine/blocks.h"

#if defined(__GNUC__) && !defined(__clang__)
// One jump per op, each with a history of its own.
#pragma GCC optimize("no-gcse", "no-crossjumping")
#endif

enum { BURST = 1 << 30 };

// Where writes to x[0] go, which nothing reads: a linked operand is read from there, and as it was
// written just before, the compiler keeps it in a register.
enum { SINK = sizeof((struct pg32 *)NULL)->x / sizeof(uint32_t) - 1 };

static uint64_t burst_length(struct machine *m, uint64_t limit)
{
    uint64_t n = limit < BURST ? limit : BURST;
    const uint64_t timer = pg32_horizon(&m->s);

    if (timer < n) n = timer;
    if (m->s.IE) { // not waiting now: that interrupt would have been taken
        const uint64_t input = devices_next(&m->devices);
        if (input - m->count < n) n = input - m->count;
    }
    return n;
}

// `n` instructions have completed, none of them PG32_SYSTEM.
static inline void pay(struct machine *m, uint64_t n)
{
    if (n == 0) return;
    m->count += n;
    m->completed += n;
    pg32_advance(&m->s, n);
}

// clang-format off
__attribute__((flatten)) static struct run_result run(struct hardware *h, uint64_t limit)
{
    static const void *const labels[] = {
#define LABEL(name, flags) \
    [PG32_##name] = &&do_##name, \
    [PG32_##name + PG32_ops * LINK_RS1] = &&do_##name##_rs1, \
    [PG32_##name + PG32_ops * LINK_RS2] = &&do_##name##_rs2, \
    [PG32_##name + PG32_ops * LINK_BOTH] = &&do_##name##_both,
        LABEL(undefined, 0)
        PG32_INSTRUCTIONS(LABEL)
        [OP_END] = &&do_end,
        [OP_STALE] = &&do_stale,
#define PAIR_LABEL(A, la, B, lb) [OP_PAIRS + PAIR_##A##la##B##lb] = &&do_##A##la##B##lb,
        PG32_PAIRS(PAIR_LABEL)
    };
    struct machine *const m = &h->m;
    struct pg32 *const s = &m->s;
    struct blocks *const c = h->engine_state;
    const uint64_t target = limit > UINT64_MAX - m->completed ? UINT64_MAX : m->completed + limit;
    struct block *b = NULL, *to; // the one that runs, the one to enter
    struct op *op;               // in b
    uint32_t last = 0;           // the result of the op before
    int64_t left, budget;        // instructions not yet paid for; in the whole burst
    enum pg32_outcome outcome;

    c->labels = labels;

between:
    if (m->completed == target) return (struct run_result){.reason = RUN_LIMIT};
    s->ready = devices_at(&m->devices, m->count);
    if (pg32_interrupt(s) != PG32_NEXT) goto trap;
    budget = (int64_t)burst_length(m, target - m->completed);
    if (c->spaces[c->space].l != s->l || c->spaces[c->space].b != s->b || c->spaces_n == 0)
        blocks_enter_space(c, s->l, s->b);
    to = blocks_find(c, s);
    if (to == NULL || to->cost > budget) { // cannot be fetched, or something falls due inside it
        do {
            const struct run_result r = plain_step(h);
            if (r.reason != RUN_LIMIT) return r;
        } while (--budget > 0 && to != NULL);
        goto between;
    }
    left = budget;

#define ENTER() \
    do { \
        left -= to->cost; \
        if (left < 0) goto unaffordable; \
        b = to; \
        op = b->ops; \
        goto *op->label; \
    } while (0)
    ENTER();

// Ends the burst before `op`, whose instruction has not completed.
#define LEAVE() \
    do { \
        left += b->length - (op - b->ops); \
        s->P = op->P; \
        pay(m, (uint64_t)(budget - left)); \
    } while (0)

// After a jump: s->P is where to.
#define FOLLOW() \
    do { \
        to = s->P == op->P + 4 ? b->next : s->P == b->jump_P ? b->jump : NULL; \
        if (to == NULL) goto unlinked; \
        ENTER(); \
    } while (0)

// One instruction of an op, its operands in `i`. The index of `last` is written as in the generated
// body, or gcc does not see that it is the value just stored.
#define EXECUTE(name, i) \
    outcome = pg32_exec_##name(s, &(i), op->P, false); \
    if ((FLAGS_##name & PG32_MAYTRAP) && outcome != PG32_NEXT) goto trapped; \
    if (FLAGS_##name & PG32_JUMPS) FOLLOW(); \
    if (!(FLAGS_##name & PG32_STORES)) last = s->x[(uint32_t)(i).rd]; \
    op++

// Operands that are the result of the op before. What `i` names besides is read from x as ever: x
// is always up to date, `last` is only quicker.
#define LINK(i, links) \
    if (links) s->x[SINK] = last; \
    if ((links) & LINK_RS1) (i).rs1 = SINK; \
    if ((links) & LINK_RS2) (i).rs2 = SINK

#define ORDINARY(name, links) \
    { \
        struct pg32_insn i = op->i; \
        LINK(i, links); \
        EXECUTE(name, i); \
        goto *op->label; \
    }

// With exact time around it; the burst is over.
#define SYSTEM(name) \
    { \
        LEAVE(); \
        s->ready = devices_at(&m->devices, m->count); \
        outcome = pg32_exec_##name(s, &op->i, op->P, true); \
        if (outcome != PG32_NEXT) goto other; \
        if (!(FLAGS_##name & PG32_JUMPS)) s->P = op->P + 4; \
        m->count++; \
        m->completed++; \
        goto between; \
    }

#define FORM(name, links) \
    if (FLAGS_##name & PG32_SYSTEM) SYSTEM(name) else ORDINARY(name, links)
#define BODY(name, flags) \
    do_##name: FORM(name, LINK_NONE) \
    do_##name##_rs1: FORM(name, LINK_RS1) \
    do_##name##_rs2: FORM(name, LINK_RS2) \
    do_##name##_both: FORM(name, LINK_BOTH)

    BODY(undefined, 0)
    PG32_INSTRUCTIONS(BODY)

#define PAIR(A, la, B, lb) \
    do_##A##la##B##lb: \
    { \
        struct pg32_insn i = op[0].i, j = op[1].i; \
        LINK(i, la); \
        EXECUTE(A, i); \
        LINK(j, lb); \
        EXECUTE(B, j); \
        goto *op->label; \
    }

    PG32_PAIRS(PAIR)

do_end:
    s->P = op->P;
    to = b->next;
    if (to == NULL) goto unlinked;
    ENTER();

do_stale: // the block has been written to under our feet
    LEAVE();
    goto between;

unlinked: { // s->P follows b: find it there, and remember
    const uint32_t flushes = c->flushes;
    to = blocks_find(c, s);
    if (to == NULL) {
        pay(m, (uint64_t)(budget - left));
        goto between;
    }
    if (c->flushes == flushes) {
        if (s->P == b->after) {
            b->next = to;
        } else {
            b->jump_P = s->P;
            b->jump = to;
        }
    }
    ENTER();
}

unaffordable: // more than is left of the burst, or stale
    left += to->cost;
    s->P = to->P;
    if (to->cost == STALE) {
        if (b->next == to) b->next = NULL;
        if (b->jump == to) b->jump = NULL;
        goto unlinked;
    }
    pay(m, (uint64_t)(budget - left));
    goto between;

trapped:
    LEAVE();
trap:
    return (struct run_result){RUN_TRAP, s->cause, s->value};

other: { // of a PG32_SYSTEM instruction, which is not accounted for yet
    const struct run_result r = machine_outcome(m, outcome);
    if (r.reason != RUN_LIMIT) return r;
    goto between;
}
}
// clang-format on

static void reset(struct hardware *h)
{
    blocks_init(h->engine_state, h->engine_state_size, &h->m.code);
}

const struct engine engine_threaded = {
    .name = "threaded", .run = run, .reset = reset, .state_least = BLOCKS_LEAST};
