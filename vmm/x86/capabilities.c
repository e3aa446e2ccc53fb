// SPDX-License-Identifier: MIT
// The capability MSRs (SDM 3D, appendix A), and the refusals.

#include "vmm/x86/capabilities.h"

#include "vmm/x86/cpu.h"
#include "vmm/x86/print.h"

enum {
    CPUID_1_ECX_VMX = 1 << 5,
    EPT_FOUR_LEVELS = 1 << 6,
    EPT_WRITE_BACK = 1 << 14,
    EPT_2MIB = 1 << 16,
    EPT_INVEPT = 1 << 20,
    EPT_INVEPT_ALL = 1 << 26,
};
#define BASIC_TRUE_CONTROLS (UINT64_C(1) << 55)

static struct refusal feature_control(void)
{
    const uint64_t features = rdmsr(MSR_FEATURE_CONTROL);

    if (controls_locked_off(features))
        return (struct refusal){"locked-off", "the firmware has locked VMX off (bit 2 of "
                                              "IA32_FEATURE_CONTROL is 0); turn it on in its "
                                              "set-up, under virtualization or VT-x"};
    if (features & FEATURE_CONTROL_LOCKED) return (struct refusal){0};
    wrmsr(MSR_FEATURE_CONTROL, features | FEATURE_CONTROL_VMX | FEATURE_CONTROL_LOCKED);
    return (struct refusal){0};
}

struct refusal capabilities_read(struct capabilities *c)
{
    *c = (struct capabilities){0};
    if (!(cpuid(1, 0).ecx & CPUID_1_ECX_VMX))
        return (struct refusal){"no-vmx", "this processor has no VMX, or what emulates it offers "
                                          "none; run the image in Bochs (cpu: model=tigerlake) or "
                                          "on a processor with Intel VT-x"};
    const struct refusal locked = feature_control();
    if (locked.word != NULL) return locked;

    c->address_bits = 36;
    if (cpuid(0x80000000, 0).eax >= 0x80000008) c->address_bits = cpuid(0x80000008, 0).eax & 0xff;
    c->basic = rdmsr(MSR_VMX_BASIC);
    c->misc = rdmsr(MSR_VMX_MISC);
    const bool exact = c->basic & BASIC_TRUE_CONTROLS;
    c->words[PIN] = rdmsr(exact ? MSR_VMX_TRUE_PIN : MSR_VMX_PIN);
    c->words[PROCESSOR] = rdmsr(exact ? MSR_VMX_TRUE_PROCESSOR : MSR_VMX_PROCESSOR);
    c->words[EXIT] = rdmsr(exact ? MSR_VMX_TRUE_EXIT : MSR_VMX_EXIT);
    c->words[ENTRY] = rdmsr(exact ? MSR_VMX_TRUE_ENTRY : MSR_VMX_ENTRY);
    if (control_may(c, PROCESSOR, 31)) c->words[PROCESSOR2] = rdmsr(MSR_VMX_PROCESSOR2);
    if (control_may(c, PROCESSOR2, 1) || control_may(c, PROCESSOR2, 5))
        c->ept_vpid = rdmsr(MSR_VMX_EPT_VPID);
    c->cr0_fixed0 = rdmsr(MSR_VMX_CR0_FIXED0);
    c->cr0_fixed1 = rdmsr(MSR_VMX_CR0_FIXED1);
    c->cr4_fixed0 = rdmsr(MSR_VMX_CR4_FIXED0);
    c->cr4_fixed1 = rdmsr(MSR_VMX_CR4_FIXED1);
    return (struct refusal){0};
}

struct refusal capabilities_suffice(const struct capabilities *c)
{
    const uint64_t ept = EPT_FOUR_LEVELS | EPT_WRITE_BACK | EPT_2MIB | EPT_INVEPT | EPT_INVEPT_ALL;

    if (!control_may(c, PROCESSOR2, 1))
        return (struct refusal){"no-ept", "this processor's VMX has no EPT, by which the monitor "
                                          "gives a guest its memory; use a processor of 2010 or "
                                          "later (in Bochs, cpu: model=tigerlake)"};
    if (!control_may(c, PROCESSOR2, 7))
        return (struct refusal){
            "no-unrestricted-guest",
            "this processor's VMX has no unrestricted guest, without which a guest cannot run in "
            "real mode; use a processor of 2010 or later (in Bochs, cpu: model=tigerlake)"};
    if ((c->ept_vpid & ept) != ept)
        return (struct refusal){"ept-lacks", "this processor's EPT has no 2 MiB pages, no "
                                             "write-back tables or no INVEPT; use another one "
                                             "(in Bochs, cpu: model=tigerlake)"};
    const struct control *missing = controls_missing(c);
    if (missing != NULL) return (struct refusal){"no-control", missing->name};
    return (struct refusal){0};
}

static bool is_on(const struct capabilities *c, const struct control *k)
{
    return controls_compute(c, k->word) >> k->bit & 1;
}

void capabilities_print(const struct capabilities *c)
{
    static const char *const wants[] = {
        [OFF] = "off", [WANTED] = "wanted", [PRESUMED] = "presumed", [NEEDED] = "needed"};

    print("VMX revision %x, physical addresses of %u bits, EPT and VPID %lx\n",
          (unsigned)c->basic & 0x7fffffff, c->address_bits, c->ept_vpid);
    print("CR0 must have %lx, may have %lx; CR4 must have %lx, may have %lx\n", c->cr0_fixed0,
          c->cr0_fixed1, c->cr4_fixed0, c->cr4_fixed1);
    print("%-10s  %3s  %-36s  %-6s  %-8s  %s\n", "word", "bit", "control", "may be", "want", "is");
    for (size_t i = 0; i < controls_count; i++) {
        const struct control *k = &controls[i];
        const bool must = control_must(c, k->word, k->bit), may = control_may(c, k->word, k->bit);
        print("%-10s  %3u  %-36s  %-6s  %-8s  %u\n", control_words[k->word], k->bit, k->name,
              must  ? "1"
              : may ? "0, 1"
                    : "0",
              wants[k->want], is_on(c, k));
    }
    for (unsigned word = 0; word < CONTROL_WORDS; word++)
        print("%s = %08x\n", control_words[word], controls_compute(c, word));
}

void capabilities_print_json(const struct capabilities *c)
{
    print("{\"schema\":\"trapeze/vtx-controls/1\",\"controls\":[\n");
    for (size_t i = 0; i < controls_count; i++)
        print("{\"name\":\"%s\",\"on\":%s,\"needed\":%s}%s\n", controls[i].name,
              is_on(c, &controls[i]) ? "true" : "false",
              controls[i].want == NEEDED ? "true" : "false", i + 1 < controls_count ? "," : "");
    print("]}\n");
}
