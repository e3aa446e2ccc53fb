// SPDX-License-Identifier: MIT
// CPUID: what the processor says, less what this machine does not have. It is no row of x86-32.isa,
// since without VMX it is innocuous; VMX makes it exit.

#include "vmm/x86/cpu.h"
#include "vmm/x86/exits/routines.h"
#include "vmm/x86/vmx.h"

// Leaf 1, 7, 0xd, 0x80000001.
enum {
    ECX1_MONITOR = 1 << 3,
    ECX1_VMX = 1 << 5,
    ECX1_SMX = 1 << 6,
    ECX1_EIST = 1 << 7,
    ECX1_TM2 = 1 << 8,
    ECX1_PDCM = 1 << 15,
    ECX1_X2APIC = 1 << 21,
    ECX1_TSC_DEADLINE = 1 << 24,
    ECX1_OSXSAVE = 1 << 27,
    EDX1_APIC = 1 << 9,
    EDX1_MCE = 1 << 7,
    EDX1_MCA = 1 << 14,
    EDX1_DS = 1 << 21,
    EDX1_ACPI = 1 << 22,
    EDX1_TM = 1 << 29,
    EBX7_TSC_ADJUST = 1 << 1,
    EBX7_SGX = 1 << 2,
    EBX7_INVPCID = 1 << 10,
    EBX7_PT = 1 << 25,
    ECX7_WAITPKG = 1 << 5,
    ECX7_CET_SS = 1 << 7,
    ECX7_PKU = 1 << 3,
    ECX7_OSPKE = 1 << 4,
    ECX7_LA57 = 1 << 16,
    ECX7_RDPID = 1 << 22,
    EDX7_CET_IBT = 1 << 20,
    EDX7_SPECULATION = -(1 << 26), // whose MSRs are not there
    EAXD_XSAVES = 1 << 3,
    EDX8_SYSCALL = 1 << 11,
    EDX8_RDTSCP = 1 << 27,
};

static void leaf_1(struct vm *v, struct cpuid *c)
{
    (void)v;
    c->ecx &= ~(uint32_t)(ECX1_MONITOR | ECX1_VMX | ECX1_SMX | ECX1_EIST | ECX1_TM2 | ECX1_PDCM |
                          ECX1_X2APIC | ECX1_TSC_DEADLINE | ECX1_OSXSAVE);
    if (vmcs_read(GUEST_CR4) & CR4_OSXSAVE) c->ecx |= ECX1_OSXSAVE;
    c->edx &= ~(uint32_t)(EDX1_APIC | EDX1_MCE | EDX1_MCA | EDX1_DS | EDX1_ACPI | EDX1_TM);
}

static void leaf_7(struct vm *v, struct cpuid *c)
{
    c->ebx &= ~(uint32_t)(EBX7_TSC_ADJUST | EBX7_SGX | EBX7_PT);
    if (!(v->processor2_controls & PROCESSOR2_INVPCID)) c->ebx &= ~(uint32_t)EBX7_INVPCID;
    c->ecx &= ~(uint32_t)(ECX7_WAITPKG | ECX7_CET_SS | ECX7_OSPKE | ECX7_LA57);
    if (!(v->processor2_controls & PROCESSOR2_RDTSCP)) c->ecx &= ~(uint32_t)ECX7_RDPID;
    if (!(vm_xcr0_offered() & XCR0_PKRU)) c->ecx &= ~(uint32_t)ECX7_PKU;
    if (vmcs_read(GUEST_CR4) & CR4_PKE) c->ecx |= ECX7_OSPKE;
    c->edx &= ~((uint32_t)EDX7_CET_IBT | (uint32_t)EDX7_SPECULATION);
}

// The size of an area with all these state components: each at its place, or (`compacted`) one
// behind the other (SDM 1, 13.4.2, 13.4.3). Computed here, since not all that the processor has is
// offered, and since Bochs 2.7 gives the first size for both.
static uint32_t xsave_size(uint64_t components, bool compacted)
{
    enum { ALIGNED = 1 << 1 };
    uint32_t size = 576; // x87, SSE, the header

    for (uint32_t n = 2; n < 32; n++) {
        if (!(components >> n & 1)) continue;
        const struct cpuid c = cpuid(0xd, n);
        const uint32_t next = c.ecx & ALIGNED ? (size + 63) & ~UINT32_C(63) : size;
        if (compacted)
            size = next + c.eax;
        else if (c.ebx + c.eax > size)
            size = c.ebx + c.eax;
    }
    return size;
}

static void leaf_d(struct vm *v, struct cpuid *c, uint32_t subleaf)
{
    (void)v;
    if (subleaf == 0) {
        c->eax &= (uint32_t)vm_xcr0_offered();
        c->ecx = xsave_size(c->eax, false);
        c->ebx = c->eax == 0 ? 0 : xsave_size(xgetbv(), false);
        c->edx = 0;
    } else if (subleaf == 1) {
        *c = (struct cpuid){.eax = c->eax & ~(uint32_t)EAXD_XSAVES,
                            .ebx = c->eax == 0 ? 0 : xsave_size(xgetbv(), true)};
    } else if (subleaf > 63 || !(vm_xcr0_offered() >> subleaf & 1)) {
        *c = (struct cpuid){0};
    }
}

static void leaf_80000001(struct vm *v, struct cpuid *c)
{
    if (!(v->processor2_controls & PROCESSOR2_RDTSCP)) c->edx &= ~(uint32_t)EDX8_RDTSCP;
    // Intel's processors tell of SYSCALL in 64-bit mode only.
    if (!(vmcs_read(GUEST_CS_RIGHTS) & RIGHTS_L && vmcs_read(GUEST_EFER) & EFER_LMA))
        c->edx &= ~(uint32_t)EDX8_SYSCALL;
}

// v_cpuid: eax, ebx, ecx, edx := leaf eax, subleaf ecx (SDM 2A, CPUID)
enum vm_end v_cpuid(struct vm *v)
{
    const uint32_t leaf = (uint32_t)v->g.r[RAX], subleaf = (uint32_t)v->g.r[RCX];
    struct cpuid c = cpuid(leaf, subleaf);

    switch (leaf) {
    case 0x1: leaf_1(v, &c); break;
    case 0x7:
        if (subleaf == 0) leaf_7(v, &c);
        break;
    case 0x6:  // sensors and power states
    case 0x15: // clock rates: they are measured
    case 0x16:
    case 0xa: c = (struct cpuid){0}; break; // performance counters
    case 0xd: leaf_d(v, &c, subleaf); break;
    case 0x12:                               // SGX
    case 0x14: c = (struct cpuid){0}; break; // processor trace
    case 0x80000001: leaf_80000001(v, &c); break;
    }
    v->g.r[RAX] = c.eax;
    v->g.r[RBX] = c.ebx;
    v->g.r[RCX] = c.ecx;
    v->g.r[RDX] = c.edx;
    vm_advance(v);
    return VM_RUNS;
}
