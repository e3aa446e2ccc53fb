// SPDX-License-Identifier: MIT
// The machine that the monitor itself runs on, as a struct machine that executes guests: to run is
// to leave for the guest until it traps. The timer, which the allocator has set, says how many
// instructions that took.

#include "vmm/pg32/self/self.h"

#include "vmm/pg32/self/low.h"

void leave(uint32_t T); // entry.S
extern char trap[];

// The limit is in the timer already: this monitor keeps it, so T ends every turn.
static struct run_result run(struct machine *m, uint64_t limit)
{
    struct pg32 *s = &m->s;
    const uint32_t T = s->T;

    (void)limit;
    for (int n = 1; n < 32; n++) low.x[n] = s->x[n];
    low.old.status = (s->M ? PSW_USER : 0) | (s->IE ? PSW_IE : 0);
    low.old.P = s->P;
    low.old.l = s->l;
    low.old.b = s->b;
    leave(T);

    for (int n = 1; n < 32; n++) s->x[n] = low.x[n];
    const uint32_t status = low.old.status, cause = status >> PSW_CAUSE_SHIFT;
    s->M = status & PSW_USER;
    s->IE = (status & PSW_IE) != 0;
    s->P = low.old.P;
    s->l = low.old.l;
    s->b = low.old.b;
    s->T = low.T;
    s->pending = 0; // it is taken at once, since IE is on
    m->completed += T - s->T;
    m->count += T - s->T;
    return (struct run_result){RUN_TRAP, cause, low.information};
}

static struct run_result step(struct machine *m)
{
    return run(m, 1);
}

static void reset(struct machine *m)
{
    (void)m;
}

// The machine below delivers its traps itself.
static enum pg32_outcome deliver(struct machine *m, uint32_t cause, uint32_t information)
{
    (void)m, (void)cause, (void)information;
    panic();
}

static const struct machine_ops ops = {
    .run = run, .step = step, .reset = reset, .deliver = deliver};

struct machine *hardware_here(void)
{
    static struct machine here;
    struct psw now;

    // As it is from reset on: supervisor, no interrupts, R = all of memory.
    spsw(&now);
    low.new.status = now.status;
    low.new.P = (uint32_t)(uintptr_t)trap;
    low.new.l = now.l;
    low.new.b = now.b;
    machine_init(&here, &ops, (uint8_t *)0, now.b);
    machine_reset(&here, 0);
    return &here;
}
