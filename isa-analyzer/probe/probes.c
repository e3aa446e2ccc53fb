// SPDX-License-Identifier: MIT
// The pieces of code: each system instruction of x86-32.isa, with operands that are legal in ring 3
// where there are such, and what it left behind in words.
#include "isa-analyzer/probe/probe.h"

#include <inttypes.h>
#include <stdio.h>

// ---------------------------------------------------------------- what came back

static void tell_table(const struct probe_values *v, char *out, size_t size)
{
    uint32_t const limit = v->memory[0] & 0xffff;
    uint32_t const base = v->memory[0] >> 16 | v->memory[1] << 16;
    snprintf(out, size, "base %08" PRIx32 ", limit %04" PRIx32, base, limit);
}

static void tell_eax(const struct probe_values *v, char *out, size_t size)
{
    snprintf(out, size, "%08" PRIx32, v->eax);
}

static void tell_selector(const struct probe_values *v, char *out, size_t size)
{
    snprintf(out, size, "selector %04" PRIx32 ", of ring %" PRIu32, v->eax & 0xffff, v->eax & 3);
}

static void tell_system_selector(const struct probe_values *v, char *out, size_t size)
{
    snprintf(out, size, "selector %04" PRIx32, v->eax & 0xffff);
}

static void tell_flags(const struct probe_values *v, char *out, size_t size)
{
    snprintf(out, size, "IF %d, IOPL %d", (int)(v->eax >> 9 & 1), (int)(v->eax >> 12 & 3));
}

static void tell_popf(const struct probe_values *v, char *out, size_t size)
{
    snprintf(out, size, "IF was to be 0 and is %d", (int)(v->eax >> 9 & 1));
}

static void tell_zero(const struct probe_values *v, char *out, size_t size)
{
    snprintf(out, size, "ZF %d, %08" PRIx32, (int)(v->flags >> 6 & 1), v->eax);
}

static void tell_zero_only(const struct probe_values *v, char *out, size_t size)
{
    snprintf(out, size, "ZF %d", (int)(v->flags >> 6 & 1));
}

static void tell_time(const struct probe_values *v, char *out, size_t size)
{
    snprintf(out, size, "%016" PRIx64, (uint64_t)v->edx << 32 | v->eax);
}

static void tell_done(const struct probe_values *v, char *out, size_t size)
{
    (void)v;
    snprintf(out, size, "done");
}

// ---------------------------------------------------------------- the code

// mov eax, 1 (exit); mov ebx, 77: what a code that enters the kernel asks for.
#define ASK_TO_EXIT 0xb8, 1, 0, 0, 0, 0xbb, 77, 0, 0, 0
// call the next instruction; pop its address; and so on: the address behind these 4 + n bytes.
#define HERE_PLUS(n) 0xe8, 0, 0, 0, 0, 0x59, 0x83, 0xc1, (n) // ecx := address of pop + n

#define CODE(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

