// SPDX-License-Identifier: MIT
// Guest programs for a machine of any description: an ELF file where the machine's memory is made
// of little-endian bytes, or a text of hexadecimal numbers, one a cell, as Verilog's $readmemh
// reads it:
//
//     // entry = 40           where execution begins; else with the first number
//     @40                     the address from which the next numbers are loaded, hexadecimal
//     01_0000_0001 0a2 /* and so on */
#ifndef TRAPEZE_VMM_DESCRIBED_IMAGE_H
#define TRAPEZE_VMM_DESCRIBED_IMAGE_H

#include "vmm/described/machine.h"
#include "vmm/host/failure.h"

// Loads the file `name`, whose contents are bytes[0 .. size), into m's memory, which is all zeros,
// and sets *entry. `f` has the place in a text at which something is wrong; then memory is of no
// use.
bool image_load(struct described *m, const char *name, const uint8_t *bytes, size_t size,
                uint64_t *entry, struct failure *f);

#endif
