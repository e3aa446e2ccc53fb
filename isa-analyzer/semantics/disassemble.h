// SPDX-License-Identifier: MIT
// Instructions as text, for any description: the slow counterpart of the disassembler that
// `emit c` writes.
#ifndef TRAPEZE_ISA_SEMANTICS_DISASSEMBLE_H
#define TRAPEZE_ISA_SEMANTICS_DISASSEMBLE_H

#include "isa-analyzer/language/tree.h"

// Writes the instruction that `word`, of `width` bits at `address`, is, as text cut to size - 1
// characters and a zero. A word that is no instruction comes as ".word". Returns its length.
size_t disassemble(const struct description *m, uint64_t word, unsigned width, uint64_t address,
                   char *out, size_t size);

#endif