const struct probe probes[] = {
    // The tables and the machine status word, stored.
    {"sgdt", NULL, "sgdt [esi]", CODE(0x0f, 0x01, 0x06), false, tell_table},
    {"sidt", NULL, "sidt [esi]", CODE(0x0f, 0x01, 0x0e), false, tell_table},
    {"sldt", NULL, "sldt eax", CODE(0x0f, 0x00, 0xc0), false, tell_system_selector},
    {"str", NULL, "str eax", CODE(0x0f, 0x00, 0xc8), false, tell_system_selector},
    {"smsw", NULL, "smsw eax", CODE(0x0f, 0x01, 0xe0), false, tell_eax},
    // Loaded.
    {"lgdt", NULL, "lgdt [esi]", CODE(0x0f, 0x01, 0x16), false, tell_done},
    {"lidt", NULL, "lidt [esi]", CODE(0x0f, 0x01, 0x1e), false, tell_done},
    {"lldt", NULL, "lldt ax", CODE(0x0f, 0x00, 0xd0), false, tell_done},
    {"ltr", NULL, "ltr ax", CODE(0x0f, 0x00, 0xd8), false, tell_done},
    {"lmsw", NULL, "lmsw ax", CODE(0x0f, 0x01, 0xf0), false, tell_done},
    // Flags: pushf; pop eax. And with IF cleared: ... and eax, ~0x200; push eax; popf; pushf; pop
    // eax.
    {"pushf", NULL, "pushf", CODE(0x9c, 0x58), false, tell_flags},
    {"popf", NULL, "popf", CODE(0x9c, 0x58, 0x25, 0xff, 0xfd, 0xff, 0xff, 0x50, 0x9d, 0x9c, 0x58),
     false, tell_popf},
    {"cli", NULL, "cli", CODE(0xfa), false, tell_done},
    {"sti", NULL, "sti", CODE(0xfb), false, tell_done},
    // Descriptors: of the data segment (mov ecx, ds first).
    {"lar", NULL, "lar eax, ds", CODE(0x8c, 0xd9, 0x0f, 0x02, 0xc1), false, tell_zero},
    {"lsl", NULL, "lsl eax, ds", CODE(0x8c, 0xd9, 0x0f, 0x03, 0xc1), false, tell_zero},
    {"verr", NULL, "verr ds", CODE(0x8c, 0xd9, 0x0f, 0x00, 0xe1), false, tell_zero_only},
    {"verw", NULL, "verw ds", CODE(0x8c, 0xd9, 0x0f, 0x00, 0xe9), false, tell_zero_only},
    // Segment registers.
    {"push_seg", NULL, "push cs", CODE(0x0e, 0x58), false, tell_selector},
    {"pop_seg", NULL, "pop es, null", CODE(0x6a, 0x00, 0x07), false, tell_done},
    {"mov_from_seg", "segment=cs", "mov eax, cs", CODE(0x8c, 0xc8), false, tell_selector},
    {"mov_to_seg", "segment=es", "mov es, ax, null", CODE(0x8e, 0xc0), false, tell_done},
    {"les", NULL, "les eax, [esi], null", CODE(0xc4, 0x06), false, tell_done},
    {"lds", NULL, "lds eax, [esi], null", CODE(0x1e, 0xc5, 0x06, 0x1f), false,
     tell_done}, // push ds; lds; pop ds
    {"lfs", NULL, "lfs eax, [esi], null", CODE(0x0f, 0xb4, 0x06), false, tell_done},
    {"lgs", NULL, "lgs eax, [esi], null", CODE(0x0f, 0xb5, 0x06), false, tell_done},
    // lss eax, [esp] of ss itself: push ss; push 0; lss eax, [esp]; add esp, 8
    {"lss", NULL, "lss eax, [esp]",
     CODE(0x16, 0x6a, 0x00, 0x0f, 0xb2, 0x04, 0x24, 0x83, 0xc4, 0x08), false, tell_done},
    // Transfers between segments, within this ring: push cs; push the address behind; then each.
    {"ret_far", NULL, "retf to cs", CODE(HERE_PLUS(7), 0x0e, 0x51, 0xcb), false, tell_done},
    {"iret", NULL, "iret to cs", CODE(HERE_PLUS(8), 0x9c, 0x0e, 0x51, 0xcf), false, tell_done},
    {"jmp_far_memory", NULL, "jmp far to cs",
     CODE(HERE_PLUS(13), 0x89, 0x0e, 0x8c, 0x4e, 0x04, 0xff, 0x2e, 0x90, 0x90), false, tell_done},
    {"call_far_memory", NULL, "call far to cs",
     CODE(HERE_PLUS(13), 0x89, 0x0e, 0x8c, 0x4e, 0x04, 0xff, 0x1e, 0x90, 0x90, 0x83, 0xc4, 0x08),
     false, tell_done},
    // Into the kernel: by the gate that Linux has for it, by one it keeps to itself, and directly.
    {"int", NULL, "int 0x80", CODE(ASK_TO_EXIT, 0xcd, 0x80), true, tell_done},
    {"int", NULL, "int 0x42", CODE(0xcd, 0x42), true, tell_done},
    {"sysenter", NULL, "sysenter", CODE(ASK_TO_EXIT, 0x0f, 0x34), true, tell_done},
    // Control and debug registers.
    {"mov_from_cr", "control=cr0", "mov eax, cr0", CODE(0x0f, 0x20, 0xc0), false, tell_eax},
    {"mov_to_cr", "control=cr0", "mov cr0, eax", CODE(0x0f, 0x22, 0xc0), false, tell_done},
    {"mov_from_dr", NULL, "mov eax, dr7", CODE(0x0f, 0x21, 0xf8), false, tell_eax},
    {"mov_to_dr", NULL, "mov dr7, eax", CODE(0x0f, 0x23, 0xf8), false, tell_done},
    {"clts", NULL, "clts", CODE(0x0f, 0x06), false, tell_done},
    // The processor.
    {"hlt", NULL, "hlt", CODE(0xf4), false, tell_done},
    {"invd", NULL, "invd", CODE(0x0f, 0x08), false, tell_done},
    {"wbinvd", NULL, "wbinvd", CODE(0x0f, 0x09), false, tell_done},
    {"invlpg", NULL, "invlpg [esi]", CODE(0x0f, 0x01, 0x3e), false, tell_done},
    {"rdmsr", NULL, "rdmsr 0x10", CODE(0xb9, 0x10, 0, 0, 0, 0x0f, 0x32), false, tell_time},
    {"wrmsr", NULL, "wrmsr 0x10", CODE(0xb9, 0x10, 0, 0, 0, 0x0f, 0x30), false, tell_done},
    {"rdtsc", NULL, "rdtsc", CODE(0x0f, 0x31), false, tell_time},
    {"rdpmc", NULL, "rdpmc 0", CODE(0x31, 0xc9, 0x0f, 0x33), false, tell_time},
    {"cpuid", NULL, "cpuid 0", CODE(0x53, 0x0f, 0xa2, 0x5b), false, tell_eax},
    // Input and output: the delay port, which nothing listens to.
    {"in", NULL, "in eax, 0x80", CODE(0xe5, 0x80), false, tell_eax},
    {"out", NULL, "out 0x80, eax", CODE(0xe7, 0x80), false, tell_done},
};

const size_t probes_n = sizeof probes / sizeof *probes;
