// SPDX-License-Identifier: MIT
// A virtual machine's VMCS, from reset to the loop that runs it.

#include "vmm/x86/vm.h"

#include "vmm/guests/memory.h"
#include "vmm/x86/allocator.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/devices/board.h"
#include "vmm/x86/dispatcher.h"
#include "vmm/x86/traps.h"
#include "vmm/x86/vmx.h"

extern const char vmx_exit[], stack_top[]; // enter.S, boot/entry.S

// What the guest may not have in the real registers, or not see there: it reads the shadow, and a
// change of these exits. CR4: all that a guest is not offered.
static const uint64_t cr0_owned = CR0_NE | CR0_NW | CR0_CD;
static const uint64_t cr4_owned = ~(UINT64_C(0xfff) | UINT64_C(0x770000));
// DE, PSE and so on to UMIP are bits 0 to 11; FSGSBASE, PCIDE, OSXSAVE, SMEP, SMAP, PKE 16 to 22.

// The state components that XSAVE may have: x87, SSE, AVX, AVX-512, protection keys.
enum { XCR0_OFFERED = 0x2e7 };

static void host_state(void)
{
    vmcs_write(HOST_CR0, read_cr0());
    vmcs_write(HOST_CR3, read_cr3());
    vmcs_write(HOST_CR4, read_cr4());
    vmcs_write(HOST_CS, SELECTOR_CODE);
    vmcs_write(HOST_SS, SELECTOR_DATA);
    vmcs_write(HOST_DS, SELECTOR_DATA);
    vmcs_write(HOST_ES, SELECTOR_DATA);
    vmcs_write(HOST_FS, 0);
    vmcs_write(HOST_GS, 0);
    vmcs_write(HOST_TR, SELECTOR_TASK);
    vmcs_write(HOST_FS_BASE, 0);
    vmcs_write(HOST_GS_BASE, 0);
    vmcs_write(HOST_TR_BASE, (uint64_t)task_state);
    vmcs_write(HOST_GDTR_BASE, (uint64_t)gdt);
    vmcs_write(HOST_IDTR_BASE, (uint64_t)idt);
    vmcs_write(HOST_SYSENTER_CS, 0);
    vmcs_write(HOST_SYSENTER_ESP, 0);
    vmcs_write(HOST_SYSENTER_EIP, 0);
    vmcs_write(HOST_EFER, rdmsr(MSR_EFER));
    vmcs_write(HOST_PAT, rdmsr(MSR_PAT));
    vmcs_write(HOST_RIP, (uint64_t)vmx_exit);
}

static void control_state(struct vm *v, const struct capabilities *c)
{
    v->processor_controls = controls_compute(c, PROCESSOR);
    v->processor2_controls = controls_compute(c, PROCESSOR2);
    vmcs_write(PIN_CONTROLS, controls_compute(c, PIN));
    vmcs_write(PROCESSOR_CONTROLS, v->processor_controls);
    vmcs_write(PROCESSOR2_CONTROLS, v->processor2_controls);
    vmcs_write(EXIT_CONTROLS, controls_compute(c, EXIT));
    vmcs_write(ENTRY_CONTROLS, controls_compute(c, ENTRY));
    vmcs_write(EXCEPTION_BITMAP, 1 << VECTOR_DB | 1 << VECTOR_AC);
    vmcs_write(PAGE_FAULT_MASK, 0);
    vmcs_write(PAGE_FAULT_MATCH, 0);
    vmcs_write(CR3_TARGET_COUNT, 0);
    vmcs_write(EXIT_MSR_STORE_COUNT, 0);
    vmcs_write(EXIT_MSR_LOAD_COUNT, 0);
    vmcs_write(ENTRY_MSR_LOAD_COUNT, 0);
    vmcs_write(ENTRY_EVENT, 0);
    vmcs_write(TSC_OFFSET, 0);
    vmcs_write(IO_BITMAP_A, (uint64_t)allocator_io_bitmaps());
    vmcs_write(IO_BITMAP_B, (uint64_t)allocator_io_bitmaps() + PAGE);
    vmcs_write(MSR_BITMAP, (uint64_t)allocator_msr_bitmap());
    vmcs_write(EPT_POINTER, ept_pointer(v->ept));
    if (v->processor2_controls & PROCESSOR2_VPID) vmcs_write(VPID, v->vpid);
    vmcs_write(CR0_MASK, cr0_owned);
    vmcs_write(CR4_MASK, vm_xcr0_offered() & XCR0_PKRU ? cr4_owned : cr4_owned | CR4_PKE);
}

