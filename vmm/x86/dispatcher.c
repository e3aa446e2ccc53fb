// SPDX-License-Identifier: MIT
// The table from exit reasons to routines, and the dump in which all else ends.

#include "vmm/x86/dispatcher.h"

#include "vmm/x86/allocator.h"
#include "vmm/x86/console.h"
#include "vmm/x86/doctor.h"
#include "vmm/x86/exits/routines.h"
#include "vmm/x86/print.h"
#include "vmm/x86/vmx.h"

enum { REASON_NUMBER = 0xffff };
#define REASON_ENTRY_FAILED (UINT64_C(1) << 31)

struct exit {
    const char *name;
    routine *routine; // null: the guest ends in a dump
};

// SDM 3D, appendix C.
static const struct exit exits[EXIT_REASONS] = {
    [0] = {"exception", v_exception},
    [1] = {"external-interrupt", v_external_interrupt},
    [2] = {"triple-fault", v_triple_fault},
    [3] = {"init", NULL},
    [4] = {"start-up-ipi", NULL},
    [7] = {"interrupt-window", v_interrupt_window},
    [8] = {"nmi-window", NULL},
    [9] = {"task-switch", NULL},
    [10] = {"cpuid", v_cpuid},
    [11] = {"getsec", v_undefined},
    [12] = {"hlt", v_hlt},
    [13] = {"invd", v_caches},
    [14] = {"invlpg", NULL},
    [15] = {"rdpmc", v_rdpmc},
    [16] = {"rdtsc", NULL},
    [17] = {"rsm", v_undefined},
    [18] = {"vmcall", v_undefined},
    [19] = {"vmclear", v_undefined},
    [20] = {"vmlaunch", v_undefined},
    [21] = {"vmptrld", v_undefined},
    [22] = {"vmptrst", v_undefined},
    [23] = {"vmread", v_undefined},
    [24] = {"vmresume", v_undefined},
    [25] = {"vmwrite", v_undefined},
    [26] = {"vmxoff", v_undefined},
    [27] = {"vmxon", v_undefined},
    [28] = {"control-register", v_control_register},
    [29] = {"debug-register", NULL},
    [30] = {"io", v_io},
    [31] = {"rdmsr", v_rdmsr},
    [32] = {"wrmsr", v_wrmsr},
    [33] = {"entry-failed-guest-state", NULL},
    [34] = {"entry-failed-msr", NULL},
    [36] = {"mwait", v_undefined},
    [37] = {"monitor-trap-flag", NULL},
    [39] = {"monitor", v_undefined},
    [40] = {"pause", NULL},
    [41] = {"entry-failed-machine-check", NULL},
    [43] = {"tpr-below-threshold", NULL},
    [44] = {"apic-access", NULL},
    [46] = {"gdtr-or-idtr", NULL},
    [47] = {"ldtr-or-tr", NULL},
    [48] = {"ept-violation", v_ept_violation},
    [49] = {"ept-misconfiguration", NULL},
    [50] = {"invept", v_undefined},
    [51] = {"rdtscp", NULL},
    [52] = {"preemption-timer", v_preemption_timer},
    [53] = {"invvpid", v_undefined},
    [54] = {"wbinvd", v_caches},
    [55] = {"xsetbv", v_xsetbv},
    [56] = {"apic-write", NULL},
    [57] = {"rdrand", NULL},
    [58] = {"invpcid", NULL},
    [59] = {"vmfunc", v_undefined},
    [61] = {"rdseed", NULL},
    [62] = {"page-log-full", NULL},
    [63] = {"xsaves", NULL},
    [64] = {"xrstors", NULL},
};

const char *exit_name(unsigned reason)
{
    return reason < EXIT_REASONS && exits[reason].name != NULL ? exits[reason].name : "unknown";
}

void exits_text(const struct vm *v, char *to, unsigned room)
{
    unsigned length = 0;

    to[0] = 0;
    for (unsigned i = 0; i < EXIT_REASONS; i++)
        if (v->exits[i] != 0)
            length += (unsigned)print_into(to + length, room - length, "%s%s:%lu",
                                           length == 0 ? "" : ",", exit_name(i), v->exits[i]);
}

static void print_state(const struct vm *v)
{
    static const char *const general[GENERAL] = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
        "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15",
    };
    static const char *const segments[SEGMENTS] = {"es", "cs", "ss",   "ds",
                                                   "fs", "gs", "ldtr", "tr"};

    print("  rip %lx rflags %lx cr0 %lx (%lx) cr2 %lx cr3 %lx cr4 %lx (%lx) efer %lx\n",
          vmcs_read(GUEST_RIP), vmcs_read(GUEST_RFLAGS), vmcs_read(GUEST_CR0),
          vmcs_read(CR0_SHADOW), v->g.cr2, vmcs_read(GUEST_CR3), vmcs_read(GUEST_CR4),
          vmcs_read(CR4_SHADOW), vmcs_read(GUEST_EFER));
    for (unsigned i = 0; i < GENERAL; i++)
        print("%s %3s %016lx%s", i % 4 == 0 ? " " : "", general[i],
              i == RSP ? vmcs_read(GUEST_RSP) : v->g.r[i], i % 4 == 3 ? "\n" : "");
    for (enum segment n = 0; n < SEGMENTS; n++)
        print("%s %4s %04lx base %lx limit %lx rights %lx%s", n % 2 == 0 ? " " : ";", segments[n],
              vmcs_read(segment_selector(n)), vmcs_read(segment_base(n)),
              vmcs_read(segment_limit(n)), vmcs_read(segment_rights(n)), n % 2 == 1 ? "\n" : "");
}

