// SPDX-License-Identifier: MIT
// The monitor's guests on the bare machine, which is all theirs: the stubs, each of which must do
// there what its row says; and the demonstration's guest.

#include "vmm/guests/memory.h"
#include "vmm/x86/bare/smm.h"
#include "vmm/x86/boot/multiboot.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/print.h"
#include "vmm/x86/shutdown.h"
#include "vmm/x86/tests/stub_memory.h"
#include "vmm/x86/traps.h"

// Called by boot/entry.S; does not return.
void monitor_main(uint32_t magic, const struct multiboot_information *information);

extern const char tour_start[], tour_end[]; // guests/tour.S

enum { LOW_MEMORY = STUB_HOLE, HIGH_MEMORY = 1 << 20, TOUR_CODE = 0x8000, SLICES = 50 };

// What outlives a reset of the machine, at 31 MiB: which stub has been running.
struct survivor {
    uint64_t mark, stub, counts[4];
};
static struct survivor *const survivor = (struct survivor *)(uintptr_t)0x1f00000;
#define SURVIVOR_MARK UINT64_C(0x7472617065736531)

// ------------------------------------------------------------------ the state

static void clear(uint64_t from, uint64_t to)
{
    uint64_t words = (to - from) / 8;
    __asm__ volatile("rep stosq" : "+D"(from), "+c"(words) : "a"(0) : "memory");
}

static void *at(void *machine, uint64_t guest, uint64_t size)
{
    (void)machine, (void)size;
    return (void *)guest;
}

static struct smm_segment segment(uint16_t selector, uint32_t limit, uint16_t rights)
{
    return (struct smm_segment){.selector = selector, .rights = rights | SMM_VALID, .limit = limit};
}

static void data_segments(struct smm_state *s, struct smm_segment all)
{
    s->ds = s->es = s->fs = s->gs = s->ss = all;
}

// After reset (SDM 3A, table 9-1) but for RIP, as vm_create has it.
static void state_after_reset(struct smm_state *s, uint64_t rip)
{
    memset(s, 0, sizeof *s);
    s->cs = segment(0, 0xffff, 0x9b);
    data_segments(s, segment(0, 0xffff, 0x93));
    s->ldtr = segment(0, 0xffff, 0x82);
    s->tr = segment(0, 0xffff, 0x8b);
    s->gdtr.limit = s->idtr.limit = 0xffff;
    s->cr0 = CR0_CD | CR0_NW | CR0_ET;
    s->dr6 = 0xffff0ff0;
    s->dr7 = 0x400;
    s->rflags = FLAG_1;
    s->rip = rip;
    s->r[SMM_RDX] = cpuid(1, 0).eax;
}

// As vm_set_protected and vm_set_long.
static void state_of_stub(struct smm_state *s, const struct stub_tables *t)
{
    state_after_reset(s, STUB_CODE);
    s->gdtr.base = t->gdt;
    s->gdtr.limit = t->gdt_limit;
    s->idtr.base = t->idt;
    s->idtr.limit = t->idt_limit;
    s->r[SMM_RSP] = STUB_STACK;
    if (t->mode == STUB_REAL) return;
    s->cs = segment(0x08, 0xffffffff, 0xc09b);
    data_segments(s, segment(0x10, 0xffffffff, 0xc093));
    s->cr0 = CR0_PE | CR0_ET | CR0_NE;
    if (t->mode == STUB_PROTECTED) return;
    s->cs = segment(0x18, 0xffffffff, 0xa09b);
    s->cr0 |= CR0_PG;
    s->cr3 = STUB_LEVEL4;
    s->cr4 = CR4_PAE;
    s->efer = EFER_LME | EFER_LMA;
}

// What an SMI does not save, and a guest before this one may have changed.
static void reset_the_rest(void)
{
    static const uint32_t zero[] = {MSR_STAR,         MSR_LSTAR,        MSR_CSTAR,
                                    MSR_FMASK,        MSR_SYSENTER_CS,  MSR_SYSENTER_ESP,
                                    MSR_SYSENTER_EIP, MSR_MTRR_DEFAULT, MSR_KERNEL_GS_BASE};
    static const uint8_t empty[576] __attribute__((aligned(64))) = {[24] = 0x80, [25] = 0x1f};
    const uint64_t none = 0;

    for (unsigned i = 0; i < sizeof zero / sizeof zero[0]; i++) wrmsr(zero[i], 0);
    wrmsr(MSR_PAT, UINT64_C(0x0007040600070406));
    if (cpuid(0x80000001, 0).edx & 1 << 27) wrmsr(MSR_TSC_AUX, 0);
    __asm__ volatile("mov %0, %%dr0; mov %0, %%dr1; mov %0, %%dr2; mov %0, %%dr3; mov %0, %%cr2; "
                     "mov %0, %%cr8"
                     :
                     : "r"(none));
    if (read_cr4() & CR4_OSXSAVE) {
        xsetbv(cpuid(0xd, 0).eax);
        __asm__ volatile("xrstor64 %0" : : "m"(empty), "a"(-1), "d"(-1));
        xsetbv(1);
    } else {
        __asm__ volatile("fxrstor64 %0" : : "m"(empty));
    }
}

