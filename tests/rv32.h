// SPDX-License-Identifier: MIT
// An encoder of RV32IM for tests, written from the RISC-V unprivileged manual (the listings of
// "RV32/64G Instruction Set Listings") and from nothing else: it must not share a mistake with
// pg32.isa. PG32's privileged instructions are encoded here from DESIGN 3's table.
#ifndef TRAPEZE_TESTS_RV32_H
#define TRAPEZE_TESTS_RV32_H

#include <stdint.h>

enum rv32_op {
    RV32_LUI, RV32_AUIPC, RV32_JAL, RV32_JALR,
    RV32_BEQ, RV32_BNE, RV32_BLT, RV32_BGE, RV32_BLTU, RV32_BGEU,
    RV32_LB, RV32_LH, RV32_LW, RV32_LBU, RV32_LHU, RV32_SB, RV32_SH, RV32_SW,
    RV32_ADDI, RV32_SLTI, RV32_SLTIU, RV32_XORI, RV32_ORI, RV32_ANDI,
    RV32_SLLI, RV32_SRLI, RV32_SRAI,
    RV32_ADD, RV32_SUB, RV32_SLL, RV32_SLT, RV32_SLTU, RV32_XOR, RV32_SRL, RV32_SRA,
    RV32_OR, RV32_AND,
    RV32_MUL, RV32_MULH, RV32_MULHSU, RV32_MULHU, RV32_DIV, RV32_DIVU, RV32_REM, RV32_REMU,
    RV32_FENCE,
    RV32_QUIET, // those before it do not trap, given good addresses
    RV32_ECALL = RV32_QUIET, RV32_EBREAK,
    RV32_LPSW, RV32_SPSW, RV32_LRB, RV32_STM, RV32_RTM, RV32_IN, RV32_OUT, RV32_IDLE, RV32_HALT,
    RV32_OPS,
};

// One instruction word. Operands that the format has not are ignored; the others must be in range
// (else the test stops): registers 0..31; `imm` as an assembler would take it: a byte offset for
// branches and JAL (even), the upper 20 bits for LUI and AUIPC, 0..31 for shifts, the 12 bits
// fm:pred:succ for FENCE (whose rd and rs1 are encoded too), 0..2047 for ports, else -2048..2047.
uint32_t rv32(enum rv32_op op, unsigned rd, unsigned rs1, unsigned rs2, int32_t imm);

// The operation of a word, RV32_OPS where it is none of these.
enum rv32_op rv32_find(uint32_t word);

const char *rv32_name(enum rv32_op op);

// x[rd] := value, in two instructions at `out`, whatever the value.
void rv32_li(uint32_t out[2], unsigned rd, uint32_t value);

#endif
