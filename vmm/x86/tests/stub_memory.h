// SPDX-License-Identifier: MIT
// What is in a stub's memory before it runs, on a virtual machine and on the bare one alike.
#ifndef TRAPEZE_VMM_X86_TESTS_STUB_MEMORY_H
#define TRAPEZE_VMM_X86_TESTS_STUB_MEMORY_H

#include "vmm/x86/guests/stub.h"

#include <stdbool.h>

enum stub_mode { STUB_REAL, STUB_PROTECTED, STUB_LONG };

// What GDTR and IDTR are to say, and the mode that the stub's name for it means.
struct stub_tables {
    enum stub_mode mode;
    uint64_t gdt, idt;
    uint16_t gdt_limit, idt_limit;
};

// Where [guest, guest + size) of the machine's memory is to be written; at most a page, and within
// one.
typedef void *stub_at(void *machine, uint64_t guest, uint64_t size);

// Fills zeroed memory with the stub's code, descriptors, vectors and page tables. Panics where the
// stub's mode has no such name.
struct stub_tables stub_fill(const struct stub *s, stub_at *at, void *machine);

bool text_same(const char *a, const char *b);
bool text_begins(const char *text, const char *prefix);

#endif
