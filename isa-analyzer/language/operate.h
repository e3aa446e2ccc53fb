// SPDX-License-Identifier: MIT
// What the operators of the language compute, on numbers: the one definition in C, used where
// constants are folded and by the reference evaluator.
#ifndef TRAPEZE_ISA_LANGUAGE_OPERATE_H
#define TRAPEZE_ISA_LANGUAGE_OPERATE_H

#include "isa-analyzer/language/tree.h"

// a op b. `width` is that of a (and of b, but for shifts and ++, where b has `width_b`). Division
// by zero gives all ones (unsigned) or 1 or -1 (signed), the remainder the dividend, as in SMT-LIB.
bits operate_binary(enum op op, bits a, bits b, unsigned width, unsigned width_b);
bits operate_unary(enum op op, bits a, unsigned width);

// The value of an expression of numbers, fields, operands and parameters of configuration, for an
// instruction word. The expression must be checked and hold nothing else.
bits operate_on_word(const struct expr *e, bits word);

bits field_of_word(const struct field *f, bits word);

#endif