static void set_segment(enum segment n, uint16_t selector, uint64_t base, uint32_t limit,
                        uint32_t rights)
{
    vmcs_write(segment_selector(n), selector);
    vmcs_write(segment_base(n), base);
    vmcs_write(segment_limit(n), limit);
    vmcs_write(segment_rights(n), rights);
}

enum { RIGHTS_CODE = 0x9b, RIGHTS_DATA = 0x93, RIGHTS_LDT = 0x82, RIGHTS_BUSY_TSS = 0x8b };

// After reset, SDM 3A, table 9-1.
static void guest_state(const struct capabilities *c, uint16_t ip)
{
    set_segment(SEGMENT_CS, 0, 0, 0xffff, RIGHTS_CODE);
    for (enum segment n = 0; n < SEGMENT_LDTR; n++)
        if (n != SEGMENT_CS) set_segment(n, 0, 0, 0xffff, RIGHTS_DATA);
    set_segment(SEGMENT_LDTR, 0, 0, 0xffff, RIGHTS_LDT);
    set_segment(SEGMENT_TR, 0, 0, 0xffff, RIGHTS_BUSY_TSS);
    vmcs_write(GUEST_GDTR_BASE, 0);
    vmcs_write(GUEST_GDTR_LIMIT, 0xffff);
    vmcs_write(GUEST_IDTR_BASE, 0);
    vmcs_write(GUEST_IDTR_LIMIT, 0xffff);
    vmcs_write(CR0_SHADOW, CR0_CD | CR0_NW | CR0_ET);
    vmcs_write(GUEST_CR0, CR0_ET | CR0_NE);
    vmcs_write(GUEST_CR3, 0);
    vmcs_write(CR4_SHADOW, 0);
    vmcs_write(GUEST_CR4, c->cr4_fixed0);
    vmcs_write(GUEST_DR7, 0x400);
    vmcs_write(GUEST_RSP, 0);
    vmcs_write(GUEST_RIP, ip);
    vmcs_write(GUEST_RFLAGS, FLAG_1);
    vmcs_write(GUEST_PENDING_DEBUG, 0);
    vmcs_write(GUEST_INTERRUPTIBILITY, 0);
    vmcs_write(GUEST_ACTIVITY, 0);
    vmcs_write(GUEST_DEBUGCTL, 0);
    vmcs_write(GUEST_EFER, 0);
    vmcs_write(GUEST_PAT, UINT64_C(0x0007040600070406));
    vmcs_write(GUEST_SYSENTER_CS, 0);
    vmcs_write(GUEST_SYSENTER_ESP, 0);
    vmcs_write(GUEST_SYSENTER_EIP, 0);
    vmcs_write(LINK_POINTER, UINT64_MAX);
}

void vm_create(struct vm *v, const struct capabilities *c, const char *name, uint64_t memory_size,
               uint64_t hole, uint64_t hole_size, uint16_t ip)
{
    static uint16_t vpid;

    memset(v, 0, sizeof *v);
    v->name = name;
    v->capabilities = c;
    v->memory_size = memory_size;
    if (++vpid == 0) vpid = 1; // 0 is the monitor's own
    v->vpid = vpid;
    v->xcr0 = 1;
    v->dr6 = 0xffff0ff0;
    v->apic_base = 0xfee00100; // the boot processor; its local APIC is off, and CPUID has none
    *(uint32_t *)(v->xsave + 24) = 0x1f80; // MXCSR
    v->misc_enable = MISC_FAST_STRINGS | MISC_NO_BTS | MISC_NO_PEBS;
    allocator_give_memory(v, hole, hole_size);
    v->vmcs = allocator_frame();
    *(uint32_t *)v->vmcs = vmx_revision();
    vmx_clear(v->vmcs);
    vmx_load(v->vmcs);
    host_state();
    control_state(v, c);
    guest_state(c, ip);
    v->g.r[RDX] = cpuid(1, 0).eax; // the processor's signature
    vmx_invalidate();
}

