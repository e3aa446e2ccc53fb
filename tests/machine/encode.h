// SPDX-License-Identifier: MIT
// Instruction words for the machine's tests, straight from the manual's formats: deliberately not
// from the description, so that the tests stand on their own.
#ifndef TRAPEZE_TESTS_MACHINE_ENCODE_H
#define TRAPEZE_TESTS_MACHINE_ENCODE_H

#include <stdint.h>

static inline uint32_t enc_r(uint32_t opcode, uint32_t f3, uint32_t f7, uint32_t rd, uint32_t rs1,
                             uint32_t rs2)
{
    return f7 << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 | rd << 7 | opcode;
}

static inline uint32_t enc_i(uint32_t opcode, uint32_t f3, uint32_t rd, uint32_t rs1, int32_t imm)
{
    return (uint32_t)imm << 20 | rs1 << 15 | f3 << 12 | rd << 7 | opcode;
}

static inline uint32_t enc_s(uint32_t f3, uint32_t rs1, uint32_t rs2, int32_t imm)
{
    const uint32_t u = (uint32_t)imm;
    return (u >> 5 & 0x7f) << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 | (u & 31) << 7 | 0x23;
}

static inline uint32_t enc_b(uint32_t f3, uint32_t rs1, uint32_t rs2, int32_t offset)
{
    const uint32_t u = (uint32_t)offset;
    return (u >> 12 & 1) << 31 | (u >> 5 & 0x3f) << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 |
           (u >> 1 & 15) << 8 | (u >> 11 & 1) << 7 | 0x63;
}

static inline uint32_t enc_j(uint32_t rd, int32_t offset)
{
    const uint32_t u = (uint32_t)offset;
    return (u >> 20 & 1) << 31 | (u >> 1 & 0x3ff) << 21 | (u >> 11 & 1) << 20 |
           (u >> 12 & 0xff) << 12 | rd << 7 | 0x6f;
}

static inline uint32_t enc_lui(uint32_t rd, uint32_t imm)
{
    return (imm & 0xfffff000) | rd << 7 | 0x37;
}

static inline uint32_t addi(uint32_t rd, uint32_t rs1, int32_t imm)
{
    return enc_i(0x13, 0, rd, rs1, imm);
}

static inline uint32_t add(uint32_t rd, uint32_t rs1, uint32_t rs2)
{
    return enc_r(0x33, 0, 0, rd, rs1, rs2);
}

static inline uint32_t lw(uint32_t rd, uint32_t rs1, int32_t imm)
{
    return enc_i(0x03, 2, rd, rs1, imm);
}

static inline uint32_t sw(uint32_t rs2, uint32_t rs1, int32_t imm)
{
    return enc_s(2, rs1, rs2, imm);
}

static inline uint32_t bne(uint32_t rs1, uint32_t rs2, int32_t offset)
{
    return enc_b(1, rs1, rs2, offset);
}

static inline uint32_t jalr(uint32_t rd, uint32_t rs1, int32_t imm)
{
    return enc_i(0x67, 0, rd, rs1, imm);
}

// DESIGN 3's table of privileged instructions.
enum { ECALL = 0x73, EBREAK = 0x100073, IDLE = 0x700b };

static inline uint32_t lpsw(uint32_t rs1)
{
    return enc_r(0x0b, 0, 0, 0, rs1, 0);
}

static inline uint32_t spsw(uint32_t rs1)
{
    return enc_r(0x0b, 1, 0, 0, rs1, 0);
}

static inline uint32_t lrb(uint32_t rs1, uint32_t rs2)
{
    return enc_r(0x0b, 2, 0, 0, rs1, rs2);
}

static inline uint32_t stm(uint32_t rs1)
{
    return enc_r(0x0b, 3, 0, 0, rs1, 0);
}

static inline uint32_t rtm(uint32_t rd)
{
    return enc_r(0x0b, 4, 0, rd, 0, 0);
}

static inline uint32_t in(uint32_t rd, int32_t port)
{
    return enc_i(0x0b, 5, rd, 0, port);
}

static inline uint32_t out(uint32_t rs1, int32_t port)
{
    return enc_i(0x0b, 6, 0, rs1, port);
}

static inline uint32_t halt(uint32_t rs1)
{
    return enc_i(0x0b, 7, 0, rs1, 1);
}

#endif
