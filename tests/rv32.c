// SPDX-License-Identifier: MIT
// The encoder's table: one line an instruction, in the manual's order and with its field values.

#include "tests/rv32.h"

#include <assert.h>
#include <stddef.h>

enum format { R, I, SHIFT, S, B, U, J, FENCE, PORT, FIXED };

// The fixed fields; `funct7` is imm12 as a whole for FIXED.
struct listing {
    const char *name;
    enum format format;
    uint8_t opcode, funct3, funct7;
};

static const struct listing listings[RV32_OPS] = {
    [RV32_LUI] = {"lui", U, 0x37, 0, 0},
    [RV32_AUIPC] = {"auipc", U, 0x17, 0, 0},
    [RV32_JAL] = {"jal", J, 0x6f, 0, 0},
    [RV32_JALR] = {"jalr", I, 0x67, 0, 0},
    [RV32_BEQ] = {"beq", B, 0x63, 0, 0},
    [RV32_BNE] = {"bne", B, 0x63, 1, 0},
    [RV32_BLT] = {"blt", B, 0x63, 4, 0},
    [RV32_BGE] = {"bge", B, 0x63, 5, 0},
    [RV32_BLTU] = {"bltu", B, 0x63, 6, 0},
    [RV32_BGEU] = {"bgeu", B, 0x63, 7, 0},
    [RV32_LB] = {"lb", I, 0x03, 0, 0},
    [RV32_LH] = {"lh", I, 0x03, 1, 0},
    [RV32_LW] = {"lw", I, 0x03, 2, 0},
    [RV32_LBU] = {"lbu", I, 0x03, 4, 0},
    [RV32_LHU] = {"lhu", I, 0x03, 5, 0},
    [RV32_SB] = {"sb", S, 0x23, 0, 0},
    [RV32_SH] = {"sh", S, 0x23, 1, 0},
    [RV32_SW] = {"sw", S, 0x23, 2, 0},
    [RV32_ADDI] = {"addi", I, 0x13, 0, 0},
    [RV32_SLTI] = {"slti", I, 0x13, 2, 0},
    [RV32_SLTIU] = {"sltiu", I, 0x13, 3, 0},
    [RV32_XORI] = {"xori", I, 0x13, 4, 0},
    [RV32_ORI] = {"ori", I, 0x13, 6, 0},
    [RV32_ANDI] = {"andi", I, 0x13, 7, 0},
    [RV32_SLLI] = {"slli", SHIFT, 0x13, 1, 0x00},
    [RV32_SRLI] = {"srli", SHIFT, 0x13, 5, 0x00},
    [RV32_SRAI] = {"srai", SHIFT, 0x13, 5, 0x20},
    [RV32_ADD] = {"add", R, 0x33, 0, 0x00},
    [RV32_SUB] = {"sub", R, 0x33, 0, 0x20},
    [RV32_SLL] = {"sll", R, 0x33, 1, 0x00},
    [RV32_SLT] = {"slt", R, 0x33, 2, 0x00},
    [RV32_SLTU] = {"sltu", R, 0x33, 3, 0x00},
    [RV32_XOR] = {"xor", R, 0x33, 4, 0x00},
    [RV32_SRL] = {"srl", R, 0x33, 5, 0x00},
    [RV32_SRA] = {"sra", R, 0x33, 5, 0x20},
    [RV32_OR] = {"or", R, 0x33, 6, 0x00},
    [RV32_AND] = {"and", R, 0x33, 7, 0x00},
    [RV32_MUL] = {"mul", R, 0x33, 0, 0x01},
    [RV32_MULH] = {"mulh", R, 0x33, 1, 0x01},
    [RV32_MULHSU] = {"mulhsu", R, 0x33, 2, 0x01},
    [RV32_MULHU] = {"mulhu", R, 0x33, 3, 0x01},
    [RV32_DIV] = {"div", R, 0x33, 4, 0x01},
    [RV32_DIVU] = {"divu", R, 0x33, 5, 0x01},
    [RV32_REM] = {"rem", R, 0x33, 6, 0x01},
    [RV32_REMU] = {"remu", R, 0x33, 7, 0x01},
    [RV32_FENCE] = {"fence", FENCE, 0x0f, 0, 0},
    [RV32_ECALL] = {"ecall", FIXED, 0x73, 0, 0},
    [RV32_EBREAK] = {"ebreak", FIXED, 0x73, 0, 1},
    // DESIGN 3: custom-0.
    [RV32_LPSW] = {"lpsw", FIXED, 0x0b, 0, 0},
    [RV32_SPSW] = {"spsw", FIXED, 0x0b, 1, 0},
    [RV32_LRB] = {"lrb", R, 0x0b, 2, 0},
    [RV32_STM] = {"stm", FIXED, 0x0b, 3, 0},
    [RV32_RTM] = {"rtm", FIXED, 0x0b, 4, 0},
    [RV32_IN] = {"in", PORT, 0x0b, 5, 0},
    [RV32_OUT] = {"out", PORT, 0x0b, 6, 0},
    [RV32_IDLE] = {"idle", FIXED, 0x0b, 7, 0},
    [RV32_HALT] = {"halt", FIXED, 0x0b, 7, 1},
};

