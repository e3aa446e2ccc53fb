// SPDX-License-Identifier: MIT
// PG32's registers as gdb sees them: x0 to x31, pc, and after them the status word with its bits
// by name, R, the timer. gdb learns of them from a description in XML (gdb manual, appendix "Target
// Descriptions").
#ifndef TRAPEZE_VMM_HOST_GDB_REGISTERS_H
#define TRAPEZE_VMM_HOST_GDB_REGISTERS_H

#include "vmm/host/debugger.h"
#include "vmm/host/gdb_packet.h"

enum {
    GDB_PC = 32,
    GDB_STATUS, // M, IE, and for reading the cause that the last trap has stored
    GDB_L,
    GDB_B,
    GDB_T,
    GDB_PENDING,
    GDB_REGISTERS, // each 4 bytes
};

// The description, a null-terminated text that stays.
const char *gdb_target(void);

uint32_t gdb_register(const struct machine *m, unsigned number);

// Changes it, as the user wishes: bits that there are not are left out, x0 stays 0.
void gdb_set_register(struct debugger *d, unsigned number, uint32_t value);

#endif
