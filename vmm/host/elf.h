// SPDX-License-Identifier: MIT
// Guest programs: from an ELF file's bytes into a machine's memory (DESIGN 3, "Reset").
#ifndef TRAPEZE_VMM_HOST_ELF_H
#define TRAPEZE_VMM_HOST_ELF_H

#include <stddef.h>
#include <stdint.h>

#include "vmm/host/failure.h"

struct elf_loaded {
    uint32_t entry;    // what P is to be
    uint32_t segments; // loaded: at least 1
    uint32_t end;      // the first physical address after all of them
    bool compressed;   // the file says that it has compressed instructions, which PG32 does not
};

// Loads the executable in bytes[0 .. size), which is only read: each loadable segment at its
// physical address, the rest of its memory size zeroed. `memory` is the machine's, of memory_size
// bytes; apart from segments it is left as it is. Everything is checked first: on failure memory is
// untouched. `f` then says what is wrong with the file; the file's name is the caller's to add.
//
// Accepted: ELF32, little-endian, RISC-V, ET_EXEC, no interpreter, at least one loadable segment
// with a size, no two overlapping, all within memory, the entry in one of them. A file that has
// been cut short anywhere is not.
bool elf_load(const uint8_t *bytes, size_t size, uint8_t *memory, uint32_t memory_size,
              struct elf_loaded *loaded, struct failure *f);

// How much memory a machine has for this executable unless told: what a note in it asks for (owner
// "Trapeze", type NOTE_MEMORY, one word: bytes, a multiple of 4 KiB), or PG32_MEMORY_USUAL.
// False where elf_load would fail for whatever size, or the note makes no sense.
bool elf_memory_wanted(const uint8_t *bytes, size_t size, uint32_t *memory_size, struct failure *f);

enum { NOTE_MEMORY = 1 };

#endif
