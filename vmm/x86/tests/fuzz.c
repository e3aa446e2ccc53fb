// SPDX-License-Identifier: MIT
// Machines of random code with the devices of a PC: each lives until it ends or has had its turns.

#include "vmm/x86/tests/fuzz.h"

#include "vmm/x86/cpu.h"
#include "vmm/x86/devices/board.h"
#include "vmm/x86/dispatcher.h"
#include "vmm/x86/print.h"
#include "vmm/x86/scheduler.h"
#include "vmm/x86/tests/fuzz_code.h"
#include "vmm/x86/tests/sharing.h"
#include "vmm/x86/tests/stubs.h"

enum {
    CODE_ROOM = 0x3f00,
    ROUNDS = 40,
    STORM = 200,
    SLICE = 200000,
    RATE = 100000000,
    ENDS = VM_FAILED + 1
};

extern const char image_start[], constants_end[]; // boot/image.ld

struct fuzz {
    struct vm vm;
    struct board board;
    uint8_t code[CODE_ROOM];
    uint64_t random, machines, sent;
    uint64_t exits[EXIT_REASONS], ends[ENDS];
};

static void count_sent(void *of, uint8_t byte)
{
    (void)byte;
    ++*(uint64_t *)of;
}

static void create(struct fuzz *f, const struct capabilities *c)
{
    static const char *const modes[] = {
        [STUB_REAL] = "real", [STUB_PROTECTED] = "protected", [STUB_LONG] = "long"};
    const enum stub_mode mode = (enum stub_mode)(fuzz_random(&f->random) % 3);
    const uint64_t size = fuzz_code(&f->random, mode, f->code, sizeof f->code);
    const struct stub s = {
        .name = "fuzz", .mode = modes[mode], .code = (const char *)f->code, .size = size};

    stub_create(&f->vm, c, &s);
    vm_set_offset(&f->vm, -rdtsc());
    board_open(&f->board, &f->vm, RATE, 0, count_sent, &f->sent);
    f->vm.quiet = true;
    f->machines++;
}

// A machine of the fuzzing guest's, and the other one in turns with it. The exits of the first.
static uint64_t run_one(struct fuzz *f, struct vm *other, const struct capabilities *c)
{
    struct scheduler s = {.slice = SLICE, .longest_sleep = SLICE};
    uint64_t exits = 0;

    create(f, c);
    scheduler_add(&s, &f->vm);
    scheduler_add(&s, other);
    for (unsigned i = 0; i < ROUNDS && f->vm.end == VM_RUNS; i++) scheduler_round(&s);
    vm_destroy(&f->vm);
    for (unsigned i = 0; i < EXIT_REASONS; i++) {
        // One that only exits again and again is no test of many exits.
        exits += f->vm.exits[i] < STORM ? f->vm.exits[i] : STORM;
        f->exits[i] += f->vm.exits[i];
    }
    f->ends[f->vm.end]++;
    return exits;
}

// What nobody may write to: the monitor's code and constants.
static uint64_t digest(void)
{
    uint64_t sum = 0;

    for (const char *p = image_start; p < constants_end; p++) sum = sum * 31 + (uint8_t)*p;
    return sum;
}

static unsigned report_exits(const struct fuzz *f, uint64_t total)
{
    // What random code comes to in some thousand exits, and what in the end.
    static const uint8_t expected[] = {2,  10, 12, 28, 30, 31, 32, 48, 0,  7,  13, 15,
                                       18, 19, 20, 21, 27, 36, 39, 50, 52, 53, 54, 55};
    enum { SOON = 8, SOME = 2500, MANY = 30000 };
    unsigned missing = 0;

    for (unsigned i = 0; i < EXIT_REASONS; i++)
        if (f->exits[i] != 0) print("vtx-fuzz %s %lu\n", exit_name(i), f->exits[i]);
    for (unsigned i = 0; i < ENDS; i++)
        if (f->ends[i] != 0) print("vtx-fuzz-end %s %lu\n", vm_end_name(i), f->ends[i]);
    const unsigned due = total < SOME ? 0 : total < MANY ? SOON : sizeof expected;
    for (unsigned i = 0; i < due; i++) {
        if (f->exits[expected[i]] != 0) continue;
        print("vtx-fuzz-missing %s\n", exit_name(expected[i]));
        missing++;
    }
    const bool ok = missing == 0 && f->ends[VM_FAILED] == 0;
    print("vtx-test fuzz %s exits=%lu machines=%lu missing=%u entries-failed=%lu\n",
          ok ? "ok" : "not-ok:", total, f->machines, missing, f->ends[VM_FAILED]);
    return !ok;
}

unsigned fuzz_run(const struct capabilities *c, uint64_t seed, uint64_t exits)
{
    static struct fuzz f;
    static struct vm other;
    const uint64_t before = digest();
    uint64_t total = 0, others = 0, wrong = 0;
    unsigned failed = 0;

    print("vtx-fuzz-seed %lu\n", seed);
    f.random = seed;
    pattern_create(&other, c, fuzz_random(&f.random));
    while (total < exits || others == 0) {
        total += run_one(&f, &other, c);
        if (other.end == VM_RUNS) continue;
        wrong += other.end != VM_HALTED || other.g.r[RAX] != 0;
        others++;
        vm_destroy(&other);
        pattern_create(&other, c, fuzz_random(&f.random));
    }
    vm_destroy(&other);
    failed += report_exits(&f, total);
    print("vtx-test fuzz.other %s checked=%lu wrong=%lu\n",
          others > 0 && wrong == 0 ? "ok" : "not-ok:", others, wrong);
    failed += others == 0 || wrong != 0;
    const bool same = digest() == before;
    print("vtx-test fuzz.monitor %s\n", same ? "ok" : "not-ok: its code has changed");
    failed += !same;
    print("vtx-tests failed=%u\n", failed);
    return failed;
}
