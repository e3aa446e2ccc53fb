// SPDX-License-Identifier: MIT
// Cause 2: words that decode to nothing are illegal in both modes, and before privilege is looked
// at; so are FENCE.I and the CSR instructions. FENCE does nothing.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    la s1, words
    la s2, words_end
    la s3, block
again:
    lw s4, 0(s1)
    sw s4, 0(s3)
    USER(block, block, 64)
    CAUSE(CAUSE_ILLEGAL); STATUS(PSW_USER); WHERE(block, block)
    lw a1, CAUGHT + 16(zero); SAME(a1, s4)
    SUPERVISOR(block)
    CAUSE(CAUSE_ILLEGAL); STATUS(0); WHERE_FLAT(block)
    lw a1, CAUGHT + 16(zero); SAME(a1, s4)
    addi s1, s1, 4
    bne s1, s2, again
    USER(fences, block, 64)
    CAUSE(CAUSE_ECALL)
    PASS("illegal words trap in both modes\n")

    .balign 4
words:
    .word 0x00000000, 0xffffffff
    .word 0x0000100f                            // fence.i
    .word 0x30001073, 0x340025f3, 0xc0002573    // csrrw, csrrs, rdcycle
    .word 0x30200073, 0x10500073, 0x00200073    // mret, wfi, uret
    .word 0x000000f3                            // ecall with rd
    .word 0x02051513, 0x02055513                // shifts by 32
    .word 0x04b50533, 0x42b50533                // add and mul with a wrong funct7
    .word 0x0000b003, 0x00a53023, 0x0000e003    // ld, sd, lwu
    .word 0x00052063                            // branch, funct3 2
    .word 0x00009067                            // jalr, funct3 1
    .word 0x0000008b, 0x0015000b, 0x02b5200b    // lpsw with rd, lpsw with an offset, lrb funct7 1
    .word 0x00b5208b, 0x0000b08b, 0x0005450b    // lrb with rd, stm with rd, rtm with rs1
    .word 0x8000550b, 0x0000d50b, 0x8005600b    // in beyond 2047, in with rs1, out beyond
    .word 0x0020700b, 0x0000708b, 0x0005700b    // idle with 2, with rd, with rs1
words_end:

block:
    .word 0
fences:
    fence
    fence rw, w
    ecall
    .space 64 - (. - block)