// Bits `from`..`from + n - 1` of an immediate, at bit `to` of the word.
static uint32_t field(int32_t imm, unsigned from, unsigned n, unsigned to)
{
    return ((uint32_t)imm >> from & ((1u << n) - 1)) << to;
}

// The immediate of a format, scattered as the manual's figures show.
static uint32_t immediate(enum format format, int32_t imm)
{
    switch (format) {
    case I: assert(imm >= -2048 && imm <= 2047); return field(imm, 0, 12, 20);
    case SHIFT: assert(imm >= 0 && imm <= 31); return field(imm, 0, 5, 20);
    case FENCE: assert(imm >= 0 && imm <= 4095); return field(imm, 0, 12, 20);
    case PORT: assert(imm >= 0 && imm <= 2047); return field(imm, 0, 12, 20);
    case S:
        assert(imm >= -2048 && imm <= 2047);
        return field(imm, 5, 7, 25) | field(imm, 0, 5, 7);
    case B:
        assert(imm >= -4096 && imm <= 4095 && imm % 2 == 0);
        return field(imm, 12, 1, 31) | field(imm, 5, 6, 25) | field(imm, 1, 4, 8) |
               field(imm, 11, 1, 7);
    case U: assert(imm >= 0 && imm <= 0xfffff); return field(imm, 0, 20, 12);
    case J:
        assert(imm >= -(1 << 20) && imm < 1 << 20 && imm % 2 == 0);
        return field(imm, 20, 1, 31) | field(imm, 1, 10, 21) | field(imm, 11, 1, 20) |
               field(imm, 12, 8, 12);
    case R:
    case FIXED: break;
    }
    return 0;
}

// Which register fields an instruction has.
enum { RD = 1, RS1 = 2, RS2 = 4 };

static unsigned registers(enum rv32_op op)
{
    switch (op) {
    case RV32_LPSW:
    case RV32_SPSW:
    case RV32_STM:
    case RV32_HALT:
    case RV32_OUT: return RS1;
    case RV32_RTM:
    case RV32_IN: return RD;
    case RV32_LRB: return RS1 | RS2;
    default: break;
    }
    switch (listings[op].format) {
    case R: return RD | RS1 | RS2;
    case I:
    case SHIFT:
    case FENCE: return RD | RS1;
    case S:
    case B: return RS1 | RS2;
    case U:
    case J: return RD;
    case PORT:
    case FIXED: break;
    }
    return 0;
}

uint32_t rv32(enum rv32_op op, unsigned rd, unsigned rs1, unsigned rs2, int32_t imm)
{
    assert(op < RV32_OPS && rd < 32 && rs1 < 32 && rs2 < 32);
    const struct listing *l = &listings[op];
    const unsigned has = registers(op);

    return l->opcode | (uint32_t)l->funct3 << 12 |
           (uint32_t)l->funct7 << (l->format == FIXED ? 20 : 25) | immediate(l->format, imm) |
           (has & RD ? rd << 7 : 0) | (has & RS1 ? rs1 << 15 : 0) | (has & RS2 ? rs2 << 20 : 0);
}

// The bits of a word that are the instruction's own.
static uint32_t fixed_bits(enum rv32_op op)
{
    uint32_t mask = 0x707f;

    switch (listings[op].format) {
    case U:
    case J: return 0x7f;
    case R:
    case SHIFT: mask |= 0xfe000000; break;
    case FIXED: mask |= 0xfff00000; break;
    case PORT: mask |= 0x80000000; break;
    default: return mask;
    }
    const unsigned has = registers(op);
    if (!(has & RD)) mask |= 31u << 7;
    if (!(has & RS1)) mask |= 31u << 15;
    return mask;
}

enum rv32_op rv32_find(uint32_t word)
{
    for (unsigned op = 0; op < RV32_OPS; op++)
        if (((word ^ rv32(op, 0, 0, 0, 0)) & fixed_bits(op)) == 0) return op;
    return RV32_OPS;
}

const char *rv32_name(enum rv32_op op)
{
    return op < RV32_OPS ? listings[op].name : "undefined";
}

void rv32_li(uint32_t out[2], unsigned rd, uint32_t value)
{
    const int32_t low = (int32_t)(value & 0xfff) - (value & 0x800 ? 0x1000 : 0);

    out[0] = rv32(RV32_LUI, rd, 0, 0, (int32_t)((value - (uint32_t)low) >> 12));
    out[1] = rv32(RV32_ADDI, rd, rd, 0, low);
}
