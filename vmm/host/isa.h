// SPDX-License-Identifier: MIT
// Which description the machine follows: pg32.isa, from which it was generated, or another one that
// extends it (--isa), which is then evaluated.
#ifndef TRAPEZE_VMM_HOST_ISA_H
#define TRAPEZE_VMM_HOST_ISA_H

#include "isa-analyzer/language/tree.h"
#include "vmm/host/failure.h"

// From now on machines follow the description in `file`. It must extend the pg32.isa that vmm was
// built from by instructions, and by nothing else; mistakes in it are reported where they
// are, and then the failure says so.
bool isa_use(const char *file, struct failure *f);

// Whether isa_use would take this description, which was read from `file`; `f` says why not.
bool isa_extends_pg32(const struct description *m, const char *file, struct failure *f);

// The description that machines follow: pg32.isa if isa_use was not called.
const struct description *isa_description(void);

// Whether isa_use was called: generated code does not do then.
bool isa_is_evaluated(void);

// As pg32_disassemble, of the machine that is followed.
size_t isa_disassemble(uint32_t word, uint32_t P, char *out, size_t size);

#endif
