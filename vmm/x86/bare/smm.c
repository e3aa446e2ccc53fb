// SPDX-License-Identifier: MIT
// Where the code for SMIs is, and what sends them: the interval timer through the I/O APIC, and the
// local APIC (SDM 3A, 10.6.1: the delivery mode; Intel 82093AA, 3.2.4: redirection).

#include "vmm/x86/bare/smm.h"

#include "vmm/guests/memory.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/traps.h"

extern const char smm_start[], smm_end[]; // smm.S

// Exchanged with the state saved; how often.
struct smm_state smm_other;
volatile uint32_t smm_count;

enum { SMRAM = 0xa0000, SMRAM_CODE = SMRAM + 0x8000 };

// The bridge's register of SMRAM (Intel 82441FX, 3.2.17): open to all, or in SMM only.
enum { PCI_ADDRESS = 0xcf8, PCI_DATA = 0xcfc, SMRAM_OPEN = 0x4a, SMRAM_CLOSED = 0x0a };
static const uint32_t smram_register = 0x80000070; // the third of these four bytes

enum { DELIVER_SMI = 2 << 8, LEVEL_ASSERT = 1 << 14 };
enum { TIMER_PIN = 2, TIMER_COUNT = 20000 }; // 1193182 a second

static volatile uint32_t *local_apic(uint32_t at)
{
    return (volatile uint32_t *)((rdmsr(MSR_APIC_BASE) & 0xfffff000) + at);
}

static void io_apic(uint32_t number, uint32_t value)
{
    volatile uint32_t *const registers = (volatile uint32_t *)(uintptr_t)0xfec00000;

    registers[0] = number;
    registers[4] = value;
}

static uint32_t own_id(void)
{
    return *local_apic(0x20) & 0xff000000;
}

void smm_open(void)
{
    out32(PCI_ADDRESS, smram_register);
    out8(PCI_DATA + 2, SMRAM_OPEN);
    memcpy((void *)(uintptr_t)SMRAM_CODE, smm_start, (uint64_t)(smm_end - smm_start));
    out8(PCI_DATA + 2, SMRAM_CLOSED);
    io_apic(0x11 + 2 * TIMER_PIN, own_id());
    io_apic(0x10 + 2 * TIMER_PIN, DELIVER_SMI); // an edge sends it
}

static void set_timer(void)
{
    out8(0x43, 0x30); // channel 0, mode 0: once
    out8(0x40, TIMER_COUNT & 0xff);
    out8(0x40, TIMER_COUNT >> 8);
}

void smm_run(struct smm_state *s)
{
    const uint32_t before = smm_count;

    s->smbase = SMRAM;
    smm_other = *s;
    set_timer();
    *local_apic(0x310) = own_id();
    *local_apic(0x300) = DELIVER_SMI | LEVEL_ASSERT;
    for (unsigned i = 0; i < 1000 && smm_count == before; i++) continue;
    if (smm_count != before + 2) panic("no SMI here, or not where the firmware should send it");
    *s = smm_other;
}
