// SPDX-License-Identifier: MIT
// From modules to virtual machines, and the loop that runs them.

#include "vmm/x86/boot.h"

#include "vmm/x86/allocator.h"
#include "vmm/x86/console.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/devices/board.h"
#include "vmm/x86/dispatcher.h"
#include "vmm/x86/linux.h"
#include "vmm/x86/print.h"
#include "vmm/x86/scheduler.h"
#include "vmm/x86/traps.h"

enum { NAME = 16, MEMORY_DEFAULT = 64, MEMORY_MOST = 1024 };
enum { SLICES_A_SECOND = 100, SLEEPS_A_SECOND = 10 };

struct machine {
    struct vm vm;
    struct board board;
    struct console console;
    struct linux_image image;
    char name[NAME + 1];
    uint64_t memory; // MiB
};

static struct machine machines[SCHEDULED];

// ------------------------------------------------------------------ words

// Whether `text` begins with `word`; then *text is what follows.
static bool skip(const char **text, const char *word)
{
    const char *at = *text;

    while (*word && *at == *word) at++, word++;
    if (*word) return false;
    *text = at;
    return true;
}

static uint64_t number(const char **text)
{
    uint64_t value = 0;

    while (**text >= '0' && **text <= '9' && value < UINT32_MAX)
        value = 10 * value + (uint64_t)(*(*text)++ - '0');
    return value;
}

static void skip_blanks(const char **text)
{
    while (**text == ' ') ++*text;
}

static bool read_text(struct machine *m, const char *text)
{
    unsigned n = 0;

    skip_blanks(&text);
    while (*text && *text != ' ' && n < NAME) m->name[n++] = *text++;
    m->name[n] = 0;
    skip_blanks(&text);
    m->memory = MEMORY_DEFAULT;
    if (skip(&text, "memory=")) m->memory = number(&text);
    skip_blanks(&text);
    m->image.command_line = text;
    return n > 0 && m->memory <= MEMORY_MOST;
}

// ------------------------------------------------------------------ the real machine's time

// The time-stamp counter's rate in Hz, by 50 ms of the interval timer's channel 2.
static uint64_t measure_rate(void)
{
    enum { TICKS = PIT_HZ / 20, GATE = 1, SPEAKER = 2, OUTPUT = 0x20 };

    out8(PIT_SPEAKER_PORT, (uint8_t)((in8(PIT_SPEAKER_PORT) & ~SPEAKER) | GATE));
    out8(PIT_PORT + 3, 0xb0);
    out8(PIT_PORT + 2, TICKS & 0xff);
    out8(PIT_PORT + 2, TICKS >> 8);
    const uint64_t start = rdtsc();
    while (!(in8(PIT_SPEAKER_PORT) & OUTPUT)) continue;
    return (rdtsc() - start) * PIT_HZ / TICKS;
}

static unsigned clock_field(uint8_t index)
{
    out8(CMOS_PORT, index);
    const uint8_t value = in8(CMOS_PORT + 1);
    return (value >> 4) * 10u + (value & 15); // the BIOS keeps it in BCD
}

static uint64_t read_date(void)
{
    struct date first, again;

    do { // the same twice: not in the middle of an update
        first = (struct date){.year = 2000 + clock_field(9),
                              .month = clock_field(8),
                              .day = clock_field(7),
                              .hour = clock_field(4),
                              .minute = clock_field(2),
                              .second = clock_field(0)};
        again.second = clock_field(0);
    } while (first.second != again.second);
    if (first.month < 1 || first.month > 12 || first.day < 1) return 0;
    return date_seconds(&first);
}

// ------------------------------------------------------------------ machines

static unsigned collect(const struct multiboot_information *loaded)
{
    unsigned count = 0;

    if (loaded == NULL || !(loaded->flags & MULTIBOOT_HAS_MODULES)) return 0;
    const struct multiboot_module *m = (void *)(uintptr_t)loaded->modules;
    for (unsigned i = 0; i < loaded->module_count; i++) {
        const char *text = (const char *)(uintptr_t)m[i].text;
        const uint8_t *data = (const uint8_t *)(uintptr_t)m[i].start;
        const uint64_t size = m[i].end - m[i].start;
        if (skip(&text, "initrd")) {
            if (count == 0) return 0;
            machines[count - 1].image.initrd = data;
            machines[count - 1].image.initrd_size = size;
        } else if (count < SCHEDULED) {
            machines[count].image.kernel = data;
            machines[count].image.kernel_size = size;
            if (!read_text(&machines[count++], text)) return 0;
        } else {
            return 0;
        }
    }
    return count;
}

