// SPDX-License-Identifier: MIT
// Cause 1: each privileged instruction in user mode, with its word as the information, and without
// any effect.
#include "vmm/guests/bare.h"
    .include "pg32.inc"
#define DENIED(at) \
    li a0, 0x40; li a1, 0x77; USER_IE(at, block, SIZE); \
    CAUSE(CAUSE_PRIVILEGED); STATUS(PSW_USER | PSW_IE); WHERE(at, block); \
    lw a2, at; lw a3, CAUGHT + 16(zero); SAME(a2, a3); \
    IS(a0, 0x40); IS(a1, 0x77); \
    lw a3, CAUGHT + 8(zero); AT(a3, block); lw a3, CAUGHT + 12(zero); IS(a3, SIZE)
#define SIZE 256

    .text
    .globl main
main:
    DENIED(try_lpsw)
    DENIED(try_spsw)
    DENIED(try_lrb)
    DENIED(try_stm)
    DENIED(try_rtm)
    DENIED(try_in)
    DENIED(try_out)
    DENIED(try_idle)
    DENIED(try_halt)
    la a2, block + 0x40                         // spsw has stored nothing
    lw a3, 0(a2); IS(a3, 0)
    lw a3, CAUGHT + 20(zero); IS(a3, 0)         // stm has set nothing
    li a0, 0x1000                               // privilege comes before the address is looked at
    USER(try_lpsw, block, SIZE); CAUSE(CAUSE_PRIVILEGED)
    PASS("nine privileged instructions trap in user mode\n")

    .balign 4
block:
try_lpsw: lpsw (a0)
try_spsw: spsw (a0)
try_lrb:  lrb a0, a1
try_stm:  stm a0
try_rtm:  rtm a0
try_in:   in a0, PORT_CONSOLE_STATUS
try_out:  out a0, PORT_CONSOLE
try_idle: idle
try_halt: halt a0
    ecall
    .space SIZE - (. - block)
