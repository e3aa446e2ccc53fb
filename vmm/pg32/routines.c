// SPDX-License-Identifier: MIT
// The interpreter routines written by hand, as a monitor's author would from the manual (DESIGN 3).
// Each is named as the lemma that will say it is its instruction on the virtual machine.

#include "vmm/pg32/routines.h"

static enum pg32_outcome completed(struct pg32 *s)
{
    s->P += 4;
    return PG32_NEXT;
}

// v_lpsw: PSW := the four words at V[x[rs1]]
static enum pg32_outcome v_lpsw(struct pg32 *s, const struct pg32_insn *i)
{
    uint32_t at;

    if (pg32_translate_V(s, s->x[i->rs1], 16, &at) != PG32_NEXT) return PG32_TRAP;
    const uint32_t status = pg32_load_4(s, at);
    pg32_tick(s);
    s->M = status & 1;
    s->IE = status >> 1 & 1;
    s->P = pg32_load_4(s, at + 4);
    s->l = pg32_load_4(s, at + 8);
    s->b = pg32_load_4(s, at + 12);
    return PG32_NEXT;
}

// v_spsw: the four words at V[x[rs1]] := PSW, with the next instruction's P
static enum pg32_outcome v_spsw(struct pg32 *s, const struct pg32_insn *i)
{
    uint32_t at;

    if (pg32_translate_V(s, s->x[i->rs1], 16, &at) != PG32_NEXT) return PG32_TRAP;
    pg32_tick(s);
    pg32_store_4(s, at, (uint32_t)s->IE << 1 | s->M);
    pg32_store_4(s, at + 4, s->P + 4);
    pg32_store_4(s, at + 8, s->l);
    pg32_store_4(s, at + 12, s->b);
    return completed(s);
}

// v_lrb: R := (x[rs1], x[rs2])
static enum pg32_outcome v_lrb(struct pg32 *s, const struct pg32_insn *i)
{
    pg32_tick(s);
    s->l = s->x[i->rs1];
    s->b = s->x[i->rs2];
    return completed(s);
}

// v_stm: T := x[rs1], after the tick; pending := 0
static enum pg32_outcome v_stm(struct pg32 *s, const struct pg32_insn *i)
{
    pg32_tick(s);
    s->T = s->x[i->rs1];
    s->pending = 0;
    return completed(s);
}

// v_rtm: x[rd] := T, before the tick
static enum pg32_outcome v_rtm(struct pg32 *s, const struct pg32_insn *i)
{
    s->x[i->rd] = s->T;
    pg32_tick(s);
    return completed(s);
}

// v_in: x[rd] := the virtual port
static enum pg32_outcome v_in(struct pg32 *s, const struct pg32_insn *i)
{
    pg32_tick(s);
    s->x[i->rd] = s->port_read(s->devices, i->port_number);
    return completed(s);
}

// v_out: the virtual port := x[rs1]
static enum pg32_outcome v_out(struct pg32 *s, const struct pg32_insn *i)
{
    pg32_tick(s);
    s->port_write(s->devices, i->port_number, s->x[i->rs1]);
    return completed(s);
}

// v_idle: the virtual machine waits; machine_wait passes its time
static enum pg32_outcome v_idle(struct pg32 *s, const struct pg32_insn *i)
{
    (void)s, (void)i;
    return PG32_WAIT;
}

// v_halt: the virtual machine stops with code x[rs1]; the host goes on
static enum pg32_outcome v_halt(struct pg32 *s, const struct pg32_insn *i)
{
    pg32_tick(s);
    s->value = s->x[i->rs1];
    return PG32_STOP;
}

routine *const routines_by_hand[PG32_ops] = {
    [PG32_lpsw] = v_lpsw, [PG32_spsw] = v_spsw, [PG32_lrb] = v_lrb,
    [PG32_stm] = v_stm,   [PG32_rtm] = v_rtm,   [PG32_in] = v_in,
    [PG32_out] = v_out,   [PG32_idle] = v_idle, [PG32_halt] = v_halt,
};