const char *vm_end_name(enum vm_end end)
{
    static const char *const names[] = {
        [VM_RUNS] = "runs",     [VM_HALTED] = "halted", [VM_IDLE] = "idle",
        [VM_OFF] = "off",       [VM_RESET] = "reset",   [VM_UNHANDLED] = "unhandled",
        [VM_FAILED] = "failed",
    };
    return names[end];
}

void vm_destroy(struct vm *v)
{
    if (v->loaded) vm_store(v);
    vmx_clear(v->vmcs);
    allocator_give_back(v->vmcs, PAGE);
    allocator_take_memory(v);
}

void vm_set_protected(uint64_t rip)
{
    set_segment(SEGMENT_CS, 0x08, 0, 0xffffffff, RIGHTS_CODE | RIGHTS_D | RIGHTS_G);
    for (enum segment n = 0; n < SEGMENT_LDTR; n++)
        if (n != SEGMENT_CS) set_segment(n, 0x10, 0, 0xffffffff, RIGHTS_DATA | RIGHTS_D | RIGHTS_G);
    vmcs_write(CR0_SHADOW, CR0_PE | CR0_ET | CR0_NE);
    vmcs_write(GUEST_CR0, CR0_PE | CR0_ET | CR0_NE);
    vmcs_write(GUEST_RIP, rip);
}

void vm_set_long(uint64_t rip, uint64_t cr3)
{
    vm_set_protected(rip);
    set_segment(SEGMENT_CS, 0x18, 0, 0xffffffff, RIGHTS_CODE | RIGHTS_L | RIGHTS_G);
    vmcs_write(CR0_SHADOW, CR0_PG | CR0_PE | CR0_ET | CR0_NE);
    vmcs_write(GUEST_CR0, CR0_PG | CR0_PE | CR0_ET | CR0_NE);
    vmcs_write(GUEST_CR3, cr3);
    vmcs_write(GUEST_CR4, vmcs_read(GUEST_CR4) | CR4_PAE);
    vmcs_write(GUEST_EFER, EFER_LME | EFER_LMA);
    vmcs_write(ENTRY_CONTROLS, vmcs_read(ENTRY_CONTROLS) | ENTRY_GUEST_64);
}

// ------------------------------------------------------------------ turns

static const uint32_t swapped[SWAPPED_MSRS] = {
    [SWAPPED_STAR] = MSR_STAR,
    [SWAPPED_LSTAR] = MSR_LSTAR,
    [SWAPPED_CSTAR] = MSR_CSTAR,
    [SWAPPED_FMASK] = MSR_FMASK,
    [SWAPPED_KERNEL_GS_BASE] = MSR_KERNEL_GS_BASE,
    [SWAPPED_TSC_AUX] = MSR_TSC_AUX,
};

static bool has(const struct vm *v, unsigned n)
{
    return n != SWAPPED_TSC_AUX || v->processor2_controls & PROCESSOR2_RDTSCP;
}

// A component of which CPUID does not say how large it is, is none: Bochs 2.7 knows protection
// keys, but not the size of their state.
uint64_t vm_xcr0_offered(void)
{
    static uint64_t offered;

    if (!(read_cr4() & CR4_OSXSAVE) || offered != 0) return offered;
    offered = cpuid(0xd, 0).eax & XCR0_OFFERED;
    for (uint32_t n = 2; n < 32; n++)
        if (offered >> n & 1 && cpuid(0xd, n).eax == 0) offered &= ~(UINT64_C(1) << n);
    return offered;
}

void vm_load(struct vm *v)
{
    const uint64_t all = vm_xcr0_offered();

    vmx_load(v->vmcs);
    for (unsigned n = 0; n < SWAPPED_MSRS; n++)
        if (has(v, n)) wrmsr(swapped[n], v->msrs[n]);
    if (all != 0) {
        xsetbv(all);
        __asm__ volatile("xrstor64 %0" : : "m"(v->xsave), "a"(-1), "d"(-1));
        xsetbv(v->xcr0);
    } else {
        __asm__ volatile("fxrstor64 %0" : : "m"(v->xsave));
    }
    __asm__ volatile("mov %0, %%dr0; mov %1, %%dr1; mov %2, %%dr2; mov %3, %%dr3; mov %4, %%dr6"
                     :
                     : "r"(v->dr[0]), "r"(v->dr[1]), "r"(v->dr[2]), "r"(v->dr[3]), "r"(v->dr6));
    v->loaded = true;
}

