// SPDX-License-Identifier: MIT
// The monitor's IDT, and the dump in which an exception of its own ends.

#include "vmm/x86/traps.h"

#include "vmm/x86/cpu.h"
#include "vmm/x86/print.h"
#include "vmm/x86/shutdown.h"

#include <stdarg.h>

// trap_entry.S: an entry for each exception, TRAP_ENTRY_SIZE bytes apart.
enum { TRAP_ENTRY_SIZE = 16 };
extern const char trap_entries[];

// As the entries push it (SDM 3A, 6.14.2).
struct trap_frame {
    uint64_t r[15]; // rax, rbx, rcx, rdx, rsi, rdi, rbp, r8 to r15
    uint64_t vector, error, rip, cs, rflags, rsp, ss;
};

void trap(const struct trap_frame *f);

uint64_t idt[32][2] __attribute__((aligned(16)));
uint64_t task_state[13] __attribute__((aligned(16)));

void traps_open(void)
{
    for (uint64_t n = 0; n < 32; n++) {
        const uint64_t at = (uint64_t)trap_entries + n * TRAP_ENTRY_SIZE;
        idt[n][0] = (at & 0xffff) | SELECTOR_CODE << 16 | UINT64_C(0x8e00) << 32 |
                    (at >> 16 & 0xffff) << 48;
        idt[n][1] = at >> 32;
    }
    const struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) table = {sizeof idt - 1, (uint64_t)idt};
    __asm__ volatile("lidt %0" : : "m"(table));

    const uint64_t base = (uint64_t)task_state;
    gdt[3] = (sizeof task_state - 1) | (base & 0xffffff) << 16 | UINT64_C(0x89) << 40 |
             (base >> 24 & 0xff) << 56;
    gdt[4] = base >> 32;
    __asm__ volatile("ltr %w0" : : "r"(SELECTOR_TASK));

    out8(0x21, 0xff);
    out8(0xa1, 0xff);
}

void trap(const struct trap_frame *f)
{
    static const char *const names[] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8",
                                        "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

    print("vmm: exception %lu (error code %lx) in the monitor itself, at rip %lx\n", f->vector,
          f->error, f->rip);
    print("  cs %lx rflags %lx rsp %lx ss %lx cr2 %lx cr3 %lx\n", f->cs, f->rflags, f->rsp, f->ss,
          read_cr2(), read_cr3());
    for (unsigned i = 0; i < 15; i++)
        print("%s %3s %016lx%s", i % 4 == 0 ? " " : "", names[i], f->r[i],
              i % 4 == 3 || i == 14 ? "\n" : "");
    shutdown(64);
}

void panic_at(const char *file, int line, const char *text, ...)
{
    char reason[160];
    va_list arguments;

    va_start(arguments, text);
    print_into_list(reason, sizeof reason, text, arguments);
    va_end(arguments);
    print("vmm: %s:%d: %s\n", file, line, reason);
    shutdown(64);
}
