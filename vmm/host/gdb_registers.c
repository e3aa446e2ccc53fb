// SPDX-License-Identifier: MIT
// Registers for gdb. Their names are those of the description, pg32.isa.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/gdb_registers.h"

#include <stdio.h>
#include <stdlib.h>

#include "vmm/host/text.h"

static void put_types(FILE *out)
{
    fputs("<enum id=\"mode\" size=\"4\">"
          "<evalue name=\"supervisor\" value=\"0\"/><evalue name=\"user\" value=\"1\"/></enum>"
          "<enum id=\"cause\" size=\"4\">",
          out);
    for (int k = 0; k < PG32_traps; k++)
        fprintf(out, "<evalue name=\"%s\" value=\"%d\"/>", pg32_trap_names[k], k);
    fputs("</enum>"
          "<flags id=\"status\" size=\"4\">"
          "<field name=\"M\" start=\"0\" end=\"0\" type=\"mode\"/>"
          "<field name=\"IE\" start=\"1\" end=\"1\"/>"
          "<field name=\"cause\" start=\"8\" end=\"15\" type=\"cause\"/>"
          "</flags>",
          out);
}

static void put_register(FILE *out, const char *name, int number, const char *type)
{
    fprintf(out, "<reg name=\"%s\" bitsize=\"32\" regnum=\"%d\" type=\"%s\"/>", name, number, type);
}

// <osabi>none</osabi>: else gdb takes the guest for a Linux program and steps by breakpoints.
static void put_target(FILE *out)
{
    fputs("<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\">"
          "<target version=\"1.0\"><architecture>riscv:rv32</architecture>"
          "<osabi>none</osabi><feature name=\"org.gnu.gdb.riscv.cpu\">",
          out);
    for (int k = 0; k < 32; k++)
        put_register(out, pg32_x_names[k], k,
                     k == 1             ? "code_ptr"
                     : k >= 2 && k <= 4 ? "data_ptr"
                                        : "int");
    put_register(out, "pc", GDB_PC, "code_ptr");
    fputs("</feature><feature name=\"trapeze.pg32\">", out);
    put_types(out);
    put_register(out, "status", GDB_STATUS, "status");
    put_register(out, "l", GDB_L, "uint32");
    put_register(out, "b", GDB_B, "uint32");
    put_register(out, "T", GDB_T, "uint32");
    put_register(out, "pending", GDB_PENDING, "uint32");
    fputs("</feature></target>", out);
}

const char *gdb_target(void)
{
    static char *text;
    static size_t size;

    if (text == NULL) {
        FILE *out = text_open(&text, &size);
        put_target(out);
        text_close(out);
    }
    return text;
}

uint32_t gdb_register(const struct machine *m, unsigned number)
{
    const struct pg32 *s = &m->s;

    switch (number) {
    case GDB_PC: return s->P;
    case GDB_STATUS: return (pg32_load_4(s, 0) & 0xff00) | (uint32_t)s->IE << 1 | s->M;
    case GDB_L: return s->l;
    case GDB_B: return s->b;
    case GDB_T: return s->T;
    case GDB_PENDING: return s->pending;
    default: return number < 32 ? s->x[number] : 0;
    }
}

static void set_bit(struct debugger *d, size_t offset, uint32_t value)
{
    const uint8_t bit = value & 1;

    debugger_set_processor(d, offset, &bit, 1);
}

static void set_word(struct debugger *d, size_t offset, uint32_t value)
{
    debugger_set_processor(d, offset, &value, sizeof value);
}

void gdb_set_register(struct debugger *d, unsigned number, uint32_t value)
{
    if (gdb_register(d->g->m, number) == value) return; // no change, and no new future
    switch (number) {
    case 0: break;
    case GDB_PC: set_word(d, offsetof(struct pg32, P), value); break;
    case GDB_STATUS:
        set_bit(d, offsetof(struct pg32, M), value);
        set_bit(d, offsetof(struct pg32, IE), value >> 1);
        break;
    case GDB_L: set_word(d, offsetof(struct pg32, l), value); break;
    case GDB_B: set_word(d, offsetof(struct pg32, b), value); break;
    case GDB_T: set_word(d, offsetof(struct pg32, T), value); break;
    case GDB_PENDING: set_bit(d, offsetof(struct pg32, pending), value); break;
    default:
        if (number < 32) set_word(d, offsetof(struct pg32, x) + 4 * (size_t)number, value);
    }
}