// ------------------------------------------------------------------ runs

// Whether it waits behind a HLT. Guests have their memory where it is, whatever page tables are on.
static bool halted(const struct smm_state *s)
{
    const uint64_t at = s->cs.base + s->rip - 1;

    return at < STUB_MEMORY && *(const uint8_t *)at == 0xf4;
}

static const char *run(struct smm_state *s)
{
    for (unsigned i = 0; i < SLICES; i++) {
        smm_run(s);
        if (halted(s)) return s->rflags & FLAG_IF ? "idle" : "halted";
    }
    return "runs";
}

enum { SAME, DIFFERENT, NOWHERE, FAILED };

static bool as_its_row_says(const struct stub *s, const char *end, uint64_t rax)
{
    if (s->bare == BARE_DIFFERS) return text_same(end, "halted") && rax == s->bare_rax;
    if (s->bare == BARE_OTHER) return text_same(end, "halted");
    if (!text_same(end, s->end)) return false;
    return text_same(end, "reset") || rax == s->rax || (s->most && rax < s->rax);
}

static unsigned report(const struct stub *s, const char *end, uint64_t rax)
{
    const bool ok = as_its_row_says(s, end, rax), same = s->bare == BARE_SAME;

    print("vtx-bare %s %s end=%s", s->name, !ok ? "not-ok:" : same ? "same" : "differs", end);
    if (!text_same(end, "reset")) print(" rax=%lx", rax); // which a reset leaves nothing of
    if (!ok)
        print(", expected end=%s rax=%lx", same ? s->end : "halted", same ? s->rax : s->bare_rax);
    print("\n");
    return !ok ? FAILED : same ? SAME : DIFFERENT;
}

static unsigned run_stub(const struct stub *stub)
{
    struct smm_state s;

    if (stub->bare == BARE_NONE) {
        print("vtx-bare %s none\n", stub->name);
        return NOWHERE;
    }
    clear(0, LOW_MEMORY);
    clear(HIGH_MEMORY, STUB_MEMORY);
    const struct stub_tables t = stub_fill(stub, at, NULL);
    state_of_stub(&s, &t);
    reset_the_rest();
    survivor->mark = SURVIVOR_MARK;
    survivor->stub = (uint64_t)(stub - stubs_start);
    const char *end = run(&s);
    survivor->mark = 0;
    return report(stub, end, s.r[SMM_RAX]);
}

static unsigned stubs(const char *prefix)
{
    const struct stub *s = stubs_start;
    uint64_t *const counts = survivor->counts;

    if (survivor->mark == SURVIVOR_MARK) {
        survivor->mark = 0;
        s += survivor->stub;
        counts[report(s, "reset", 0)]++;
        s++;
    } else {
        memset(counts, 0, sizeof survivor->counts);
    }
    for (; s < stubs_end; s++)
        if (text_begins(s->name, prefix)) counts[run_stub(s)]++;
    print("vtx-bares same=%lu differ=%lu none=%lu failed=%lu\n", counts[SAME], counts[DIFFERENT],
          counts[NOWHERE], counts[FAILED]);
    return counts[FAILED] > 0 || counts[SAME] + counts[DIFFERENT] + counts[NOWHERE] == 0;
}

// The machine's serial line is the guest's while it runs.
static unsigned tour(const char *prefix)
{
    struct smm_state s;

    (void)prefix;
    clear(0, LOW_MEMORY);
    clear(HIGH_MEMORY, STUB_MEMORY);
    memcpy((void *)(uintptr_t)TOUR_CODE, tour_start, (uint64_t)(tour_end - tour_start));
    state_after_reset(&s, TOUR_CODE);
    reset_the_rest();
    print("vtx-tour begins\n");
    print_flush();
    const char *end = run(&s);
    print("vtx-tour end=%s\n", end);
    return !text_same(end, "halted");
}

void monitor_main(uint32_t magic, const struct multiboot_information *information)
{
    static char copy[512]; // what it is a copy of is in the guests' memory
    const char *line = copy;

    print_open();
    traps_open();
    if (magic == MULTIBOOT_LOADED && information->flags & MULTIBOOT_HAS_COMMAND_LINE)
        print_into(copy, sizeof copy, "%s", (const char *)(uintptr_t)information->command_line);
    while (*line && *line != ' ') line++; // the image's name
    while (*line == ' ') line++;

    // Extended states are there to be reset; see vmx_open.
    write_cr4(read_cr4() | CR4_OSFXSR | (cpuid(1, 0).ecx & 1 << 26 ? CR4_OSXSAVE : 0));
    smm_open();
    if (text_same(line, "tour")) shutdown(tour(""));
    if (text_begins(line, "test")) {
        line += 4;
        while (*line == ' ') line++;
        shutdown(stubs(line));
    }
    print("bare: the command line says '%s'; say `test` and how a stub's name begins, or `tour`\n",
          line);
    shutdown(2);
}
