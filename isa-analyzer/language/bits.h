// SPDX-License-Identifier: MIT
// Bit vectors of 1 to 128 bits, as the evaluator and the checker compute with them. A vector is
// held in the low bits of a 128-bit integer, the rest zero; its width is kept beside it.
#ifndef TRAPEZE_ISA_LANGUAGE_BITS_H
#define TRAPEZE_ISA_LANGUAGE_BITS_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 bits;
__extension__ typedef __int128 signed_bits;

enum {
    WIDTH_MAX = 128,          // of an expression
    COMPONENT_WIDTH_MAX = 64, // of a register, a memory cell, an instruction
};

// All ones, `width` of them (0 to 128).
static inline bits bits_ones(unsigned width)
{
    return width >= 128 ? ~(bits)0 : ((bits)1 << width) - 1;
}

// The low `width` bits of v.
static inline bits bits_low(bits v, unsigned width)
{
    return v & bits_ones(width);
}

// v, of `width` bits, read as two's complement.
static inline signed_bits bits_signed(bits v, unsigned width)
{
    unsigned const unused = 128 - width;
    return (signed_bits)(v << unused) >> unused;
}

// The least width that holds v; 1 for zero.
static inline unsigned bits_width(bits v)
{
    unsigned w = 1;
    while (w < 128 && v >> w) w++;
    return w;
}

#endif