void vm_store(struct vm *v)
{
    const uint64_t all = vm_xcr0_offered();

    for (unsigned n = 0; n < SWAPPED_MSRS; n++)
        if (has(v, n)) v->msrs[n] = rdmsr(swapped[n]);
    if (all != 0) {
        v->xcr0 = xgetbv();
        xsetbv(all);
        __asm__ volatile("xsave64 %0" : "=m"(v->xsave) : "a"(-1), "d"(-1));
    } else {
        __asm__ volatile("fxsave64 %0" : "=m"(v->xsave));
    }
    __asm__ volatile("mov %%dr0, %0; mov %%dr1, %1; mov %%dr2, %2; mov %%dr3, %3; mov %%dr6, %4"
                     : "=r"(v->dr[0]), "=r"(v->dr[1]), "=r"(v->dr[2]), "=r"(v->dr[3]),
                       "=r"(v->dr6));
    v->loaded = false;
}

void vm_set_timed(struct vm *v)
{
    vmcs_write(PIN_CONTROLS, vmcs_read(PIN_CONTROLS) | PIN_PREEMPTION_TIMER);
    v->timed = true;
}

void vm_set_offset(struct vm *v, uint64_t offset)
{
    v->tsc_offset = offset;
    vmcs_write(TSC_OFFSET, offset);
}

uint64_t vm_time(const struct vm *v)
{
    return rdtsc() + v->tsc_offset;
}

// The preemption timer (SDM 3C, 25.5.1) counts down while the guest runs, at a rate that
// IA32_VMX_MISC has. A guest whose devices want something at once still gets some time, so that it
// comes on.
static void set_timer(struct vm *v)
{
    enum { MISC_RATE = 31, LEAST = 1000 };

    if (v->retime) {
        v->retime = false;
        v->wake = v->turn_end;
        if (v->board != NULL) {
            const uint64_t deadline = board_deadline(v->board);
            if (deadline != UINT64_MAX && deadline - v->tsc_offset < v->wake)
                v->wake = deadline - v->tsc_offset;
        }
    }
    const uint64_t now = rdtsc();
    const uint64_t left = v->wake > now + LEAST ? v->wake - now : LEAST;
    const uint64_t ticks = left >> (v->capabilities->misc & MISC_RATE);
    vmcs_write(GUEST_PREEMPTION_TIMER, ticks > UINT32_MAX ? UINT32_MAX : ticks);
}

void vm_turn(struct vm *v, uint64_t until)
{
    vm_load(v);
    v->turns++;
    v->turn_over = false;
    v->turn_end = until;
    v->retime = true;
    if (!v->launched) v->end = entry_examine(v);
    while (v->end == VM_RUNS && !v->turn_over) {
        vm_inject_waiting(v);
        if (v->timed) set_timer(v);
        const unsigned failed = vmx_enter(&v->g, v->launched);
        v->injecting = false;
        if (failed != 0) {
            v->end = entry_failed(v, failed);
        } else {
            v->launched = true;
            v->end = dispatch(v);
            if (v->asked != VM_RUNS) v->end = v->asked;
            // Exits without end are no way to keep the processor.
            if (v->timed && rdtsc() >= v->turn_end) v->turn_over = true;
        }
    }
    vm_store(v);
}

void vm_sleep(struct vm *v, uint64_t until)
{
    enum { ACTIVE = 0, HALTED = 1 };

    vmx_load(v->vmcs);
    vmcs_write(GUEST_ACTIVITY, HALTED);
    vm_turn(v, until);
    vmcs_write(GUEST_ACTIVITY, ACTIVE);
}

void vm_run(struct vm *v)
{
    while (v->end == VM_RUNS) vm_turn(v, UINT64_MAX);
}
