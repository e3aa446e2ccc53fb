// SPDX-License-Identifier: MIT
// Where the monitor begins: looks at the processor, and does what the command line says.

#include "vmm/x86/boot.h"
#include "vmm/x86/boot/multiboot.h"
#include "vmm/x86/capabilities.h"
#include "vmm/x86/allocator.h"
#include "vmm/x86/demo.h"
#include "vmm/x86/print.h"
#include "vmm/x86/scheduler.h"
#include "vmm/x86/shutdown.h"
#include "vmm/x86/tests/doctor.h"
#include "vmm/x86/tests/fuzz.h"
#include "vmm/x86/tests/sharing.h"
#include "vmm/x86/tests/stubs.h"
#include "vmm/x86/traps.h"
#include "vmm/x86/vmx.h"

extern const char bss_end[]; // boot/image.ld

// Called by boot/entry.S; does not return.
void monitor_main(uint32_t magic, const struct multiboot_information *information);

struct command {
    const char *name, *what;
    bool needs_all; // of what the monitor needs; else VMX is enough
    unsigned (*run)(const struct capabilities *c, const char *argument);
};

static unsigned command_capabilities(const struct capabilities *c, const char *argument)
{
    (void)argument;
    capabilities_print(c);
    return 0;
}

static unsigned command_controls(const struct capabilities *c, const char *argument)
{
    (void)argument;
    capabilities_print_json(c);
    return 0;
}

static unsigned command_test(const struct capabilities *c, const char *argument)
{
    vmx_open(c);
    return stubs_run(c, argument) > 0;
}

static unsigned command_doctor(const struct capabilities *c, const char *argument)
{
    vmx_open(c);
    return doctor_run(c, argument) > 0;
}

static void refuse(struct refusal r)
{
    if (r.word == NULL) return;
    print("vmm: %s\nvtx-refused %s\n", r.text, r.word);
    shutdown(2);
}

static void refuse_without_timer(const struct capabilities *c)
{
    if (!scheduler_possible(c))
        refuse((struct refusal){"no-preemption-timer",
                                "this processor's VMX has no preemption timer, by which virtual "
                                "machines take turns; use another one (in Bochs, cpu: "
                                "model=tigerlake)"});
}

static unsigned command_share(const struct capabilities *c, const char *argument)
{
    (void)argument;
    refuse_without_timer(c);
    vmx_open(c);
    return sharing_run(c) > 0;
}

static const struct multiboot_information *loaded; // null: by no such loader

static unsigned command_boot(const struct capabilities *c, const char *argument)
{
    refuse_without_timer(c);
    vmx_open(c);
    return boot_run(c, argument, loaded);
}

// SEED and EXITS, both decimal.
static unsigned command_fuzz(const struct capabilities *c, const char *argument)
{
    uint64_t numbers[2] = {0};
    unsigned count = 0;

    while (*argument >= '0' && *argument <= '9' && count < 2) {
        while (*argument >= '0' && *argument <= '9')
            numbers[count] = 10 * numbers[count] + (uint64_t)(*argument++ - '0');
        while (*argument == ' ') argument++;
        count++;
    }
    if (count < 2 || *argument) {
        print("vmm: fuzz: expected SEED EXITS, two numbers\n");
        return 2;
    }
    refuse_without_timer(c);
    vmx_open(c);
    return fuzz_run(c, numbers[0], numbers[1]) > 0;
}

static unsigned command_bare(const struct capabilities *c, const char *argument)
{
    (void)c, (void)argument;
    return boot_bare(loaded);
}

static unsigned command_demo(const struct capabilities *c, const char *argument)
{
    (void)argument;
    vmx_open(c);
    return !demo_run(c);
}

static const struct command commands[] = {
    {"capabilities", "the controls that the processor has", false, command_capabilities},
    {"controls", "the same as JSON", true, command_controls},
    {"demo", "a guest from real mode to 64-bit mode, and its exits", true, command_demo},
    {"test", "guests of a few instructions each; those whose names begin so", true, command_test},
    {"doctor", "states that the processor refuses, and what the doctor says", true, command_doctor},
    {"boot", "the systems that were loaded beside it, each in a machine of its own", true,
     command_boot},
    {"bare", "the system that was loaded beside it, on the real machine", false, command_bare},
    {"fuzz", "a guest of random code beside one that checks itself; SEED EXITS", true,
     command_fuzz},
    {"share", "guests that check their memory, in turns", true, command_share},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

// Whether the first word of `text` is `name`; then *rest is what follows the blanks behind it.
static bool word_is(const char *text, const char *name, const char **rest)
{
    while (*name && *text == *name) text++, name++;
    if (*name || (*text && *text != ' ')) return false;
    while (*text == ' ') text++;
    *rest = text;
    return true;
}

void monitor_main(uint32_t magic, const struct multiboot_information *information)
{
    struct capabilities c;
    const char *line = "";

    print_open();
    traps_open();
    // Memory that page tables reach, and that no boot sector's buffers are in.
    if (magic == MULTIBOOT_LOADED && information->flags & MULTIBOOT_HAS_MEMORY) {
        const uint64_t end = ((uint64_t)information->memory_upper + 1024) << 10;
        uint64_t start = (uint64_t)bss_end;
        loaded = information;
        if (information->flags & MULTIBOOT_HAS_MODULES) {
            const struct multiboot_module *m = (void *)(uintptr_t)information->modules;
            for (unsigned i = 0; i < information->module_count; i++)
                if (m[i].end > start) start = m[i].end;
        }
        allocator_open(start, end < UINT64_C(3) << 30 ? end : UINT64_C(3) << 30);
    }
    if (magic == MULTIBOOT_LOADED && information->flags & MULTIBOOT_HAS_COMMAND_LINE)
        line = (const char *)(uintptr_t)information->command_line;
    while (*line && *line != ' ') line++; // the image's name
    while (*line == ' ') line++;

    for (const struct command *k = commands; k < commands + COMMANDS; k++) {
        const char *argument;
        if (!word_is(line, k->name, &argument)) continue;
        refuse(capabilities_read(&c));
        if (k->needs_all) refuse(capabilities_suffice(&c));
        shutdown(k->run(&c, argument));
    }
    print("vmm: the command line says '%s'; say one of\n", line);
    for (const struct command *k = commands; k < commands + COMMANDS; k++)
        print("  %-14s %s\n", k->name, k->what);
    shutdown(2);
}
