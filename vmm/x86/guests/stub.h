// SPDX-License-Identifier: MIT
// A guest of a few instructions, what it must exit for, and what it must have computed. They are
// written in assembly with the macro of stub.inc; the rows lie between stubs_start and stubs_end.
#ifndef TRAPEZE_VMM_X86_GUESTS_STUB_H
#define TRAPEZE_VMM_X86_GUESTS_STUB_H

#include <stdint.h>

// On the bare machine: the same RAX and end; this other RAX, or one that depends on the processor's
// model, and halted; or it cannot run there.
enum stub_bare { BARE_SAME, BARE_DIFFERS, BARE_OTHER, BARE_NONE };

struct stub {
    const char *name;  // exit or instruction, what of it, mode
    const char *mode;  // real, protected, long
    const char *exits; // as exits_text says it
    const char *end;   // halted, idle, reset, unhandled
    const char *code;
    uint64_t size;
    uint64_t rax;  // at the end
    uint64_t most; // not 0: rax may be less
    uint64_t bare; // enum stub_bare
    uint64_t bare_rax;
};

extern const struct stub stubs_start[], stubs_end[];

// Those that share the processor with others; see sharing.S.
extern const struct stub shared_start[], shared_end[];

// Where things are in a stub's memory; stub.inc has the same.
enum {
    STUB_GDT = 0x500,
    STUB_IDT = 0x1000,    // real mode's vectors are at 0
    STUB_LEVEL4 = 0x3000, // the page tables: the first GiB where it is
    STUB_LEVEL3 = 0x4000,
    STUB_LEVEL2 = 0x5000,
    STUB_STACK = 0x7000, // its upper end
    STUB_CODE = 0x8000,
    STUB_VECTORS = 0xc000,
    STUB_DATA = 0xd000,
    STUB_HOLE = 0xa0000, // memory that is not there, 64 KiB
    STUB_HOLE_SIZE = 0x10000,
    STUB_MEMORY = 6 << 20,
    STUB_PORT_INTERRUPT = 0x7f0, // a byte written there is an interrupt's vector
    STUB_PORT_TICK = 0x7f1,      // a write there makes the real timer interrupt, once
    STUB_PORT_ECHO = 0x7f4,      // reads as what was written last, inverted
};

// vectors.S: what takes interrupts and exceptions in each mode, an entry each 16 bytes. An entry
// puts its vector into EBP; an exception's goes to EDI, an interrupt's returns.
enum { STUB_VECTOR_COUNT = 64, STUB_VECTOR_SIZE = 16 };
extern const char vectors_real[], vectors_protected[], vectors_long[], vectors_end[];

#endif