// The one place where all ends that no routine knows.
static enum vm_end unhandled(const struct vm *v, uint64_t reason)
{
    if (v->quiet) return VM_UNHANDLED;
    console_drain();
    print("vmm: %s: no routine for exit %lu (%s), qualification %lx, guest-physical %lx, "
          "instruction of %lu bytes\n",
          v->name, reason & REASON_NUMBER, exit_name(reason & REASON_NUMBER),
          vmcs_read(EXIT_QUALIFICATION), vmcs_read(GUEST_PHYSICAL_ADDRESS),
          vmcs_read(INSTRUCTION_LENGTH));
    print_state(v);
    return VM_UNHANDLED;
}

// An exit while an event was on its way to the guest: it is sent again (SDM 3C, 27.2.4).
static void send_again(struct vm *v)
{
    const uint64_t event = vmcs_read(VECTORING_EVENT);

    if (!(event & EVENT_VALID) || v->injecting) return;
    vmcs_write(ENTRY_EVENT, event & ~(uint64_t)EVENT_NMI_UNBLOCK);
    if (event & EVENT_HAS_CODE) vmcs_write(ENTRY_ERROR_CODE, vmcs_read(VECTORING_ERROR_CODE));
    if ((event & EVENT_TYPE) >= EVENT_SOFTWARE)
        vmcs_write(ENTRY_INSTRUCTION_LENGTH, vmcs_read(INSTRUCTION_LENGTH));
    v->injecting = true;
}

enum vm_end dispatch(struct vm *v)
{
    const uint64_t reason = vmcs_read(EXIT_REASON);
    const unsigned number = reason & REASON_NUMBER;

    if (reason & REASON_ENTRY_FAILED) return entry_failed(v, 0);
    if (number < EXIT_REASONS) v->exits[number]++;
    if (number >= EXIT_REASONS || exits[number].routine == NULL) return unhandled(v, reason);
    const enum vm_end end = exits[number].routine(v);
    if (end == VM_UNHANDLED) return unhandled(v, reason);
    if (end == VM_RESET && v->board != NULL && !v->quiet) {
        console_drain();
        print("\nvmm: %s: %s, at\n", v->name, exit_name(number));
        print_state(v);
    }
    if (end == VM_RUNS) send_again(v);
    return end;
}

enum { DIAGNOSES = 8 };

static size_t examine(const struct vm *v, struct diagnosis *found)
{
    static struct vmcs_image image;

    vmcs_read_all(&image);
    return doctor_examine(&image, v->capabilities, found, DIAGNOSES);
}

static void print_diagnoses(const struct diagnosis *found, size_t count)
{
    for (size_t i = 0; i < count && i < DIAGNOSES; i++) {
        print("  %s = %lx: %s", vmcs_name(found[i].field), found[i].value, found[i].rule);
        if (found[i].wrong != 0) print(", see %lx", found[i].wrong);
        print(" (SDM 3C, %s)\n", found[i].section);
    }
    if (count > DIAGNOSES) print("  and %lu more\n", count - DIAGNOSES);
    if (count == 0) print("  the doctor finds nothing wrong with controls, host and guest state\n");
}

enum vm_end entry_failed(struct vm *v, unsigned how)
{
    if (how == 1) {
        print("vmm: %s: VM entry failed: there is no current VMCS\n", v->name);
        return VM_FAILED;
    }
    if (how == 2)
        print("vmm: %s: VM entry failed: error %lu\n", v->name, vmcs_read(INSTRUCTION_ERROR));
    else
        print("vmm: %s: VM entry failed: %s, qualification %lx\n", v->name,
              exit_name(vmcs_read(EXIT_REASON) & REASON_NUMBER), vmcs_read(EXIT_QUALIFICATION));
    struct diagnosis found[DIAGNOSES];
    print_diagnoses(found, examine(v, found));
    print_state(v);
    return VM_FAILED;
}

enum vm_end entry_examine(struct vm *v)
{
    struct diagnosis found[DIAGNOSES];
    const size_t count = examine(v, found);

    if (count == 0) return VM_RUNS;
    if (v->quiet) return VM_FAILED;
    console_drain();
    print("vmm: %s: not entered: the doctor finds what VM entry would refuse\n", v->name);
    print_diagnoses(found, count);
    print_state(v);
    return VM_FAILED;
}
