// SPDX-License-Identifier: MIT
// The self-hosted monitor from its start to its halt: guests from the disk, turns, and what becomes
// of them. A single guest's end is the machine's own end.

#include "vmm/pg32/self/self.h"

#include "vmm/pg32/self/low.h"

enum { TURN = 100000 }; // instructions

// A note in the ELF file (vmm/host/elf.h): how much memory the machine has unless told.
__asm__(".pushsection .note.trapeze, \"a\", @note\n"
        ".balign 4\n"
        ".word 8, 4, 1\n" // length of the name, length of the number, type
        ".asciz \"Trapeze\"\n"
        ".word 64 << 20\n"
        ".popsection");

static void report(struct guest *g, struct run_result r)
{
    console_flush(g);
    if (r.reason == RUN_CHECK_STOP)
        print("%s: check stop: cause %u, information %x, at P %x\n", g->image.name, r.cause,
              r.value, g->v.m.s.P);
    else if (guests_n > 1)
        print("%s: halted with code %u\n", g->image.name, r.value);
}

// 0 if all guests halted with 0, or else the first one's code that did not.
static uint32_t code(const struct share *shares)
{
    for (uint32_t k = 0; k < guests_n; k++) {
        const struct run_result r = shares[k].result;
        if (r.reason == RUN_CHECK_STOP) return 1;
        if (r.value != 0) return r.value;
    }
    return 0;
}

int main(void)
{
    static struct share shares[GUESTS];
    struct scheduler s;

    images_load();
    console_open();
    for (uint32_t k = 0; k < guests_n; k++) shares[k].v = &guests[k].v;
    scheduler_init(&s, shares, guests_n, TURN);
    for (;;) {
        switch (scheduler_go(&s, UINT64_MAX)) {
        case SCHEDULED_STOP: report(&guests[s.current], shares[s.current].result); break;
        case SCHEDULED_OVER: return (int)code(shares);
        case SCHEDULED_INPUT:
            for (uint32_t k = 0; k < guests_n; k++) console_flush(&guests[k]);
            console_wait();
            console_drain();
            break;
        case SCHEDULED_LIMIT: break;
        }
    }
}

_Noreturn void panic(void)
{
    fail("a trap of its own: cause %u at P %x, information %x", low.old.status >> PSW_CAUSE_SHIFT,
         low.old.P, low.information);
}
