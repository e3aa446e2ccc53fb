// SPDX-License-Identifier: MIT
// What the operators of the language compute.
#include "isa-analyzer/language/operate.h"

static bits signed_divide(bits a, bits b, unsigned width, bool remainder)
{
    signed_bits const x = bits_signed(a, width), y = bits_signed(b, width);
    if (y == 0) return remainder ? a : x < 0 ? 1 : bits_ones(width);
    if (y == -1)
        return remainder ? 0 : bits_low((bits)0 - a, width); // the least number has no opposite
    return bits_low((bits)(remainder ? x % y : x / y), width);
}

bits operate_binary(enum op op, bits a, bits b, unsigned width, unsigned width_b)
{
    signed_bits const x = bits_signed(a, width), y = bits_signed(b, width_b);
    switch (op) {
    case OP_ADD: return bits_low(a + b, width);
    case OP_SUB: return bits_low(a - b, width);
    case OP_MUL: return bits_low(a * b, width);
    case OP_UDIV: return b ? a / b : bits_ones(width);
    case OP_UREM: return b ? a % b : a;
    case OP_SDIV: return signed_divide(a, b, width, false);
    case OP_SREM: return signed_divide(a, b, width, true);
    case OP_AND: return a & b;
    case OP_OR: return a | b;
    case OP_XOR: return a ^ b;
    case OP_SHL: return b < width ? bits_low(a << b, width) : 0;
    case OP_SHR: return b < width ? a >> b : 0;
    case OP_SAR: return bits_low((bits)(x >> (b < width ? b : width - 1)), width);
    case OP_CONCAT: return width_b < 128 ? (a << width_b) | b : b;
    case OP_EQ: return a == b;
    case OP_NE: return a != b;
    case OP_ULT: return a < b;
    case OP_ULE: return a <= b;
    case OP_UGT: return a > b;
    case OP_UGE: return a >= b;
    case OP_SLT: return x < y;
    case OP_SLE: return x <= y;
    case OP_SGT: return x > y;
    case OP_SGE: return x >= y;
    case OP_BOOL_AND: return a & b;
    case OP_BOOL_OR: return a | b;
    default: return 0;
    }
}

bits operate_unary(enum op op, bits a, unsigned width)
{
    return bits_low(op == OP_NEG ? (bits)0 - a : ~a, width);
}

bits field_of_word(const struct field *f, bits word)
{
    return bits_low(word >> f->low, f->width);
}

bits operate_on_word(const struct expr *e, bits word)
{
    switch (e->kind) {
    case EXPR_NUMBER: return e->number;
    case EXPR_CONFIG: return e->config->value;
    case EXPR_WORD: return word;
    case EXPR_FIELD: return field_of_word(e->field, word);
    case EXPR_OPERAND: return operate_on_word(e->operand->value, word);
    case EXPR_UNARY: return operate_unary(e->op, operate_on_word(e->a, word), e->width);
    case EXPR_BINARY:
        return operate_binary(e->op, operate_on_word(e->a, word), operate_on_word(e->b, word),
                              e->a->width, e->b->width);
    case EXPR_IF: return operate_on_word(operate_on_word(e->a, word) ? e->b : e->c, word);
    case EXPR_BITS: return bits_low(operate_on_word(e->a, word) >> e->low, e->width);
    case EXPR_ZEXT: return operate_on_word(e->a, word);
    case EXPR_SEXT:
        return bits_low((bits)bits_signed(operate_on_word(e->a, word), e->a->width), e->width);
    default: return 0;
    }
}
