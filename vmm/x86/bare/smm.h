// SPDX-License-Identifier: MIT
// Runs a guest on the bare machine: what is known of its state goes in by RSM, and comes out by an
// SMI, which the interval timer sends and nothing of the guest's can notice or hold back.
#ifndef TRAPEZE_VMM_X86_BARE_SMM_H
#define TRAPEZE_VMM_X86_BARE_SMM_H

#include <stdbool.h>
#include <stdint.h>

struct smm_segment {
    uint16_t selector;
    uint16_t rights; // as a descriptor has them, with SMM_VALID for what is no null segment
    uint32_t limit;  // bytes
    uint64_t base;
};
enum { SMM_VALID = 0x100 };

// The state that an SMI saves, from SMBASE + 0xfe00 on (AMD64 Programmer's Manual 2, 10.2.3). Bochs
// and QEMU have this layout for Intel's processors, too, whose own is secret.
struct smm_state {
    struct smm_segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;
    uint64_t reserved1[6];
    uint64_t efer;
    uint32_t reserved2[9];
    uint32_t revision, smbase;
    uint32_t reserved3[17];
    uint64_t cr4, cr3, cr0, dr7, dr6, rflags, rip;
    uint64_t r[16]; // the last one is RAX, in the order of which instructions number them
};
_Static_assert(sizeof(struct smm_state) == 0x200, "the whole area");

enum smm_register { SMM_RAX = 15, SMM_RDX = 13, SMM_RSP = 11 };

// Puts the code for SMIs in place; panics where the machine is none on which that can be done (an
// Intel 440FX whose firmware has put SMBASE at 0xa0000, an I/O APIC).
void smm_open(void);

// Runs the guest from *s until the timer's interrupt, about 16 milliseconds later; *s is what it
// has become. The caller's interrupts are off. What the state does not hold is the caller's affair.
void smm_run(struct smm_state *s);

#endif