static bool start(struct machine *m, const struct capabilities *c, uint64_t hz, uint64_t date)
{
    const uint64_t least = linux_least_memory(&m->image);

    if (least > m->memory << 20) {
        print("vmm: %s: it needs at least %lu MiB of memory, and has %lu\n", m->name, least >> 20,
              m->memory);
        return false;
    }
    vm_create(&m->vm, c, m->name, m->memory << 20, 0, 0, 0);
    vm_set_offset(&m->vm, -rdtsc());
    const char *why = linux_load(&m->vm, &m->image);
    if (why != NULL) {
        print("vmm: %s: %s\n", m->name, why);
        return false;
    }
    board_open(&m->board, &m->vm, hz, date, console_send, &m->console);
    console_open_terminal(&m->console, &m->vm);
    return true;
}

static unsigned report(unsigned count)
{
    static char exits[512];
    unsigned bad = 0;

    console_drain();
    for (unsigned i = 0; i < count; i++) {
        const struct vm *const v = &machines[i].vm;
        exits_text(v, exits, sizeof exits);
        print("\nvtx-vm %s end=%s seconds=%lu turns=%lu exits=%s\n", v->name, vm_end_name(v->end),
              vm_time(v) / machines[i].board.clock.hz, v->turns, exits);
        bad += v->end != VM_OFF && v->end != VM_HALTED && v->end != VM_RUNS;
    }
    return bad;
}

unsigned boot_run(const struct capabilities *c, const char *options,
                  const struct multiboot_information *loaded)
{
    struct scheduler s = {0};
    uint64_t until = 0, vga = 0, shown = 0;

    while (*options) {
        if (skip(&options, "until="))
            until = number(&options);
        else if (skip(&options, "vga="))
            vga = number(&options);
        if (*options && *options != ' ') {
            print("vmm: boot: found '%s', expected until=SECONDS or vga=SECONDS\n", options);
            return 2;
        }
        skip_blanks(&options);
    }
    const unsigned count = collect(loaded);
    if (count == 0) {
        print("vmm: boot: no kernels were loaded, or more than %u, or one whose text is not "
              "'NAME memory=MIB COMMAND LINE' with at most %u MiB\n",
              (unsigned)SCHEDULED, (unsigned)MEMORY_MOST);
        return 2;
    }
    const uint64_t hz = measure_rate(), date = read_date(), begin = rdtsc();
    s.slice = hz / SLICES_A_SECOND;
    s.longest_sleep = hz / SLEEPS_A_SECOND;
    for (unsigned i = 0; i < count; i++) {
        if (!start(&machines[i], c, hz, date)) return 2;
        scheduler_add(&s, &machines[i].vm);
    }
    while (scheduler_round(&s) && !console_is_over()) {
        console_serve();
        const uint64_t seconds = (rdtsc() - begin) / hz;
        if (vga != 0 && seconds / vga > shown) {
            shown = seconds / vga;
            console_drain();
            print("\nvtx-vga at=%lu\n", seconds);
            for (unsigned i = 0; i < count; i++) console_print_vga(&machines[i].vm);
        }
        if (until != 0 && seconds >= until) break;
    }
    return report(count) > 0;
}

unsigned boot_bare(const struct multiboot_information *loaded)
{
    const unsigned count = collect(loaded);

    if (count != 1) {
        print("vmm: bare: %u kernels were loaded, expected 1\n", count);
        return 2;
    }
    print("vmm: %s starts on the real machine\n", machines[0].name);
    print_flush();
    const char *why = linux_start_bare(&machines[0].image, machines[0].memory << 20);
    print("vmm: bare: %s: %s\n", machines[0].name, why);
    return 2;
}
