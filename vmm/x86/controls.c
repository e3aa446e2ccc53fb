// SPDX-License-Identifier: MIT
// The table of controls (SDM 3C, 24.6 to 24.8), and the words computed from it.

#include "vmm/x86/controls.h"

const char *const control_words[CONTROL_WORDS] = {
    [PIN] = "pin",   [PROCESSOR] = "processor", [PROCESSOR2] = "processor2",
    [EXIT] = "exit", [ENTRY] = "entry",
};

const struct control controls[] = {
    {PIN, 0, NEEDED, "external-interrupt exiting"},
    {PIN, 3, NEEDED, "NMI exiting"},
    {PIN, 5, WANTED, "virtual NMIs"},
    {PIN, 6, OFF, "activate VMX-preemption timer"}, // on while virtual machines take turns
    {PIN, 7, OFF, "process posted interrupts"},

    {PROCESSOR, 2, OFF, "interrupt-window exiting"}, // on while an interrupt waits
    {PROCESSOR, 3, NEEDED, "use TSC offsetting"},
    {PROCESSOR, 7, NEEDED, "HLT exiting"},
    {PROCESSOR, 9, OFF, "INVLPG exiting"},
    {PROCESSOR, 10, NEEDED, "MWAIT exiting"},
    {PROCESSOR, 11, NEEDED, "RDPMC exiting"},
    {PROCESSOR, 12, OFF, "RDTSC exiting"},
    {PROCESSOR, 15, OFF, "CR3-load exiting"},
    {PROCESSOR, 16, OFF, "CR3-store exiting"},
    {PROCESSOR, 19, NEEDED, "CR8-load exiting"},
    {PROCESSOR, 20, NEEDED, "CR8-store exiting"},
    {PROCESSOR, 21, OFF, "use TPR shadow"},
    {PROCESSOR, 22, OFF, "NMI-window exiting"},
    {PROCESSOR, 23, OFF, "MOV-DR exiting"},
    {PROCESSOR, 24, OFF, "unconditional I/O exiting"},
    {PROCESSOR, 25, NEEDED, "use I/O bitmaps"},
    {PROCESSOR, 27, OFF, "monitor trap flag"},
    {PROCESSOR, 28, PRESUMED, "use MSR bitmaps"},
    {PROCESSOR, 29, NEEDED, "MONITOR exiting"},
    {PROCESSOR, 30, OFF, "PAUSE exiting"},
    {PROCESSOR, 31, NEEDED, "activate secondary controls"},

    {PROCESSOR2, 0, OFF, "virtualize APIC accesses"},
    {PROCESSOR2, 1, NEEDED, "enable EPT"},
    {PROCESSOR2, 2, OFF, "descriptor-table exiting"},
    {PROCESSOR2, 3, WANTED, "enable RDTSCP"},
    {PROCESSOR2, 4, OFF, "virtualize x2APIC mode"},
    {PROCESSOR2, 5, WANTED, "enable VPID"},
    {PROCESSOR2, 6, NEEDED, "WBINVD exiting"},
    {PROCESSOR2, 7, NEEDED, "unrestricted guest"},
    {PROCESSOR2, 8, OFF, "APIC-register virtualization"},
    {PROCESSOR2, 9, OFF, "virtual-interrupt delivery"},
    {PROCESSOR2, 10, OFF, "PAUSE-loop exiting"},
    {PROCESSOR2, 11, OFF, "RDRAND exiting"},
    {PROCESSOR2, 12, WANTED, "enable INVPCID"},
    {PROCESSOR2, 13, OFF, "enable VM functions"},
    {PROCESSOR2, 14, OFF, "VMCS shadowing"},
    {PROCESSOR2, 15, OFF, "enable ENCLS exiting"},
    {PROCESSOR2, 16, OFF, "RDSEED exiting"},
    {PROCESSOR2, 17, OFF, "enable PML"},
    {PROCESSOR2, 18, OFF, "EPT-violation #VE"},
    {PROCESSOR2, 20, OFF, "enable XSAVES/XRSTORS"},
    {PROCESSOR2, 22, OFF, "mode-based execute control for EPT"},
    {PROCESSOR2, 25, OFF, "use TSC scaling"},
    {PROCESSOR2, 26, OFF, "enable user wait and pause"},

    {EXIT, 2, NEEDED, "save debug controls"},
    {EXIT, 9, NEEDED, "host address-space size"},
    {EXIT, 12, OFF, "load IA32_PERF_GLOBAL_CTRL on exit"},
    {EXIT, 15, PRESUMED, "acknowledge interrupt on exit"},
    {EXIT, 18, NEEDED, "save IA32_PAT"},
    {EXIT, 19, NEEDED, "load IA32_PAT on exit"},
    {EXIT, 20, NEEDED, "save IA32_EFER"},
    {EXIT, 21, NEEDED, "load IA32_EFER on exit"},
    {EXIT, 22, OFF, "save VMX-preemption timer value"}, // each entry sets it

    {ENTRY, 2, NEEDED, "load debug controls"},
    {ENTRY, 9, OFF, "IA-32e mode guest"}, // as the guest's EFER.LMA is
    {ENTRY, 10, OFF, "entry to SMM"},
    {ENTRY, 11, OFF, "deactivate dual-monitor treatment"},
    {ENTRY, 13, OFF, "load IA32_PERF_GLOBAL_CTRL on entry"},
    {ENTRY, 14, NEEDED, "load IA32_PAT on entry"},
    {ENTRY, 15, NEEDED, "load IA32_EFER on entry"},
};

const size_t controls_count = sizeof controls / sizeof controls[0];

bool control_must(const struct capabilities *c, enum control_word word, unsigned bit)
{
    return c->words[word] >> bit & 1;
}

bool control_may(const struct capabilities *c, enum control_word word, unsigned bit)
{
    return c->words[word] >> (32 + bit) & 1;
}

uint32_t controls_compute(const struct capabilities *c, enum control_word word)
{
    uint32_t wanted = 0;

    for (size_t i = 0; i < controls_count; i++)
        if (controls[i].word == word && controls[i].want != OFF) wanted |= 1u << controls[i].bit;
    return (wanted | (uint32_t)c->words[word]) & (uint32_t)(c->words[word] >> 32);
}

const struct control *controls_missing(const struct capabilities *c)
{
    for (size_t i = 0; i < controls_count; i++)
        if (controls[i].want >= PRESUMED && !control_may(c, controls[i].word, controls[i].bit))
            return &controls[i];
    return NULL;
}

bool controls_locked_off(uint64_t feature_control)
{
    enum { LOCKED = 1 << 0, VMX_OUTSIDE_SMX = 1 << 2 };

    return feature_control & LOCKED && !(feature_control & VMX_OUTSIDE_SMX);
}
